//! What the console of an instance tells of its boot.

use super::Case;
use crate::deploy::diagnosis::console::{self, Symptom, Told};
use crate::deploy::diagnosis::kind::Kind;
use crate::deploy::diagnosis::script::Script;
use crate::deploy::diagnosis::{Found, Place, quote};
use crate::text::Span;

const HELPER: &str = "cfn-signal";
const HELPERS: &str = "aws-cfn-bootstrap";

/// Programs that fetch packages and files, and what their complaints have in them.
const FETCHERS: [(&[&str], &[&str]); 4] = [
    (
        &["yum", "dnf", "microdnf", "amazon-linux-extras"],
        &["baseurl", "mirrorlist", "repositories failed", "for repo", "mirror.list", "timeout on http"],
    ),
    (&["curl", "wget"], &["curl: (", "wget: ", "unable to resolve host"]),
    (&["apt-get", "apt"], &["failure resolving", "archive.ubuntu.com", "failed to fetch"]),
    (&["pip", "pip3", "aws"], &["pypi", "newconnectionerror", "endpoint url"]),
];

/// All of them: where nobody is named, the first that fetches is the first that fails.
const ANY_FETCHER: [&str; 11] =
    ["yum", "dnf", "microdnf", "amazon-linux-extras", "curl", "wget", "apt-get", "apt", "pip", "pip3", "aws"];

impl Case<'_, '_> {
    /// The cause as the console of some instance tells it.
    pub(super) fn booted(&self) -> Option<Found> {
        self.instances.iter().find_map(|id| {
            let all = console::read(&self.evidence.consoles.get(*id)?.text);
            let found = self.told(&all)?;
            Some(found.evidence_line(|line| format!("{id}: {line}{}", self.read_at(id))))
        })
    }

    fn told(&self, all: &[Told]) -> Option<Found> {
        let registered = self.instances.iter().any(|it| self.cluster_of(it).is_some());
        let find = |wanted: fn(&Symptom) -> bool| all.iter().find(|it| wanted(&it.symptom));
        if let Some(it) = find(|it| *it == Symptom::NotRun) {
            let places = self.script().map(|it| it.whole("is not run")).unwrap_or_default();
            let cause = "the instance never ran its user data";
            return Some(
                Found::new(Kind::ScriptNotRun, cause, places)
                    .evidence(console_line(it))
                    .next("begin the user data with `#!/bin/bash` in its first line and column"),
            );
        }
        if let Some(it) = find(|it| *it == Symptom::Refused) {
            let places = self.at(it, None, &complaint_of(it));
            let cause = "bash ended the script here";
            return Some(
                Found::new(Kind::ScriptFailed, cause, places)
                    .evidence(console_line(it))
                    .next("mend the script: `bash -n` finds such mistakes"),
            );
        }
        if let Some(it) = find(|it| *it == Symptom::DiskFull) {
            let places =
                self.fleet.map(|it| it.place(&["BlockDeviceMappings"], "too small")).unwrap_or_default();
            return Some(
                Found::new(Kind::Volume, "the disk of the instance is full", places)
                    .evidence(console_line(it))
                    .next("make `VolumeSize` larger"),
            );
        }
        // A signal that arrived, or an agent that registered, found its way out.
        // Of several lines about it the shortest is the clearest.
        let network = all.iter().filter(|it| it.symptom == Symptom::NoNetwork).min_by_key(|it| it.text.len());
        if let Some(it) = network.filter(|_| !self.failed && !registered) {
            return Some(self.no_way_out(it, all));
        }
        if self.only_join {
            return None;
        }
        self.helper(all).or_else(|| self.refused_signal(all)).or_else(|| self.ended_script(all)).or_else(
            || {
                find(|it| *it == Symptom::Finished)
                    .filter(|_| !self.failed && !registered)
                    .map(|it| self.silent(it))
            },
        )
    }

    /// Packages could not be fetched, and what needs them did not run.
    fn no_way_out(&self, told: &Told, all: &[Told]) -> Found {
        let lower = told.text.to_lowercase();
        let named = FETCHERS.iter().find(|it| it.1.iter().any(|part| lower.contains(part)));
        let script = self.script();
        let command = script.and_then(|it| {
            let by_line = told.line.and_then(|(part, line)| it.line(part, line, None));
            by_line.or_else(|| it.runs(named.map_or(&ANY_FETCHER[..], |it| it.0)))
        });
        let label = format!("failed: {}", quote(&told.text));
        let mut places: Vec<_> = command.into_iter().map(|it| Place::new(it, &label)).collect();
        let mut evidence = vec![console_line(told)];
        match all.iter().find(|it| is_missing_helper(&it.symptom)) {
            Some(missing) => {
                places.extend(self.at(
                    missing,
                    missing_word(missing),
                    &format!("never ran: {}", complaint_of(missing)),
                ));
                evidence.push(console_line(missing));
            }
            None => {
                let signal = script.and_then(|it| it.signals.first());
                places.extend(signal.map(|it| Place::new(it.command, "has no way out either")));
            }
        }
        let mut unreached = all.iter().filter(|it| it.symptom == Symptom::NoNetwork);
        let cause = match unreached.find_map(|it| host(&it.text)) {
            Some(host) => format!("the instance has no way out: it did not reach {host}"),
            None => "the instance has no way out to the internet".to_owned(),
        };
        let mut res = Found::new(Kind::NoWayOut, cause, places).next(
            "give its subnet a route to an internet gateway and the instance a public address, or a route to a NAT gateway",
        );
        // Where the check knows of none, the way begins here.
        res.aside.extend(
            self.fleet.and_then(|it| it.subnets).map(|it| Place::new(it, "it starts in these subnets")),
        );
        res.evidence = evidence;
        res
    }

    /// `cfn-signal` is not there, or the package that brings it.
    fn helper(&self, all: &[Told]) -> Option<Found> {
        let missing = all.iter().find(|it| is_missing_helper(&it.symptom));
        let package = all.iter().find_map(|it| match &it.symptom {
            Symptom::NoPackage(name) => Some((it, name)),
            _ => None,
        });
        if let Some((told, name)) = package {
            // A package that nobody needs for the signal is no cause of its silence.
            if missing.is_some() || self.failed || ends_badly(all) {
                let span = self.script().and_then(|it| it.word(name));
                let mut places: Vec<_> =
                    span.into_iter().map(|it| Place::new(it, "no such package")).collect();
                places.extend(
                    missing.into_iter().flat_map(|it| self.at(it, missing_word(it), "so this is not there")),
                );
                let cause = format!("there is no package `{name}` in the repositories of the instance");
                let next = if missing.is_some() {
                    format!("install `{HELPERS}`")
                } else {
                    "name a package that there is".to_owned()
                };
                return Some(
                    Found::new(Kind::PackageMissing, cause, places).evidence(console_line(told)).next(next),
                );
            }
        }
        let missing = missing?;
        let mut places =
            self.at(missing, missing_word(missing), &format!("never ran: {}", complaint_of(missing)));
        let installed = self.script().and_then(|it| it.installs(HELPERS));
        places.extend(installed.map(|it| Place::new(it, "this did not bring it, or to another folder")));
        let cause = format!("`{HELPER}` is not on the instance, so that nothing was signalled");
        Some(Found::new(Kind::HelperMissing, cause, places).evidence(console_line(missing)).next(format!(
            "install it first: `yum install -y {HELPERS}`, and call it as /opt/aws/bin/{HELPER}"
        )))
    }

    /// CloudFormation did not take the signal.
    fn refused_signal(&self, all: &[Told]) -> Option<Found> {
        let told =
            all.iter().find(|it| matches!(it.symptom, Symptom::SignalRefused | Symptom::SignalUsage))?;
        let signal = self.script().and_then(|it| it.signals.first());
        let span = signal.map(|it| {
            let resource = it.resource.filter(|_| told.text.contains("Resource "));
            let stack = it.stack.filter(|_| told.text.contains("Stack "));
            resource.or(stack).unwrap_or(it.command)
        });
        let label = format!("refused: {}", quote(&told.text));
        let cause = match told.symptom {
            Symptom::SignalUsage => "`cfn-signal` did not understand its options and sent nothing",
            _ => "CloudFormation refused the signal",
        };
        let mut res = Found::new(
            Kind::SignalAstray,
            cause,
            span.into_iter().map(|it| Place::new(it, &label)).collect(),
        );
        res.aside.extend(signal.and_then(|it| it.region).map(|it| Place::new(it, "sent to this region")));
        Some(
            res.evidence(console_line(told))
                .next("compare `--stack`, `--resource` and `--region` with what waits"),
        )
    }

    /// The script ended with a failure, and what it said last is why. Without `set -e` it went on behind that, so that this
    /// is only likely; and where the signal reports the status of another command, that is what failed.
    fn ended_script(&self, all: &[Told]) -> Option<Found> {
        if !self.failed && !ends_badly(all) {
            return None;
        }
        let end = all.iter().position(|it| matches!(it.symptom, Symptom::Ended(_))).unwrap_or(all.len());
        let says = |it: &&Told| {
            matches!(it.symptom, Symptom::NotFound(_) | Symptom::Complaint(_) | Symptom::NoNetwork)
        };
        let last = all[..end].iter().rfind(says)?;
        let word = match &last.symptom {
            Symptom::NotFound(name) | Symptom::Complaint(name) => Some(name.as_str()),
            _ => None,
        };
        let mut places = self.at(last, word, &format!("failed: {}", complaint_of(last)));
        let script = self.script();
        let signal = script.and_then(|it| it.signals.first());
        let ends = script.is_none_or(|it| it.errexit);
        let reported = signal.and_then(|it| it.reports.as_ref()).filter(|_| self.failed && !ends);
        let name = word.map(|it| it.rsplit('/').next().unwrap_or(it));
        let mut cause = match (word, self.failed) {
            (Some(word), true) => format!("the script failed at `{word}`, and told so"),
            (Some(word), false) if ends => format!("the script ended at `{word}`, before it could signal"),
            (Some(word), false) => format!("the script failed; what complained last is `{word}`"),
            (None, _) => "the script failed: something that it needs was not reached".to_owned(),
        };
        match reported {
            Some((command, span)) if name != Some(command) => {
                cause = format!("`{command}` failed on the instance: its status is what is signalled");
                places.insert(0, Place::new(*span, "its status is signalled: it failed"));
            }
            _ => {
                let label = match (self.failed, ends) {
                    (true, _) => "told of the failure",
                    (false, true) => "was not reached",
                    (false, false) => "did not tell of it",
                };
                places.extend(signal.map(|it| Place::new(it.command, label)));
            }
        }
        let res = Found::new(Kind::ScriptFailed, cause, places)
            .evidence(console_line(last))
            .next("mend the command, and let a `trap ... EXIT` signal, so that a failure is told at once");
        let sure = ends || reported.is_some_and(|it| name == Some(&it.0));
        Some(if sure { res } else { res.likely() })
    }

    /// The boot is through, nothing complained, and nothing was told.
    fn silent(&self, told: &Told) -> Found {
        let script = self.script();
        let signal = script.and_then(|it| it.signals.first());
        let (kind, cause, places) = match (signal, script) {
            (Some(it), _) => {
                let mut places = vec![Place::new(it.command, "ran, or was passed over")];
                places.extend(it.resource.map(|it| Place::new(it, "is told")));
                let cause = "the boot is through and its signal did not reach what waits: it names another stack, resource \
                    or region, or was passed over";
                (Kind::SignalAstray, cause, places)
            }
            (None, Some(it)) => (
                Kind::NeverSignalled,
                "the boot is through, and nothing in it signals",
                it.whole("sends no signal"),
            ),
            (None, None) => (Kind::NeverSignalled, "the boot is through, and no signal came", Vec::new()),
        };
        let next = match kind {
            Kind::SignalAstray => "compare `--stack`, `--resource` and `--region` with what waits",
            _ => "end the user data with `cfn-signal` for the resource that waits",
        };
        Found::new(kind, cause, places).likely().evidence(console_line(told)).next(next)
    }

    fn script(&self) -> Option<&Script<'_>> {
        self.fleet.and_then(|it| it.script.as_ref())
    }

    /// Where a line of the console has its words in the template: by its number, else by the program that it names.
    fn at(&self, told: &Told, word: Option<&str>, label: &str) -> Vec<Place> {
        let Some(script) = self.script() else { return Vec::new() };
        let by_line = |(part, line)| script.line(part, line, word).or_else(|| script.line(part, line, None));
        let by_word = |word: &str| -> Option<Span> {
            let name = word.rsplit('/').next().unwrap_or(word);
            script.word(word).filter(|_| word.contains('/')).or_else(|| script.runs(&[name]))
        };
        let span = told.line.and_then(by_line).or_else(|| word.and_then(by_word));
        span.map(|it| Place::new(it, label)).into_iter().collect()
    }
}

fn is_missing_helper(symptom: &Symptom) -> bool {
    matches!(symptom, Symptom::NotFound(name) if name.rsplit('/').next() == Some(HELPER))
}

fn missing_word(told: &Told) -> Option<&str> {
    match &told.symptom {
        Symptom::NotFound(name) => Some(name),
        _ => None,
    }
}

/// Whether cloud-init says that a script failed.
fn ends_badly(all: &[Told]) -> bool {
    all.iter().any(|it| matches!(it.symptom, Symptom::Ended(status) if status != 0))
}

/// The last part of a complaint: `No such file or directory`.
fn complaint_of(told: &Told) -> String {
    told.text.rsplit(": ").next().unwrap_or(&told.text).to_owned()
}

fn console_line(told: &Told) -> String {
    format!("console: {}", quote(&told.text))
}

/// The host of the first address in a text.
fn host(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let host = rest.split(['/', ':', ' ', '?', ')', '\'']).next().unwrap_or_default();
    (host.contains('.') && host.len() < 120).then_some(host)
}
