//! Templates that are good by construction, and then broken in one way that has a name.
//!
//! The bytes of an input are choices: which fleet, how the script says things, what stands between, in which notation
//! all of it is written, and what is broken. So the right answer is known, whatever the input is.

use ecslint::diagnostic::{Diagnostic, Severity};
use ecslint::lint::{Options, Outcome};
use ecslint::model::{Joins, Signals};
use serde_json::{Map, Value, json};

use super::{Chance, whole};

/// Builds a template, and holds the answer against the right one.
pub(super) fn made(input: &[u8]) {
    let mut choices = Choices { left: input };
    let plan = Plan::of(&mut choices);
    let good = checked(&plan, None, &mut choices.clone());
    let one = |it: &Diagnostic| format!("{} {}\n", it.code, it.finding.message);
    let told = |it: &Outcome| it.diagnostics.iter().map(one).collect::<String>();
    let errors = |it: &Outcome| it.diagnostics.iter().any(|it| it.severity == Severity::Error);
    assert!(!errors(&good.1), "{}\n{}", good.0, told(&good.1));
    let [fleet] = good.1.fleets.as_slice() else { panic!("{}", good.0) };
    let verdicts = fleet.verdicts.as_ref().unwrap_or_else(|| panic!("no verdict on\n{}", good.0));
    assert_eq!(verdicts.joins.verdict, Joins::Yes, "{}", good.0);
    let wanted = if plan.signal == Signal::None { Signals::NotNeeded } else { Signals::Ok };
    // What a test says that ends the script under `-e` is not always known.
    let is_open = plan.signal != Signal::None && plan.signal != Signal::Trap && plan.head.contains(" -");
    let found = verdicts.signals.verdict;
    assert!(
        found == wanted || is_open && found == Signals::Unknown,
        "{found:?}: {}\n{}",
        good.0,
        told(&good.1)
    );

    let faults: Vec<_> =
        FAULTS.iter().filter(|it| it.needs_signal <= (plan.signal != Signal::None)).collect();
    let fault = faults[choices.below(faults.len())];
    let bad = checked(&plan, Some(fault), &mut choices);
    let found = bad.1.diagnostics.iter().any(|it| it.code == fault.code && it.severity == Severity::Error);
    assert!(found, "no {} ({:?}) in\n{}\n{}", fault.code, fault.breaks, bad.0, told(&bad.1));
}

fn checked(plan: &Plan, fault: Option<&Fault>, choices: &mut Choices<'_>) -> (String, Outcome) {
    let template = plan.template(fault.map(|it| it.breaks));
    let source = written(&template, choices);
    let outcome = whole::holds(&source, &Options::default());
    (source, outcome)
}

/// A way to break it, and what finds that.
struct Fault {
    breaks: Breaks,
    code: &'static str,
    needs_signal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breaks {
    DropsJoin,
    OtherCluster,
    OtherFile,
    Overwrites,
    EndsBefore,
    NoFirstLine,
    SignalsNothing,
    SignalsTemplate,
    DropsSignal,
    OtherStack,
}

const FAULTS: &[Fault] = &[
    Fault { breaks: Breaks::DropsJoin, code: "ECS101", needs_signal: false },
    Fault { breaks: Breaks::OtherCluster, code: "ECS102", needs_signal: false },
    Fault { breaks: Breaks::OtherFile, code: "ECS103", needs_signal: false },
    Fault { breaks: Breaks::Overwrites, code: "ECS104", needs_signal: false },
    Fault { breaks: Breaks::EndsBefore, code: "ECS108", needs_signal: false },
    Fault { breaks: Breaks::NoFirstLine, code: "ECS106", needs_signal: false },
    Fault { breaks: Breaks::SignalsNothing, code: "ECS201", needs_signal: true },
    Fault { breaks: Breaks::SignalsTemplate, code: "ECS202", needs_signal: true },
    Fault { breaks: Breaks::DropsSignal, code: "ECS203", needs_signal: true },
    Fault { breaks: Breaks::OtherStack, code: "ECS210", needs_signal: true },
];

/// Choices that the input makes; the first of each when it is at its end.
#[derive(Clone)]
struct Choices<'i> {
    left: &'i [u8],
}

impl Choices<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.left.split_first() else { return 0 };
        self.left = rest;
        usize::from(*first) % bound
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Which signal is sent, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    None,
    /// In the end, with the status of the command before.
    Last,
    /// By a trap.
    Trap,
    /// In the end, after a test.
    Tested,
}

/// What is to be written. In scripts `<C>` stands for the cluster, `<S>` for the stack, `<R>` for the region.
struct Plan {
    is_group: bool,
    ids: [&'static str; 3],
    head: &'static str,
    join: &'static str,
    signal: Signal,
    noise: [Vec<&'static str>; 3],
    is_join: bool,
    more: Vec<(&'static str, Value)>,
}

/// The ways to write the line.
const JOINS: &[&str] = &[
    "echo ECS_CLUSTER=<C> >> /etc/ecs/ecs.config",
    "echo \"ECS_CLUSTER=<C>\" >> \"/etc/ecs/ecs.config\"",
    "echo 'ECS_CLUSTER=<C>' | tee -a /etc/ecs/ecs.config > /dev/null",
    "printf 'ECS_CLUSTER=%s\\n' <C> >> /etc/ecs/ecs.config",
    "cat <<'EOF' >> /etc/ecs/ecs.config\nECS_CLUSTER=<C>\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\nEOF",
    "cat >> /etc/ecs/ecs.config <<-END\n\tECS_LOGLEVEL=info\n\tECS_CLUSTER=<C>\n\tEND",
    "NAME=<C>\necho ECS_CLUSTER=$NAME >> /etc/ecs/ecs.config",
    "join() { echo \"ECS_CLUSTER=$1\" >> /etc/ecs/ecs.config; }\njoin <C>",
    "{ echo ECS_CLUSTER=<C>; echo ECS_LOGLEVEL=info; } >> /etc/ecs/ecs.config",
    "if true; then\n  echo ECS_CLUSTER=<C> >> /etc/ecs/ecs.config\nfi",
    "FILE=/etc/ecs/ecs.config; echo ECS_CLUSTER=<C> >>$FILE",
    "(cd /etc/ecs && echo ECS_CLUSTER=<C> >> ecs.config)",
    "for it in <C>; do echo \"ECS_CLUSTER=$it\" >> /etc/ecs/ecs.config; done",
];

/// What does no harm, whatever `set -e` says.
const NOISE: &[&str] = &[
    "echo hello",
    "# ECS_CLUSTER=other >> /etc/ecs/ecs.config",
    "",
    "mkdir -p /data/logs",
    "date > /var/log/began",
    "cat <<EOF > /etc/motd\nwelcome\nEOF",
    "for i in 1 2 3; do echo $i; done",
    "if [ -e /nowhere ]; then echo there; else echo not; fi",
    "echo ECS_ENABLE_TASK_IAM_ROLE=true >> /etc/ecs/ecs.config",
    "false || true",
    "sleep 1",
    "useless() { exit 1; }",
    "A=1; B=$((A + 1)); export B",
    "case x in y) exit 3;; *) :;; esac",
    "test -d /etc || exit 1",
];

impl Plan {
    fn of(choices: &mut Choices<'_>) -> Plan {
        let signal = choices.of(&[Signal::Last, Signal::Trap, Signal::Tested, Signal::None]);
        let mut noise = || (0..choices.below(3)).map(|_| choices.of(NOISE)).collect::<Vec<_>>();
        let noise = [noise(), noise(), noise()];
        Plan {
            is_group: choices.below(2) == 0,
            ids: choices.of(&[
                ["Nodes", "Template", "Cluster"],
                ["A", "B", "C"],
                ["ClusterNodes", "Nodes1", "Nodes"],
            ]),
            head: choices.of(&[
                "#!/bin/bash",
                "#!/bin/bash -xe",
                "#!/bin/sh",
                "#! /bin/bash\nset -euo pipefail",
            ]),
            join: choices.of(JOINS),
            signal,
            noise,
            is_join: choices.below(2) == 1,
            more: (0..choices.below(4)).map(|_| more(choices.below(4))).collect(),
        }
    }

    fn script(&self, breaks: Option<Breaks>) -> String {
        let [own, template, _] = self.ids;
        let waiting = match breaks {
            Some(Breaks::SignalsNothing) => "Missing",
            Some(Breaks::SignalsTemplate) => {
                if self.is_group {
                    template
                } else {
                    "Role"
                }
            }
            _ => own,
        };
        let stack = if breaks == Some(Breaks::OtherStack) { "<C>" } else { "<S>" };
        let signal = |status: &str| {
            format!("/opt/aws/bin/cfn-signal -e {status} --stack {stack} --resource {waiting} --region <R>")
        };
        let signals = self.signal != Signal::None && breaks != Some(Breaks::DropsSignal);
        let mut lines = Vec::new();
        if breaks != Some(Breaks::NoFirstLine) {
            lines.push(self.head.to_owned());
        }
        let mut noise = self.noise.iter().map(|it| it.iter().map(|it| (*it).to_owned()));
        let mut more = |lines: &mut Vec<String>| lines.extend(noise.next().into_iter().flatten());
        more(&mut lines);
        if self.signal != Signal::None {
            lines.push("dnf install -y aws-cfn-bootstrap".to_owned());
        }
        if signals && self.signal == Signal::Trap {
            lines.push(format!("trap '{}' EXIT", signal("$?")));
        }
        more(&mut lines);
        if breaks == Some(Breaks::EndsBefore) {
            lines.push("exit 0".to_owned());
        }
        let join = match breaks {
            Some(Breaks::DropsJoin) => ":".to_owned(),
            Some(Breaks::OtherCluster) => self.join.replace("<C>", "builders"),
            Some(Breaks::OtherFile) => self.join.replace("ecs.config", "ecs.conf"),
            _ => self.join.to_owned(),
        };
        lines.push(join);
        if breaks == Some(Breaks::Overwrites) {
            lines.push("echo ECS_LOGLEVEL=debug > /etc/ecs/ecs.config".to_owned());
        } else {
            more(&mut lines);
        }
        if signals && self.signal == Signal::Tested {
            lines.push("grep -q ECS_CLUSTER /etc/ecs/ecs.config".to_owned());
        }
        if signals && self.signal != Signal::Trap {
            lines.push(signal("$?"));
        }
        lines.join("\n") + "\n"
    }

    fn template(&self, breaks: Option<Breaks>) -> Value {
        let [own, template, cluster] = self.ids;
        let data = json!({"Fn::Base64": self.value(&self.script(breaks))});
        let mut launched = json!({
            "ImageId": {"Ref": "Image"}, "InstanceType": "t3.micro", "UserData": data,
            "MetadataOptions": {"HttpTokens": "required"},
        });
        let mut resources = Map::new();
        let profile = json!({"Ref": "Profile"});
        let mut fleet = if self.is_group {
            launched["SecurityGroupIds"] = json!({"Ref": "Groups"});
            launched["IamInstanceProfile"] = json!({"Name": profile});
            resources.insert(
                template.to_owned(),
                json!({
                    "Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": launched},
                }),
            );
            json!({"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {
                "MinSize": "1", "MaxSize": "2", "VPCZoneIdentifier": {"Ref": "Subnets"},
                "LaunchTemplate": {"LaunchTemplateId": {"Ref": template},
                    "Version": {"Fn::GetAtt": [template, "LatestVersionNumber"]}},
            }})
        } else {
            launched["SecurityGroupIds"] = json!({"Ref": "Groups"});
            launched["IamInstanceProfile"] = profile;
            launched["SubnetId"] = json!({"Fn::Select": [0, {"Ref": "Subnets"}]});
            launched.as_object_mut().expect("a mapping").remove("MetadataOptions");
            json!({"Type": "AWS::EC2::Instance", "Properties": launched})
        };
        if self.signal != Signal::None {
            fleet["CreationPolicy"] = json!({"ResourceSignal": {"Timeout": "PT15M"}});
        }
        resources.insert(own.to_owned(), fleet);
        resources.insert(cluster.to_owned(), json!({"Type": "AWS::ECS::Cluster"}));
        let policy = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";
        resources.insert(
            "Profile".to_owned(),
            json!({
                "Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]},
            }),
        );
        resources.insert("Role".to_owned(), json!({"Type": "AWS::IAM::Role", "Properties": {
            "ManagedPolicyArns": [policy],
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",
            }]},
        }}));
        resources.extend(self.more.iter().map(|(id, it)| ((*id).to_owned(), it.clone())));
        let image = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
        json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {
                "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
                "Groups": {"Type": "List<AWS::EC2::SecurityGroup::Id>"},
                "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": image},
            },
            "Resources": resources,
        })
    }

    /// The script with what it names, by `Fn::Sub` or `Fn::Join`.
    fn value(&self, script: &str) -> Value {
        let cluster = self.ids[2];
        let names = [("<C>", cluster), ("<S>", "AWS::StackName"), ("<R>", "AWS::Region")];
        if !self.is_join {
            let written = names
                .iter()
                .fold(script.to_owned(), |res, (mark, name)| res.replace(mark, &format!("${{{name}}}")));
            return json!({"Fn::Sub": written});
        }
        let mut pieces = Vec::new();
        let mut rest = script;
        while let Some(at) = rest.find('<') {
            let name = names.iter().find(|it| rest[at..].starts_with(it.0));
            let end = at + name.map_or(1, |it| it.0.len());
            pieces.push(Value::from(if name.is_some() { &rest[..at] } else { &rest[..end] }));
            pieces.extend(name.map(|it| json!({"Ref": it.1})));
            rest = &rest[end..];
        }
        pieces.push(rest.into());
        json!({"Fn::Join": ["", pieces]})
    }
}

/// A resource that has nothing to do with the instances.
fn more(which: usize) -> (&'static str, Value) {
    match which {
        0 => ("Topic", json!({"Type": "AWS::SNS::Topic"})),
        1 => ("Queue", json!({"Type": "AWS::SQS::Queue", "DependsOn": "Role"})),
        2 => ("Logs", json!({"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}})),
        _ => (
            "Bucket",
            json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}),
        ),
    }
}

/// The template in some notation.
fn written(template: &Value, choices: &mut Choices<'_>) -> String {
    let res = match choices.below(4) {
        0 => format!("{template:#}"),
        1 => template.to_string(),
        it => {
            let mut res = "---".to_owned();
            block(template, 0, it == 2, &mut res);
            res.push('\n');
            res
        }
    };
    match choices.below(3) {
        0 => res.replace('\n', "\r\n"),
        1 => format!("\u{feff}{res}"),
        _ => res,
    }
}

/// YAML in the block style, behind a key or a dash; scripts as text blocks where that is asked for.
fn block(value: &Value, column: usize, has_blocks: bool, res: &mut String) {
    let lead = format!("\n{}", " ".repeat(column));
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                res.push_str(&lead);
                let short = key.strip_prefix("Fn::").filter(|_| has_blocks && entries.len() == 1);
                // The short form of one call in another's would be two tags on one node.
                let is_last = value.as_object().is_none_or(|it| it.keys().all(|it| !it.starts_with("Fn::")));
                if let Some(short) = short.filter(|_| is_last && value.is_string()) {
                    let start = res.trim_end_matches([' ', '\n']).len();
                    res.truncate(start);
                    res.push_str(&format!(" !{short}"));
                    block(value, column, has_blocks, res);
                    continue;
                }
                res.push_str(&format!("{}:", Value::from(key.as_str())));
                block(value, column + 2, has_blocks, res);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                res.push_str(&lead);
                res.push('-');
                block(item, column + 2, has_blocks, res);
            }
        }
        Value::String(text) if has_blocks && text.ends_with('\n') && !text.starts_with([' ', '\n', '\t']) => {
            res.push_str(" |+");
            for line in text.trim_end_matches('\n').split('\n') {
                res.push_str(&format!("{lead}{line}"));
            }
            res.push_str(&"\n".repeat(text.len() - text.trim_end_matches('\n').len() - 1));
        }
        scalar => res.push_str(&format!(" {scalar}")),
    }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut chance = Chance::new(7);
    (0..40).map(|_| (0..24).map(|_| u8::try_from(chance.below(256)).unwrap_or(0)).collect()).collect()
}
