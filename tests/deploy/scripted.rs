//! An aws CLI that plays a script: this test binary itself, when `SCRIPTED_AWS` names the folder of a script.
//!
//! It writes down each call with its arguments, its standard input and its `AWS_*` variables, so that a test can say
//! what was never in an argument. What happens to a stack is a timeline that begins with the call that executes a
//! change set or deletes the stack, and runs as many times faster as the clock of ecslint.

#![expect(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, reason = "plays a program")]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The ARN of the stack of every script.
pub(crate) const STACK: &str = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/1";

/// What is played.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Script {
    /// How much faster than the wall time runs.
    pub(crate) speed: f64,
    /// When it began, in seconds since 1970.
    pub(crate) began: f64,
    /// What `--version` says.
    pub(crate) version: String,
    /// The status of the stack before anything was done; none where there is no stack.
    pub(crate) status: Option<String>,
    /// Parameters that the stack has.
    pub(crate) parameters: Vec<String>,
    /// The changes of the change set: action, replacement, logical id, type.
    pub(crate) changes: Vec<[String; 4]>,
    /// What happens after which call.
    pub(crate) timeline: Vec<Row>,
    /// The groups and their instances.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// Which instance is in which cluster, how many seconds after the beginning.
    pub(crate) registered: Vec<(String, f64, String)>,
    /// What instances have on their console.
    pub(crate) console: String,
    /// The template that `get-template` gives.
    pub(crate) template: String,
    /// Answers that are not the usual ones; the first that fits is taken.
    pub(crate) rules: Vec<Rule>,
}

/// What happens to a resource, or to the stack, which is called `demo`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The call that it follows: `execute-change-set`, `delete-stack`, `cancel-update-stack`, or empty: it was before.
    pub(crate) after: String,
    /// How many seconds later.
    pub(crate) at: f64,
    /// The logical id.
    pub(crate) resource: String,
    /// Its type.
    pub(crate) kind: String,
    /// Its id at AWS.
    pub(crate) physical: String,
    /// Its status.
    pub(crate) status: String,
    /// Why.
    pub(crate) reason: String,
}

/// An answer that is not the usual one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// The operation: `describe-stacks`.
    pub(crate) operation: String,
    /// From which call of it on, from 1.
    pub(crate) from: usize,
    /// To which.
    pub(crate) to: usize,
    /// What is printed on standard output.
    pub(crate) stdout: String,
    /// What is printed on standard error.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) code: u8,
    /// How many seconds of the wall it takes.
    pub(crate) takes: f64,
}

/// A call, as it was written down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    /// All words.
    pub(crate) argv: Vec<String>,
    /// What came through standard input.
    pub(crate) stdin: String,
    /// The variables whose names begin with `AWS_`.
    pub(crate) variables: BTreeMap<String, String>,
    /// What the template file held, of the call that has one.
    pub(crate) body: String,
}

impl Call {
    /// `create-change-set`
    pub(crate) fn operation(&self) -> &str {
        self.argv.get(1).map(String::as_str).unwrap_or_default()
    }

    /// The value of an option.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let idx = self.argv.iter().position(|it| it == name)?;
        self.argv.get(idx + 1).map(String::as_str)
    }
}

/// All calls so far.
pub(crate) fn calls(folder: &Path) -> Vec<Call> {
    let text = fs::read_to_string(folder.join("log")).unwrap_or_default();
    text.lines().filter_map(|it| serde_json::from_str(it).ok()).collect()
}

fn wall() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |it| it.as_secs_f64())
}

/// Plays one call; gives the exit code.
pub(crate) fn play(folder: &Path) -> u8 {
    let script = fs::read_to_string(folder.join("script")).expect("a script");
    let script: Script = serde_json::from_str(&script).expect("a script that can be read");
    let argv: Vec<String> = std::env::args().skip(1).collect();
    let mut stdin = String::new();
    if argv.iter().any(|it| it == "file:///dev/stdin") {
        std::io::stdin().read_to_string(&mut stdin).expect("standard input");
    }
    let body = argv.iter().filter(|it| !it.contains("stdin")).find_map(|it| it.strip_prefix("file://"));
    let call = Call {
        body: body.map(|it| fs::read_to_string(it).unwrap_or_default()).unwrap_or_default(),
        variables: std::env::vars().filter(|(name, _)| name.starts_with("AWS_")).collect(),
        stdin,
        argv,
    };
    let nth = 1 + calls(folder).iter().filter(|it| it.operation() == call.operation()).count();
    let line = format!("{}\n", serde_json::to_string(&call).expect("a call"));
    let mut log = OpenOptions::new().append(true).create(true).open(folder.join("log")).expect("a log");
    log.write_all(line.as_bytes()).expect("a line");

    let fits = |it: &&Rule| it.operation == call.operation() && (it.from..=it.to).contains(&nth);
    if let Some(rule) = script.rules.iter().find(fits) {
        std::thread::sleep(Duration::from_secs_f64(rule.takes));
        eprint!("{}", rule.stderr);
        print!("{}", rule.stdout);
        return rule.code;
    }
    let mark = folder.join(call.operation());
    if matches!(
        call.operation(),
        "execute-change-set" | "delete-stack" | "cancel-update-stack" | "update-auto-scaling-group"
    ) && !mark.exists()
    {
        fs::write(mark, wall().to_string()).expect("a mark");
    }
    match Stage::new(folder, &script).answer(&call) {
        Ok(Value::String(text)) => println!("{text}"),
        Ok(answer) => println!("{answer}"),
        Err(complaint) => {
            eprintln!("\naws: [ERROR]: {complaint}");
            return 254;
        }
    }
    0
}

struct Stage<'a> {
    folder: &'a Path,
    script: &'a Script,
}

impl<'a> Stage<'a> {
    fn new(folder: &'a Path, script: &'a Script) -> Stage<'a> {
        Stage { folder, script }
    }

    /// When a call was made first; the beginning for the empty one.
    fn when(&self, operation: &str) -> Option<f64> {
        if operation.is_empty() {
            return Some(self.script.began - 86_400.0);
        }
        fs::read_to_string(self.folder.join(operation)).ok()?.parse().ok()
    }

    /// The time that ecslint would read.
    fn shown(&self, wall: f64) -> String {
        let seconds = self.script.began + (wall - self.script.began) * self.script.speed;
        let second = jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64).expect("a time");
        second.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00").to_string()
    }

    /// What has happened, oldest first, with the time of each.
    fn happened(&self) -> Vec<(f64, usize, &'a Row)> {
        let now = wall();
        let mut res: Vec<_> = (self.script.timeline.iter().enumerate())
            .filter_map(|(idx, row)| Some((self.when(&row.after)? + row.at / self.script.speed, idx, row)))
            .filter(|(at, ..)| *at <= now)
            .collect();
        // A stack that is being deleted is not made any further.
        if let Some(stopped) = self.when("delete-stack").or(self.when("cancel-update-stack")) {
            res.retain(|(at, _, row)| row.after != "execute-change-set" || *at < stopped);
        }
        res.sort_by(|left, right| left.0.total_cmp(&right.0));
        res
    }

    fn status(&self) -> Option<String> {
        let last = self.happened().into_iter().rev().find(|(.., row)| row.resource == "demo");
        let is_made = self.when("execute-change-set").is_some();
        match last {
            Some((.., row)) if row.status == "DELETE_COMPLETE" => None,
            Some((.., row)) if !row.after.is_empty() || self.script.status.is_none() => {
                Some(row.status.clone())
            }
            _ if is_made => Some("REVIEW_IN_PROGRESS".to_owned()),
            _ => self.script.status.clone(),
        }
    }

    fn answer(&self, call: &Call) -> Result<Value, String> {
        let refuse = |code: &str, text: &str| {
            Err(format!("An error occurred ({code}) when calling the X operation: {text}"))
        };
        Ok(match call.operation() {
            _ if call.argv.first().is_some_and(|it| it == "--version") => {
                Value::String(format!("aws-cli/{} Python/3.13", self.script.version))
            }
            "get-caller-identity" => {
                json!({"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/dev"})
            }
            "get" => json!("us-east-1"),
            "describe-stacks" => match self.status() {
                None => return refuse("ValidationError", "Stack with id demo does not exist"),
                Some(status) => json!({"Stacks": [{
                    "StackId": STACK, "StackName": "demo", "StackStatus": status,
                    "Outputs": [{"OutputKey": "Cluster", "OutputValue": "demo-ecs"}],
                    "Parameters": self.script.parameters.iter().map(|it| json!({"ParameterKey": it})).collect::<Vec<_>>(),
                }]}),
            },
            "create-change-set" => {
                json!({"Id": "arn:aws:cloudformation:us-east-1:123456789012:changeSet/x/2", "StackId": STACK})
            }
            "describe-change-set" => {
                let rows: Vec<_> = (self.script.changes.iter())
                    .map(|[action, replacement, id, kind]| json!({"Type": "Resource", "ResourceChange": {
                        "Action": action, "Replacement": replacement, "LogicalResourceId": id, "ResourceType": kind,
                        "Details": [{"Target": {"Name": "UserData"}}],
                    }}))
                    .collect();
                json!({"Status": "CREATE_COMPLETE", "Changes": rows})
            }
            "describe-stack-events" => {
                let rows: Vec<_> = (self.happened().into_iter().rev())
                    .map(|(at, idx, row)| json!({
                        "StackId": STACK, "EventId": format!("{idx}"), "LogicalResourceId": row.resource,
                        "ResourceType": row.kind, "Timestamp": self.shown(at), "ResourceStatus": row.status,
                        "PhysicalResourceId": if row.resource == "demo" { STACK } else { &row.physical },
                        "ResourceStatusReason": row.reason,
                    }))
                    .collect();
                json!({ "StackEvents": rows })
            }
            "list-stack-resources" => {
                let mut last = BTreeMap::new();
                for (.., row) in self.happened() {
                    if row.resource != "demo" {
                        last.insert(&row.resource, row);
                    }
                }
                let rows: Vec<_> = (last.values())
                    .map(|row| {
                        json!({
                            "LogicalResourceId": row.resource, "ResourceType": row.kind,
                            "PhysicalResourceId": row.physical, "ResourceStatus": row.status,
                        })
                    })
                    .collect();
                json!({ "StackResourceSummaries": rows })
            }
            "get-template" => json!({ "TemplateBody": self.script.template }),
            "describe-auto-scaling-groups" => {
                let empty = self.when("update-auto-scaling-group").is_some();
                let groups: Vec<_> = (self.script.groups.iter())
                    .map(|(name, ids)| json!({
                        "AutoScalingGroupName": name, "DesiredCapacity": if empty { 0 } else { ids.len() },
                        "Instances": ids.iter().map(|it| json!({"InstanceId": it})).collect::<Vec<_>>(),
                    }))
                    .collect();
                json!({ "AutoScalingGroups": groups })
            }
            "describe-scaling-activities" => json!({"Activities": []}),
            "describe-instances" => {
                let ids = self.script.groups.values().flatten();
                let rows: Vec<_> =
                    ids.map(|it| json!({"InstanceId": it, "State": {"Name": "running"}})).collect();
                json!({"Reservations": [{ "Instances": rows }]})
            }
            "describe-instance-status" => {
                let row = |it: &String| {
                    json!({"InstanceId": it, "InstanceState": {"Name": "running"},
                        "SystemStatus": {"Status": "ok"}, "InstanceStatus": {"Status": "ok"}})
                };
                let rows: Vec<_> = self.script.groups.values().flatten().map(row).collect();
                json!({ "InstanceStatuses": rows })
            }
            "get-console-output" => json!({ "Output": self.script.console, "Timestamp": self.shown(wall()) }),
            "list-container-instances" => {
                let cluster = call.option("--cluster").unwrap_or_default();
                let arns: Vec<_> =
                    (self.registered(cluster).into_iter()).map(|it| format!("arn:{it}")).collect();
                json!({ "containerInstanceArns": arns })
            }
            "describe-container-instances" => {
                let cluster = call.option("--cluster").unwrap_or_default();
                let rows: Vec<_> = (self.registered(cluster).into_iter())
                    .map(|it| json!({"ec2InstanceId": it, "agentConnected": true}))
                    .collect();
                json!({ "containerInstances": rows })
            }
            "get-parameters" => json!({"InvalidParameters": []}),
            _ => json!({}),
        })
    }

    /// The instances that are in a cluster by now.
    fn registered(&self, cluster: &str) -> Vec<String> {
        if self.when("update-auto-scaling-group").is_some() {
            return Vec::new();
        }
        let began = self.when("execute-change-set").unwrap_or(self.script.began);
        let is_in = |(name, at, _): &&(String, f64, String)| {
            name == cluster && began + at / self.script.speed <= wall()
        };
        self.script.registered.iter().filter(is_in).map(|it| it.2.clone()).collect()
    }
}
