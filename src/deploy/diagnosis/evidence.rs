//! What was gathered about a failure, from what the aws CLI answered.
//!
//! Every part may be missing, since somebody may not ask for it, or was too late: then less is known, and nothing fails.
//! A key that is there with an empty list says that AWS was asked and knew of none.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::boot::from_base64;
use crate::deploy::cloud::ContainerInstance;
use crate::deploy::events::Event;

/// What was gathered.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The events of the operation, oldest first ([`crate::deploy::events::last_operation`]).
    pub events: Vec<Event>,
    /// Those of nested stacks, by the id of the nested stack.
    pub nested: BTreeMap<String, Vec<Event>>,
    /// What Auto Scaling groups did, by the name of the group, newest first.
    pub activities: BTreeMap<String, Vec<Activity>>,
    /// The instances of groups, by the name of the group.
    pub members: BTreeMap<String, Vec<String>>,
    /// Instances by id.
    pub instances: BTreeMap<String, Instance>,
    /// What instances wrote to their consoles, by id.
    pub consoles: BTreeMap<String, Console>,
    /// Who is registered in clusters, by the name of the cluster.
    pub registered: BTreeMap<String, Vec<ContainerInstance>>,
}

/// One thing that an Auto Scaling group did or tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// `Launching a new EC2 instance: i-0f3c9a7b2d1e4c5a6`
    pub description: String,
    /// `Failed`, `Successful`, `Cancelled`, `InProgress`
    pub status: String,
    /// Why, in the words of AWS.
    pub message: String,
    /// When it began.
    pub at: Option<Timestamp>,
}

/// An instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// `running`
    pub state: String,
    /// Why it is no longer that: `Client.InternalError: Client error on launch`.
    pub reason: String,
    /// Its public address.
    pub public_address: Option<String>,
    /// How many of the two status checks it passes; `None` where nobody asked.
    pub checks: Option<u32>,
}

/// What an instance wrote to its console.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Console {
    /// When it was read.
    pub at: Option<Timestamp>,
    /// All of it; the instance may have written anything.
    pub text: String,
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A time as version 1 (`...58Z`) and version 2 (`...457000+00:00`) of the CLI print it.
fn time(value: &Value, key: &str) -> Option<Timestamp> {
    value.get(key)?.as_str()?.parse().ok()
}

impl Evidence {
    /// Evidence of the events alone.
    #[must_use]
    pub fn of(events: Vec<Event>) -> Evidence {
        Evidence { events, ..Evidence::default() }
    }

    /// Takes the answer of `autoscaling describe-scaling-activities` for a group.
    pub fn add_activities(&mut self, group: &str, answer: &Value) {
        if answer.get("Activities").is_none() {
            return;
        }
        let one = |it: &Value| Activity {
            description: text(it, "Description"),
            status: text(it, "StatusCode"),
            message: text(it, "StatusMessage"),
            at: time(it, "StartTime"),
        };
        self.activities.insert(group.to_owned(), list(answer, "Activities").map(one).collect());
    }

    /// Takes the answer of `ec2 describe-instances`.
    pub fn add_instances(&mut self, answer: &Value) {
        for it in list(answer, "Reservations").flat_map(|it| list(it, "Instances")) {
            let id = text(it, "InstanceId");
            if id.is_empty() {
                continue;
            }
            let known = self.instances.entry(id).or_default();
            known.state = it.get("State").map(|it| text(it, "Name")).unwrap_or_default();
            // The code is told twice where there is one: in the message and beside it.
            known.reason = it.get("StateReason").map(|it| text(it, "Message")).unwrap_or_default();
            // A machine that is gone had an address once: that it has none now says nothing.
            let address = it.get("PublicIpAddress").and_then(Value::as_str).map(str::to_owned);
            known.public_address = address.or_else(|| known.public_address.take());
        }
    }

    /// Takes the answer of `ec2 describe-instance-status`.
    pub fn add_statuses(&mut self, answer: &Value) {
        for it in list(answer, "InstanceStatuses") {
            let known = self.instances.entry(text(it, "InstanceId")).or_default();
            let passes = |key| it.get(key).is_some_and(|it| text(it, "Status") == "ok");
            known.checks =
                Some(["SystemStatus", "InstanceStatus"].into_iter().map(passes).map(u32::from).sum());
            if known.state.is_empty() {
                known.state = it.get("InstanceState").map(|it| text(it, "Name")).unwrap_or_default();
            }
        }
    }

    /// Takes the answer of `ec2 get-console-output`; `at` is when it was asked for. The CLI has undone the base64, a
    /// program between may not have.
    pub fn add_console(&mut self, instance: &str, at: Option<Timestamp>, answer: &Value) {
        let output = text(answer, "Output");
        let output = match output.trim() {
            packed if packed.len() > 40 && !packed.contains(' ') => from_base64(packed).unwrap_or(output),
            _ => output,
        };
        self.consoles.insert(instance.to_owned(), Console { at, text: output });
    }

    /// The instances that a group had: those that were seen, and those that its activities name.
    pub(super) fn instances_of(&self, group: &str) -> Vec<&str> {
        let members = self.members.get(group).into_iter().flatten().map(String::as_str);
        let launched = self.activities.get(group).into_iter().flatten().filter_map(Activity::launched);
        let own = self.instances.keys().chain(self.consoles.keys()).map(String::as_str);
        let mut res: Vec<&str> = members.chain(launched).collect();
        // An instance that is a resource of its own is its own group.
        res.extend(own.filter(|it| *it == group));
        res.sort_unstable();
        res.dedup();
        res
    }
}

impl Activity {
    /// Whether it was to start an instance and did not.
    pub(super) fn failed_to_launch(&self) -> bool {
        let failed = matches!(self.status.as_str(), "Failed" | "Cancelled");
        failed && self.description.starts_with("Launching") && !self.message.is_empty()
    }

    /// The instance that it started.
    pub(super) fn launched(&self) -> Option<&str> {
        let id = self.description.strip_prefix("Launching a new EC2 instance: ")?;
        Some(id.split([' ', '.']).next().unwrap_or(id)).filter(|it| it.starts_with("i-"))
    }
}

/// The states of instances as the answer of `ec2 describe-instances` has them, by id: `running, no public address`.
#[must_use]
pub fn states(answer: Option<&Value>) -> BTreeMap<String, String> {
    let mut it = Evidence::default();
    if let Some(answer) = answer {
        it.add_instances(answer);
    }
    let told = |it: Instance| match it.public_address {
        Some(address) => format!("{}, public address {address}", it.state),
        None => format!("{}, no public address", it.state),
    };
    it.instances.into_iter().map(|(id, it)| (id, told(it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_versions_of_the_cli_and_missing_fields() {
        let mut it = Evidence::default();
        it.add_activities(
            "asg",
            &json!({"Activities": [
                {"Description": "Launching a new EC2 instance: i-1", "StatusCode": "Successful", "StartTime": "2026-11-23T03:10:33.058Z"},
                {"Description": "Launching a new EC2 instance.  Status Reason: x", "StatusCode": "Failed", "StatusMessage": "x",
                 "StartTime": "2026-11-23T03:10:33.457000+00:00"},
                {}]}),
        );
        it.add_activities("denied", &Value::Null);
        let all = &it.activities["asg"];
        assert!(all[0].at < all[1].at && all[2].at.is_none() && !it.activities.contains_key("denied"));
        assert_eq!(
            (all[0].launched(), all[1].launched(), all[1].failed_to_launch()),
            (Some("i-1"), None, true)
        );

        it.add_instances(&json!({"Reservations": [{"Instances": [
            {"InstanceId": "i-1", "State": {"Name": "running"}, "PublicIpAddress": "3.4.5.6"}, {"State": 3}]}, {}]}));
        it.add_instances(&json!({"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "terminated"},
            "StateReason": {"Code": "Client.InternalError", "Message": "Client.InternalError: Client error on launch"}}]}]}));
        it.add_statuses(
            &json!({"InstanceStatuses": [{"InstanceId": "i-1", "InstanceState": {"Name": "running"},
            "SystemStatus": {"Status": "ok"}, "InstanceStatus": {"Status": "initializing"}}]}),
        );
        assert_eq!(
            it.instances["i-1"],
            Instance {
                state: "terminated".into(),
                reason: "Client.InternalError: Client error on launch".into(),
                public_address: Some("3.4.5.6".into()),
                checks: Some(1),
            }
        );
        assert_eq!(it.instances.len(), 1);
        assert_eq!(it.instances_of("asg"), ["i-1"]);
    }

    #[test]
    fn a_console_in_base64_is_undone() {
        let mut it = Evidence::default();
        let packed = "Y2xvdWQtaW5pdFsyMzQ1XTogL29wdC9hd3MvYmluL2Nmbi1zaWduYWw6IE5vIHN1Y2ggZmlsZQo=";
        it.add_console("i-1", None, &json!({"Output": packed}));
        it.add_console("i-2", None, &json!({"Output": "[    1.0] plain text"}));
        it.add_console("i-3", None, &json!({}));
        assert_eq!(it.consoles["i-1"].text, "cloud-init[2345]: /opt/aws/bin/cfn-signal: No such file\n");
        assert_eq!(
            (it.consoles["i-2"].text.as_str(), it.consoles["i-3"].text.as_str()),
            ("[    1.0] plain text", "")
        );
    }
}
