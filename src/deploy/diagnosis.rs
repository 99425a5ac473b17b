//! Why a deployment failed: the first cause, at its words in the template, with what speaks for it.
//!
//! The evidence is what CloudFormation, the Auto Scaling group, the instance's console and ECS say, each where it is to
//! be had; and what the check of the template predicted. What was predicted and then happened is the cause.

mod console;
mod reasons;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::brief::{self, Brief};
use super::cloud::ContainerInstance;
use super::operation::{Cause, Operation, Phase};
use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::lint::Outcome;
use crate::lint::story::Story;
use crate::text::Span;

/// What was seen beside the events, as AWS answered.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What groups did, by their name: answers of `describe-scaling-activities`.
    pub activities: BTreeMap<String, Value>,
    /// The answer of `describe-instances`.
    pub instances: Option<Value>,
    /// Answers of `get-console-output`, by instance, and when they were read.
    pub consoles: BTreeMap<String, (Timestamp, Value)>,
    /// The instances of groups, by name of the group.
    pub members: BTreeMap<String, Vec<String>>,
    /// What is registered, by name of the cluster; a cluster that was not looked at is not here.
    pub registered: BTreeMap<String, Vec<ContainerInstance>>,
}

/// The template, as far as it is known here.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its text.
    pub source: &'a str,
    /// What a deployment has to know of it.
    pub brief: &'a Brief,
    /// What its check found.
    pub outcome: &'a Outcome,
    /// How its instances boot.
    pub stories: &'a [Story],
}

/// Why it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The logical id of what failed first.
    pub resource: String,
    /// The cause in one sentence, and its places in the template: those of `finding` mean nothing without one.
    pub finding: Finding,
    /// Whether there is a place for it in the template.
    pub has_place: bool,
    /// The rule that predicted it.
    pub code: Option<&'static str>,
    /// What AWS said.
    pub said: String,
    /// What speaks for it, a line each.
    pub evidence: Vec<String>,
    /// What was given up because of it.
    pub cancelled: Vec<String>,
}

/// Why an operation failed; `None` while nothing has.
#[must_use]
pub fn diagnose(operation: &Operation, evidence: &Evidence, known: Option<Known<'_>>) -> Option<Diagnosis> {
    let cause = operation.first_cause()?;
    let judge = Judge { cause, operation, evidence, known };
    let verdict = if speaks_of_signals(&cause.reason) { judge.signal() } else { judge.reason(&cause.reason) };
    let cancelled =
        operation.resources.iter().filter(|it| it.phase == Phase::Cancelled).map(|it| it.id.clone());
    let own = known.and_then(|it| it.brief.resources.get(&cause.resource)).map(|it| it.span);
    let place = verdict.place.or(own);
    let mut finding = Finding::at(place.unwrap_or(Span::at(0)), verdict.cause).on(&cause.resource);
    if let (Some(own), true) = (own, place != own) {
        finding = finding.because(own, "this failed");
    }
    for (span, label) in verdict.because {
        finding = finding.because(span, label);
    }
    if !verdict.help.is_empty() {
        finding = finding.help(verdict.help);
    }
    Some(Diagnosis {
        resource: cause.resource.clone(),
        finding,
        has_place: place.is_some(),
        code: verdict.code,
        said: cause.reason.clone(),
        evidence: verdict.evidence,
        cancelled: cancelled.collect(),
    })
}

/// Whether a resource failed because of what instances were to tell.
fn speaks_of_signals(reason: &str) -> bool {
    reason.contains("SUCCESS signal(s)")
        || reason.contains("FAILURE signal(s)")
        || reason.contains("resource signal(s)")
        || reason.starts_with("WaitCondition ")
}

/// What is to be said.
#[derive(Clone, Debug, Default)]
struct Verdict {
    cause: String,
    place: Option<Span>,
    because: Vec<(Span, String)>,
    help: String,
    code: Option<&'static str>,
    evidence: Vec<String>,
}

struct Judge<'a> {
    cause: &'a Cause,
    operation: &'a Operation,
    evidence: &'a Evidence,
    known: Option<Known<'a>>,
}

impl<'a> Judge<'a> {
    /// What a reason of AWS means.
    fn reason(&self, text: &str) -> Verdict {
        let Some(known) = reasons::find(text) else {
            return Verdict { cause: format!("{} failed", self.cause.resource), ..Verdict::default() };
        };
        Verdict {
            cause: known.cause.to_owned(),
            place: known.properties.iter().find_map(|it| self.property(it)),
            help: known.help.to_owned(),
            code: known.code,
            ..Verdict::default()
        }
    }

    /// Why no signal of success came, or not enough of them.
    fn signal(&self) -> Verdict {
        let mut evidence = Vec::new();
        if let Some(text) = self.failed_activity() {
            let verdict = self.reason(&text);
            let cause = if reasons::find(&text).is_some() {
                verdict.cause
            } else {
                "no instance could be started".to_owned()
            };
            evidence.push(format!("the group said: {text}"));
            return Verdict { cause, evidence, ..verdict };
        }
        let members = self.evidence.members.get(&self.cause.physical).map(Vec::as_slice).unwrap_or_default();
        let states = states(self.evidence.instances.as_ref());
        for it in members {
            let state = states.get(it.as_str()).map_or("state unknown", String::as_str);
            evidence.push(format!("{it}: {state}, {}", self.registration(it)));
        }
        let strays = members.iter().filter(|it| self.is_in("default", it)).count();
        let with = |verdict: Verdict| {
            let mut evidence = evidence.clone();
            evidence.extend(verdict.evidence.clone());
            Verdict { evidence, ..verdict }
        };
        if strays > 0 && !self.has_cluster("default") {
            let place = self.line_with(&["ECS_CLUSTER"]).or_else(|| self.first_line());
            let predicted = self.predicted(&["ECS10"]);
            return with(Verdict {
                cause: "the instance joined the cluster `default`: ECS_CLUSTER was not in /etc/ecs/ecs.config when the agent started".to_owned(),
                place: predicted.map(|it| it.finding.span).or(place),
                help: "write ECS_CLUSTER before the agent starts: `ecslint explain ECS101`".to_owned(),
                code: predicted.map(|it| it.code),
                ..Verdict::default()
            });
        }
        if let Some(verdict) = self.console() {
            return with(verdict);
        }
        if let Some(predicted) = self.predicted(&["ECS2", "ECS10", "ECS5"]) {
            return with(Verdict {
                cause: predicted.finding.message.clone(),
                place: Some(predicted.finding.span),
                because: predicted.finding.because.clone(),
                help: predicted.finding.help.clone().unwrap_or_default(),
                code: Some(predicted.code),
                evidence: vec![format!("the check had said so: {} {}", predicted.code, predicted.name)],
            });
        }
        with(self.without_a_word(members))
    }

    /// What can be said when neither the group nor the console says anything.
    fn without_a_word(&self, members: &[String]) -> Verdict {
        let signal = self.line_with(&["cfn-signal"]);
        let failed = self
            .operation
            .resources
            .iter()
            .find(|it| it.id == self.cause.resource)
            .map_or(0, |it| it.failed_signals);
        if self.cause.reason.contains("FAILURE signal(s)") && !self.cause.reason.contains("SUCCESS signal(s)")
            || failed > 0 && self.cause.reason.contains("FAILURE")
        {
            return Verdict {
                cause: "the boot script told of a failure: a command before it failed".to_owned(),
                place: signal,
                help: "the instance's /var/log/cloud-init-output.log names the command; --on-failure keep leaves it there".to_owned(),
                ..Verdict::default()
            };
        }
        if !members.is_empty() && members.iter().any(|it| self.is_registered(it)) {
            return Verdict {
                cause: "the instance is in its cluster, but never told the stack: cfn-signal did not run, or names another stack, resource or region".to_owned(),
                place: signal.or_else(|| self.first_line()),
                help: "run cfn-signal with --stack, --resource and --region of this group, whatever happens before: `ecslint explain ECS203`".to_owned(),
                ..Verdict::default()
            };
        }
        if self.evidence.members.contains_key(&self.cause.physical) && members.is_empty() || self.was_empty()
        {
            return Verdict {
                cause: "the group had no instance that could send a signal".to_owned(),
                place: self.property("DesiredCapacity").or_else(|| self.property("MinSize")),
                help: "start as many instances as signals are waited for".to_owned(),
                ..Verdict::default()
            };
        }
        let is_quiet = members.iter().any(|it| {
            self.evidence.consoles.get(it).is_some_and(|it| console::text(&it.1).trim().is_empty())
        });
        if is_quiet {
            return Verdict {
                cause: "the instance runs, but had written nothing to its console when the time was over: the time may be too short".to_owned(),
                place: self.policy("Timeout"),
                help: "give it more time: Timeout: PT15M".to_owned(),
                ..Verdict::default()
            };
        }
        Verdict {
            cause: "no signal of success came in time".to_owned(),
            place: signal.or_else(|| self.policy("Timeout")),
            help: "the instance's /var/log/cloud-init-output.log tells what its boot did; --on-failure keep leaves the instance there".to_owned(),
            ..Verdict::default()
        }
    }

    /// What the consoles say, the first that says anything.
    fn console(&self) -> Option<Verdict> {
        let members = self.evidence.members.get(&self.cause.physical)?;
        members.iter().find_map(|instance| {
            let (at, answer) = self.evidence.consoles.get(instance)?;
            let text = console::text(answer);
            let found = console::read(&text)?;
            let place =
                found.line.and_then(|it| self.script_line(it)).or_else(|| self.line_with(found.words));
            let egress =
                self.predicted(&["ECS501", "ECS502", "ECS503", "ECS504", "ECS505", "ECS508", "ECS509"]);
            let is_egress = found.kind == console::Kind::NoWayOut;
            let (code, because) = match egress.filter(|_| is_egress) {
                Some(it) => (Some(it.code), vec![(it.finding.span, it.finding.message.clone())]),
                None => (None, Vec::new()),
            };
            let mut evidence = vec![format!("the console of {instance} said: {}", found.said)];
            if let Some(before) = self.before_the_end(*at) {
                evidence.push(before);
            }
            Some(Verdict {
                cause: found.cause(),
                place,
                because,
                help: found.help().to_owned(),
                code,
                evidence,
            })
        })
    }

    /// `read 58 s before it failed`
    fn before_the_end(&self, at: Timestamp) -> Option<String> {
        let seconds = self.cause.at.as_second() - at.as_second();
        (seconds > 0).then(|| format!("the console was read {seconds} s before it failed"))
    }

    /// What the group failed at last.
    fn failed_activity(&self) -> Option<String> {
        let answer = self.evidence.activities.get(&self.cause.physical)?;
        let rows = answer.get("Activities")?.as_array()?;
        let is_failed = |it: &&Value| {
            matches!(it.get("StatusCode").and_then(Value::as_str), Some("Failed" | "Cancelled"))
        };
        let failed = rows.iter().find(is_failed)?;
        failed.get("StatusMessage")?.as_str().map(str::to_owned)
    }

    /// Whether the group never had an instance, as far as its activities tell.
    fn was_empty(&self) -> bool {
        let answer = self.evidence.activities.get(&self.cause.physical);
        let rows = answer.and_then(|it| it.get("Activities")?.as_array());
        let has_started = |it: &Value| {
            it.get("Description").and_then(Value::as_str).is_some_and(|it| it.starts_with("Launching"))
        };
        rows.is_some_and(|rows| !rows.is_empty() && !rows.iter().any(has_started))
    }

    /// What the check had proved of this resource, by the first of some codes.
    fn predicted(&self, codes: &[&str]) -> Option<&'a Diagnostic> {
        let known = self.known?;
        let is_about = |it: &Diagnostic| it.finding.resource.as_deref().is_none_or(|it| self.belongs(it));
        let all = &known.outcome.diagnostics;
        // Only what was proved: a warning is no cause.
        let fits = |code: &str, it: &&Diagnostic| {
            it.code.starts_with(code) && it.severity == Severity::Error && is_about(it)
        };
        codes.iter().find_map(|code| all.iter().find(|it| fits(code, it)))
    }

    /// Whether a resource is the one that failed or starts its instances.
    fn belongs(&self, id: &str) -> bool {
        id == self.cause.resource || self.stories().any(|it| it.source == id || it.fleet == id)
    }

    /// The boots behind what failed; of a wait condition all of them.
    fn stories(&self) -> impl Iterator<Item = &'a Story> {
        let all = self.known.map(|it| it.stories).unwrap_or_default();
        let is_fleet = all.iter().any(|it| it.fleet == self.cause.resource);
        all.iter().filter(move |it| !is_fleet || it.fleet == self.cause.resource)
    }

    /// A line of the script, from 1.
    fn script_line(&self, number: usize) -> Option<Span> {
        self.stories().find_map(|it| self.span_of(it, number.checked_sub(1)?))
    }

    /// The first line of the script in which one of some words stands, outside comments.
    fn line_with(&self, words: &[&str]) -> Option<Span> {
        self.stories().find_map(|story| {
            let has = |it: &crate::lint::story::Line| {
                words.iter().any(|word| it.text.contains(word)) && !it.text.trim_start().starts_with('#')
            };
            let idx = story.script.iter().position(has)?;
            self.span_of(story, idx)
        })
    }

    fn first_line(&self) -> Option<Span> {
        self.stories().find_map(|it| self.span_of(it, 0))
    }

    /// Where a line of the script stands in the template, without the blanks around it.
    fn span_of(&self, story: &Story, idx: usize) -> Option<Span> {
        let source = self.known?.source;
        let start = usize::try_from(story.script.get(idx)?.offset?).ok()?;
        let line = source.get(start..)?.lines().next()?;
        let start = start + (line.len() - line.trim_start().len());
        Some(Span::new(start, start + line.trim().len()))
    }

    /// The value of a property of what failed, or of what its instances are started from.
    fn property(&self, name: &str) -> Option<Span> {
        let source = self.known?.source;
        let own = ["Resources", &self.cause.resource, "Properties", name].map(str::to_owned);
        brief::place(source, &own).or_else(|| {
            self.stories().find_map(|story| {
                let path = ["Resources", &story.source, "Properties", name].map(str::to_owned);
                let data =
                    ["Resources", &story.source, "Properties", "LaunchTemplateData", name].map(str::to_owned);
                brief::place(source, &path).or_else(|| brief::place(source, &data))
            })
        })
    }

    fn policy(&self, name: &str) -> Option<Span> {
        let path =
            ["Resources", &self.cause.resource, "CreationPolicy", "ResourceSignal", name].map(str::to_owned);
        brief::place(self.known?.source, &path)
    }

    fn is_in(&self, cluster: &str, instance: &str) -> bool {
        self.evidence.registered.get(cluster).is_some_and(|it| it.iter().any(|it| it.instance == instance))
    }

    fn is_registered(&self, instance: &str) -> bool {
        self.evidence.registered.keys().any(|it| self.is_in(it, instance))
    }

    /// Whether the stack has a cluster of this name.
    fn has_cluster(&self, name: &str) -> bool {
        self.operation.resources.iter().any(|it| it.type_name == "AWS::ECS::Cluster" && it.physical == name)
    }

    fn registration(&self, instance: &str) -> String {
        match self.evidence.registered.keys().find(|it| self.is_in(it, instance)) {
            Some(cluster) => format!("registered in {cluster}"),
            None if self.evidence.registered.is_empty() => "registration not looked up".to_owned(),
            None => "registered in no cluster".to_owned(),
        }
    }
}

/// The states of instances, by id: `running, no public address`.
#[must_use]
pub fn states(answer: Option<&Value>) -> BTreeMap<String, String> {
    let reservations = answer.and_then(|it| it.get("Reservations")?.as_array()).into_iter().flatten();
    let instances = reservations.filter_map(|it| it.get("Instances")?.as_array()).flatten();
    let one = |it: &Value| {
        let id = it.get("InstanceId")?.as_str()?;
        let state = it.get("State")?.get("Name")?.as_str()?;
        let address = match it.get("PublicIpAddress").and_then(Value::as_str) {
            Some(address) => format!("public address {address}"),
            None => "no public address".to_owned(),
        };
        Some((id.to_owned(), format!("{state}, {address}")))
    };
    instances.filter_map(one).collect()
}

#[cfg(test)]
mod tests;
