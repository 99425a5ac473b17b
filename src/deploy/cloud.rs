//! What is asked of AWS, in the words of its services: each function is one call of the aws CLI.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::aws::{Aws, Call};
use super::events::Page;
use super::failure::Failure;
use super::order::Order;
use super::plan::{self, Progress};

/// Calls that change something are given more time than questions.
pub(super) const MUTATION: Duration = Duration::from_secs(120);

/// Pages of events that are read at most: 100 events each.
const MAX_PAGES: usize = 50;

/// Answers, or why there is none.
pub type Result<T> = std::result::Result<T, Failure>;

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The number of the account.
    pub account: String,
    /// Who in it.
    pub arn: String,
}

/// A stack that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Its ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `CREATE_COMPLETE`
    pub status: String,
    /// Why it has this status.
    pub reason: String,
    /// What it gives out.
    pub outputs: Vec<(String, String)>,
    /// Its parameters and their values; those of secrets are hidden by AWS.
    pub parameters: BTreeMap<String, String>,
    /// Whether it may not be deleted.
    pub protected: bool,
}

impl Stack {
    /// The values of its parameters, but for those that AWS hides.
    pub fn values(&self) -> impl Iterator<Item = (&String, &String)> {
        self.parameters.iter().filter(|(_, value)| *value != "****")
    }
}

/// AWS, through its CLI.
#[derive(Clone, Copy, Debug)]
pub struct Cloud<'a>(pub &'a Aws);

/// A text of an answer; empty where it has none.
fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A list of an answer; empty where it has none.
fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

impl Cloud<'_> {
    /// Who calls.
    ///
    /// # Errors
    /// Those of the call.
    pub fn identity(self) -> Result<Identity> {
        let answer = self.0.call(&Call::new("sts", "get-caller-identity"))?;
        Ok(Identity { account: text(&answer, "Account"), arn: text(&answer, "Arn") })
    }

    /// A stack by its name or id; `None` where there is none, or it is deleted.
    ///
    /// # Errors
    /// Those of the call.
    pub fn stack(self, name: &str) -> Result<Option<Stack>> {
        let answer =
            match self.0.call(&Call::new("cloudformation", "describe-stacks").with("--stack-name", name)) {
                Err(failure) if failure.is_no_stack() => return Ok(None),
                res => res?,
            };
        let Some(stack) = list(&answer, "Stacks").next() else { return Ok(None) };
        Ok(Some(Stack {
            id: text(stack, "StackId"),
            name: text(stack, "StackName"),
            status: text(stack, "StackStatus"),
            reason: text(stack, "StackStatusReason"),
            outputs: list(stack, "Outputs")
                .map(|it| (text(it, "OutputKey"), text(it, "OutputValue")))
                .collect(),
            parameters: list(stack, "Parameters")
                .map(|it| (text(it, "ParameterKey"), text(it, "ParameterValue")))
                .collect(),
            protected: stack.get("EnableTerminationProtection").and_then(Value::as_bool).unwrap_or(false),
        })
        .filter(|it| it.status != "DELETE_COMPLETE"))
    }

    /// The newest events of a stack, one page.
    ///
    /// # Errors
    /// Those of the call.
    pub fn events(self, stack: &str, next: Option<&str>) -> Result<Page> {
        let mut call = Call::new("cloudformation", "describe-stack-events")
            .with("--stack-name", stack)
            .flag("--no-paginate");
        if let Some(next) = next {
            call = call.with("--next-token", next);
        }
        Ok(Page::read(&self.0.call(&call)?))
    }

    /// The events of a stack, oldest first, back to the page of which `known` says that it is enough.
    ///
    /// # Errors
    /// Those of the calls.
    pub fn events_until(
        self,
        stack: &str,
        known: impl Fn(&Page) -> bool,
    ) -> Result<Vec<super::events::Event>> {
        let mut pages = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let page = self.events(stack, next.as_deref())?;
            let enough = known(&page);
            next.clone_from(&page.next);
            pages.push(page.events);
            if enough || next.is_none() {
                break;
            }
        }
        Ok(pages.into_iter().rev().flatten().collect())
    }

    /// The ids at AWS of what a stack is made of, by logical id.
    ///
    /// # Errors
    /// Those of the call.
    pub fn resources(self, stack: &str) -> Result<BTreeMap<String, Made>> {
        let call = Call::new("cloudformation", "list-stack-resources").with("--stack-name", stack);
        let answer = self.0.call(&call)?;
        let made = |it: &Value| Made {
            type_name: text(it, "ResourceType"),
            physical: text(it, "PhysicalResourceId"),
            status: text(it, "ResourceStatus"),
        };
        Ok(list(&answer, "StackResourceSummaries")
            .map(|it| (text(it, "LogicalResourceId"), made(it)))
            .collect())
    }

    /// The template of a stack, as it was handed over.
    ///
    /// # Errors
    /// Those of the call.
    pub fn template(self, stack: &str) -> Result<String> {
        let call = Call::new("cloudformation", "get-template").with("--stack-name", stack);
        let answer = self.0.call(&call)?;
        Ok(match answer.get("TemplateBody") {
            Some(Value::String(it)) => it.clone(),
            Some(it) => format!("{it:#}"),
            None => String::new(),
        })
    }

    /// Asks for a change set; gives the ids of the stack and of the change set.
    ///
    /// # Errors
    /// Those of the call.
    pub fn order(self, order: &Order<'_>) -> Result<(String, String)> {
        let answer = self.0.call(&order.call())?;
        Ok((text(&answer, "StackId"), text(&answer, "Id")))
    }

    /// How far a change set is.
    ///
    /// # Errors
    /// Those of the call.
    pub fn change_set(self, id: &str) -> Result<Progress> {
        let call = Call::new("cloudformation", "describe-change-set").with("--change-set-name", id);
        Ok(plan::read(&[self.0.call(&call)?]))
    }

    /// What CloudFormation found in a change set before it did anything.
    ///
    /// # Errors
    /// Those of the call; an older CLI does not know it.
    pub fn validation(self, id: &str) -> Result<Vec<plan::Refusal>> {
        let call = Call::new("cloudformation", "describe-events")
            .with("--change-set-name", id)
            .with("--filters", "FailedEvents=true");
        let answer = self.0.call(&call)?;
        Ok(list(&answer, "OperationEvents").filter_map(plan::Refusal::read).collect())
    }

    /// Executes a change set.
    ///
    /// # Errors
    /// Those of the call.
    pub fn execute(self, id: &str, token: &str, keeps: bool) -> Result<()> {
        self.0.call(&execution(id, token, keeps)).map(drop)
    }

    /// Deletes a change set.
    ///
    /// # Errors
    /// Those of the call.
    pub fn drop_change_set(self, id: &str) -> Result<()> {
        let call = Call::new("cloudformation", "delete-change-set").with("--change-set-name", id);
        self.0.call(&call.within(MUTATION)).map(drop)
    }

    /// Begins to delete a stack; what is named in `retain` stays.
    ///
    /// # Errors
    /// Those of the call.
    pub fn delete(self, stack: &str, token: &str, retain: &[String], role: Option<&str>) -> Result<()> {
        let mut call = Call::new("cloudformation", "delete-stack")
            .with("--stack-name", stack)
            .with("--client-request-token", token);
        if !retain.is_empty() {
            call = retain.iter().fold(call.flag("--retain-resources"), |call, it| call.flag(it));
        }
        if let Some(role) = role {
            call = call.with("--role-arn", role);
        }
        self.0.call(&call.within(MUTATION)).map(drop)
    }

    /// Stops an update: it is rolled back.
    ///
    /// # Errors
    /// Those of the call.
    pub fn cancel_update(self, stack: &str, token: &str) -> Result<()> {
        let call = Call::new("cloudformation", "cancel-update-stack")
            .with("--stack-name", stack)
            .with("--client-request-token", token);
        self.0.call(&call.within(MUTATION)).map(drop)
    }

    /// Puts a file into a bucket.
    ///
    /// # Errors
    /// Those of the call.
    pub fn upload(self, bucket: &str, key: &str, file: &Path) -> Result<()> {
        self.0.call(&upload(bucket, key, file)).map(drop)
    }

    /// The URL of an object in a bucket of the region: the host without one does not know the buckets of regions that
    /// were opened after 2019, and with the bucket's name in it a dot in that name has no certificate (virtual hosting
    /// in the S3 user guide).
    #[must_use]
    pub fn url(self, bucket: &str, key: &str) -> String {
        let host = match self.0.region.as_deref() {
            Some(region) if region.starts_with("cn-") => format!("s3.{region}.amazonaws.com.cn"),
            Some(region) => format!("s3.{region}.amazonaws.com"),
            None => "s3.amazonaws.com".to_owned(),
        };
        format!("https://{host}/{bucket}/{key}")
    }

    /// Whether the account has a key pair of this name in the region.
    ///
    /// # Errors
    /// Those of the call.
    pub fn has_key_pair(self, name: &str) -> Result<bool> {
        match self.0.call(&Call::new("ec2", "describe-key-pairs").with("--key-names", name)) {
            Err(failure) if failure.code == "InvalidKeyPair.NotFound" => Ok(false),
            res => res.map(|_| true),
        }
    }

    /// The names, of those given (ten at most), that the parameter store does not know.
    ///
    /// # Errors
    /// Those of the call.
    pub fn unknown_parameters(self, names: &[&str]) -> Result<Vec<String>> {
        let call = Call::new("ssm", "get-parameters").flag("--names");
        let call = names.iter().fold(call, |call, it| call.flag(it));
        let answer = self.0.call(&call)?;
        Ok(list(&answer, "InvalidParameters").filter_map(|it| it.as_str().map(str::to_owned)).collect())
    }

    /// What an Auto Scaling group did of late, also one that is gone, as AWS answers.
    ///
    /// # Errors
    /// Those of the call.
    pub fn activities(self, group: &str) -> Result<Value> {
        let call = Call::new("autoscaling", "describe-scaling-activities")
            .with("--auto-scaling-group-name", group)
            .flag("--include-deleted-groups")
            .with("--max-items", "20");
        self.0.call(&call)
    }

    /// The Auto Scaling groups of these names.
    ///
    /// # Errors
    /// Those of the call.
    pub fn groups(self, names: &[&str]) -> Result<Vec<Group>> {
        let call =
            Call::new("autoscaling", "describe-auto-scaling-groups").flag("--auto-scaling-group-names");
        let call = names.iter().fold(call, |call, it| call.flag(it));
        let answer = self.0.call(&call)?;
        let one = |it: &Value| Group {
            name: text(it, "AutoScalingGroupName"),
            desired: it.get("DesiredCapacity").and_then(Value::as_u64).unwrap_or(0),
            instances: list(it, "Instances").map(|it| text(it, "InstanceId")).collect(),
        };
        Ok(list(&answer, "AutoScalingGroups").map(one).collect())
    }

    /// Sets a group to no instance.
    ///
    /// # Errors
    /// Those of the call.
    pub fn empty_group(self, name: &str) -> Result<()> {
        let call = Call::new("autoscaling", "update-auto-scaling-group")
            .with("--auto-scaling-group-name", name)
            .with("--min-size", "0")
            .with("--desired-capacity", "0");
        self.0.call(&call.within(MUTATION)).map(drop)
    }

    /// Instances, as AWS answers.
    ///
    /// # Errors
    /// Those of the call.
    pub fn instances(self, ids: &[String]) -> Result<Value> {
        let call = Call::new("ec2", "describe-instances").flag("--instance-ids");
        self.0.call(&ids.iter().fold(call, |call, it| call.flag(it)))
    }

    /// Whether instances pass their status checks, as AWS answers; also those that do not run.
    ///
    /// # Errors
    /// Those of the call.
    pub fn statuses(self, ids: &[String]) -> Result<Value> {
        let call = Call::new("ec2", "describe-instance-status").flag("--include-all-instances");
        self.0.call(&ids.iter().fold(call.flag("--instance-ids"), |call, it| call.flag(it)))
    }

    /// What an instance has written to its console so far, as AWS answers.
    ///
    /// # Errors
    /// Those of the call.
    pub fn console(self, instance: &str) -> Result<Value> {
        self.0.call(&Call::new("ec2", "get-console-output").with("--instance-id", instance))
    }

    /// The instances that are registered in a cluster; none where there is no such cluster.
    ///
    /// # Errors
    /// Those of the calls.
    pub fn container_instances(self, cluster: &str) -> Result<Vec<ContainerInstance>> {
        let call = Call::new("ecs", "list-container-instances").with("--cluster", cluster);
        let answer = match self.0.call(&call) {
            Err(failure) if failure.code == "ClusterNotFoundException" => return Ok(Vec::new()),
            res => res?,
        };
        let arns: Vec<_> = list(&answer, "containerInstanceArns").filter_map(Value::as_str).collect();
        let mut res = Vec::new();
        // One call takes a hundred.
        for arns in arns.chunks(100) {
            let call = Call::new("ecs", "describe-container-instances")
                .with("--cluster", cluster)
                .flag("--container-instances");
            let answer = self.0.call(&arns.iter().fold(call, |call, it| call.flag(it)))?;
            res.extend(list(&answer, "containerInstances").map(|it| ContainerInstance {
                instance: text(it, "ec2InstanceId"),
                connected: it.get("agentConnected").and_then(Value::as_bool).unwrap_or(false),
            }));
        }
        Ok(res)
    }
}

/// The call that puts a file into a bucket.
#[must_use]
pub fn upload(bucket: &str, key: &str, file: &Path) -> Call {
    let call = Call::new("s3api", "put-object").with("--bucket", bucket).with("--key", key);
    call.with("--body", file.display().to_string()).within(MUTATION)
}

/// The call that executes a change set.
#[must_use]
pub fn execution(id: &str, token: &str, keeps: bool) -> Call {
    let call = Call::new("cloudformation", "execute-change-set")
        .with("--change-set-name", id)
        .with("--client-request-token", token)
        .within(MUTATION);
    if keeps { call.flag("--disable-rollback") } else { call }
}

/// A resource as AWS has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its type.
    pub type_name: String,
    /// Its id at AWS.
    pub physical: String,
    /// `CREATE_COMPLETE`
    pub status: String,
}

/// An Auto Scaling group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How many instances it is to have.
    pub desired: u64,
    /// The ids of those that it has.
    pub instances: Vec<String>,
}

/// An instance that is registered in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerInstance {
    /// `i-0f3c9a7b2d1e4c5a6`
    pub instance: String,
    /// Whether its agent is there at the moment.
    pub connected: bool,
}
