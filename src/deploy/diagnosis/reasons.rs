//! What CloudFormation says of a resource that it could not create, update or delete.

use super::first::First;
use super::kind::Kind;
use super::sight::Sight;
use super::{Found, Place, launch, words};

/// The property that gives a resource its name, by type: what is taken already.
const NAMES: [(&str, &str); 22] = [
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Policy", "PolicyName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::ECS::Cluster", "ClusterName"),
    ("AWS::ECS::Service", "ServiceName"),
    ("AWS::ECS::CapacityProvider", "Name"),
    ("AWS::ECR::Repository", "RepositoryName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
    ("AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateName"),
    ("AWS::EC2::SecurityGroup", "GroupName"),
    ("AWS::EC2::KeyPair", "KeyName"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::SSM::Parameter", "Name"),
];

/// Types that start instances: what EC2 says of a launch stands in their events.
const STARTERS: [&str; 6] = [
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::EC2::SpotFleet",
    "AWS::EC2::EC2Fleet",
];

/// Reads the reason of the first cause. Always says something, if only what AWS said.
pub(super) fn read(first: &First<'_>, sight: Option<&Sight<'_, '_>>) -> Found {
    let (id, reason) = (first.event.resource.as_str(), first.event.reason.as_str());
    let case = Case { id, type_name: &first.event.type_name, reason, lower: reason.to_lowercase(), sight };
    let by_hand = ["User Initiated", "Rollback requested by user"].iter().any(|it| reason.starts_with(it));
    if first.event.is_cancelled() || first.event.of_stack && by_hand {
        let cause = "somebody stopped it: nothing in it had failed on its own";
        return Found::new(Kind::Stopped, cause, Vec::new()).next("run the same command again");
    }
    if first.event.status.starts_with("DELETE") {
        return case.deletion().unwrap_or_else(|| case.said());
    }
    case.creation().unwrap_or_else(|| case.said())
}

struct Case<'c, 't> {
    id: &'c str,
    type_name: &'c str,
    reason: &'c str,
    lower: String,
    sight: Option<&'c Sight<'c, 't>>,
}

impl Case<'_, '_> {
    fn has(&self, parts: &[&str]) -> bool {
        parts.iter().any(|it| self.lower.contains(it))
    }

    /// The value of a property of the resource, else its logical id.
    fn at(&self, names: &[&str], label: impl Into<String>) -> Vec<Place> {
        let span = self.sight.and_then(|it| it.property(self.id, names).or_else(|| it.key(self.id)));
        span.map(|it| Place::new(it, label)).into_iter().collect()
    }

    fn creation(&self) -> Option<Found> {
        if self.has(&["launch configuration"])
            && self.has(&["not available in your account", "not available for"])
        {
            let span = self.sight.and_then(|it| it.type_of(self.id));
            let places = span.map(|it| Place::new(it, "not available in this account"));
            let cause =
                "this account cannot create launch configurations: those opened since October 2024 cannot";
            return Some(Found::new(Kind::LaunchConfiguration, cause, places.into_iter().collect()).next(
                "write an AWS::EC2::LaunchTemplate: `ecslint check --select ECS701` shows what this one becomes",
            ));
        }
        if self.has(&["already exists", "already in use", "alreadyexists", "already owned"]) {
            return Some(self.taken());
        }
        if self.has(&["unable to assume the service linked role", "service linked role"]) {
            let cause = "the account had no service-linked role for ECS yet: the first use of ECS makes it";
            return Some(
                Found::new(Kind::AwsFault, cause, self.at(&[], "came before the role"))
                    .next("run the same command again, in a minute"),
            );
        }
        if let Some(found) = self.denied() {
            return Some(found);
        }
        if self.type_name == "AWS::ECS::Service"
            && self.has(&["stabilize", "steady state", "circuit breaker", "exceeded attempts to wait"])
        {
            let cause = "the tasks of the service did not come up: the service waits for them";
            return Some(Found::new(Kind::Service, cause, self.at(&[], "waits for its tasks")).next(
                "look why tasks stop: `aws ecs describe-services`, its events, and `aws ecs list-tasks --desired-status STOPPED`",
            ));
        }
        let fleet = self.sight.and_then(|it| it.fleet(self.id));
        if STARTERS.contains(&self.type_name)
            && let Some(found) = launch::read(words::message(self.reason), fleet)
        {
            return Some(found);
        }
        if self.has(&["limit", "maximum number of", "quota"]) && self.has(&["exceed", "reached", "maximum"]) {
            let cause = format!("the account has as many as it may of {}", self.type_name);
            let span = self.sight.and_then(|it| it.type_of(self.id));
            let places = span.map(|it| Place::new(it, "the account may not have one more"));
            return Some(
                Found::new(Kind::Quota, cause, places.into_iter().collect())
                    .next("delete what is not used, or ask for more (Service Quotas)"),
            );
        }
        if self.has(&[
            "rate exceeded",
            "throttl",
            "internalfailure",
            "internal failure",
            "service unavailable",
            "serviceinternalerror",
        ]) {
            let cause = "AWS itself failed; the template has no part in it";
            return Some(
                Found::new(Kind::AwsFault, cause, self.at(&[], "not made"))
                    .next("run the same command again"),
            );
        }
        if self.has(&["no export named"]) {
            let cause = words::message(self.reason).to_owned();
            return Some(
                Found::new(Kind::Property, cause, Vec::new())
                    .next("deploy the stack that exports it first, in the same region"),
            );
        }
        self.property()
    }

    /// What it is to be called is called so already.
    fn taken(&self) -> Found {
        let property = NAMES.iter().find(|it| it.0 == self.type_name).map_or("Name", |it| it.1);
        let name = words::quoted(self.reason).filter(|it| !it.contains("::"));
        let name = name.or_else(|| self.reason.split_once(" already exists")?.0.rsplit(' ').next());
        let what = name.map_or_else(|| "it".to_owned(), |it| format!("`{}`", words::bare(it)));
        let owner =
            self.reason.split_once("in stack ").map(|(_, it)| it.split([' ', ',']).next().unwrap_or(it));
        let cause = match owner {
            Some(owner) => format!("{what} exists already, in the stack {owner}"),
            None => format!("{what} exists already, outside of this stack"),
        };
        Found::new(Kind::NameTaken, cause, self.at(&[property], "taken already")).next(format!(
            "delete the old one, take another name, or leave `{property}` out: then CloudFormation makes up one"
        ))
    }

    /// Somebody may not do something.
    fn denied(&self) -> Option<Found> {
        if !self.has(&["not authorized", "accessdenied", "access denied", "unauthorizedoperation"]) {
            return None;
        }
        let Some(action) = words::denied_action(self.reason) else {
            let cause = "the caller may not do it";
            return Some(self.to_be_allowed(cause.to_owned(), &[]));
        };
        let properties: &[&str] = match action {
            "iam:PassRole" => &["IamInstanceProfile", "Roles", "ExecutionRoleArn", "TaskRoleArn", "Role"],
            _ => &[],
        };
        let mut res = self.to_be_allowed(format!("the caller may not do `{action}`"), properties);
        // The role is handed on by what the instances start from.
        if let Some(fleet) = self.sight.and_then(|it| it.fleet(self.id)).filter(|_| !properties.is_empty()) {
            res.places = fleet.place(properties, "hands a role on");
        }
        Some(res)
    }

    fn to_be_allowed(&self, cause: String, properties: &[&str]) -> Found {
        Found::new(Kind::Permission, cause, self.at(properties, "needs a right that the caller lacks")).next(
            "allow it to the caller, or deploy with --role-arn; --print-iam-policy shows all that is needed",
        )
    }

    /// A property with a value that AWS refuses.
    fn property(&self) -> Option<Found> {
        let message = words::message(self.reason);
        let sight = self.sight?;
        let by_name = words::property(message).and_then(|it| {
            let names = [it];
            sight.property(self.id, &names)
        });
        let by_value = || words::quoted(message).and_then(|it| sight.value(self.id, it));
        let by_type = || {
            let cidr = self.has(&["cidr"]).then_some(["CidrBlock"])?;
            sight.property(self.id, &cidr)
        };
        let span = by_name.or_else(by_value).or_else(by_type)?;
        let places = vec![Place::new(span, "refused")];
        Some(Found::new(Kind::Property, message, places).next("mend the value"))
    }

    /// Nothing but what AWS said.
    fn said(&self) -> Found {
        let message = words::message(self.reason);
        let message = if message.is_empty() { "AWS gives no reason" } else { message };
        Found::new(Kind::Said, message, self.at(&[], "this one failed")).next("mend what AWS says")
    }

    fn deletion(&self) -> Option<Found> {
        let retain = format!("or keep it: `ecslint destroy STACK --retain {}`", self.id);
        let found = |kind, cause: &str, label: &str, next: String| {
            Some(Found::new(kind, cause, self.at(&[], label)).next(next))
        };
        if self.has(&["container instances are active", "containsinstances", "containscontainerinstances"]) {
            return found(
                Kind::NotEmpty,
                "instances are still registered in the cluster",
                "has instances",
                "`ecslint destroy STACK` stops the instances, waits until they have left, and deletes then"
                    .to_owned(),
            );
        }
        if self.has(&["services are active", "tasks are active", "containsservices", "containstasks"]) {
            return found(
                Kind::NotEmpty,
                "services or tasks that are not of this stack run in the cluster",
                "is in use",
                format!("delete them (`aws ecs delete-service --force`), {retain}"),
            );
        }
        if self.has(&["bucket you tried to delete is not empty", "bucketnotempty"]) {
            return found(
                Kind::NotEmpty,
                "the bucket is not empty",
                "is not empty",
                format!("empty it (`aws s3 rm s3://BUCKET --recursive`, and old versions), {retain}"),
            );
        }
        if self.has(&["still contains images", "repositorynotempty"]) {
            return found(
                Kind::NotEmpty,
                "the repository still holds images",
                "is not empty",
                format!("delete the images, or set `EmptyOnDelete: true`, {retain}"),
            );
        }
        if self.has(&[
            "must detach all policies",
            "must remove roles from instance profile",
            "deleteconflict",
            "must delete policies",
        ]) {
            return found(
                Kind::InUse,
                "something that is not of this stack was attached to it",
                "is still attached",
                format!(
                    "detach it (`aws iam list-attached-role-policies`, `list-instance-profiles-for-role`), {retain}"
                ),
            );
        }
        if self.has(&[
            "network interface",
            "dependent object",
            "has dependencies",
            "dependencyviolation",
            "currently in use",
            "mapped public address",
        ]) {
            return found(
                Kind::InUse,
                "something that is not of this stack still uses it: mostly a network interface, an endpoint or a \
                 security group of another service",
                "is still in use",
                format!(
                    "find it (`aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=VPC`), delete it, {retain}"
                ),
            );
        }
        if self.has(&["scaling activity", "in progress"]) {
            return found(
                Kind::InUse,
                "the group was still starting or stopping instances",
                "was busy",
                "run the same command again".to_owned(),
            );
        }
        if self.has(&["in use by", "is in use", "resourceinuse", "associated with", "attached to"]) {
            return found(
                Kind::InUse,
                "something still uses it",
                "is still in use",
                format!("free it, {retain}"),
            );
        }
        self.denied()
    }
}
