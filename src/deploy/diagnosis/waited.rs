//! Why a signal did not come, or told of a failure: the evidence of AWS and of the instances, the strongest first.

mod boot;

use super::evidence::Evidence;
use super::first::First;
use super::kind::Kind;
use super::sight::{FleetSight, Sight, Wait};
use super::{Found, Place, launch, words};
use crate::model::ClusterName;
use crate::text::Span;

/// What to do where nothing is known.
const KEEP: &str = "keep the wreck (--on-failure keep), and read /var/log/cloud-init-output.log on the instance or its console: \
    `aws ec2 get-console-output`";

/// CloudFormation looks at the time only so often, in seconds.
const SLACK: u64 = 10;

/// Instances of which evidence is shown.
const MAX_INSTANCES: usize = 3;

/// What CloudFormation says of signals that did not come or told of a failure.
pub(super) fn is_about_signals(reason: &str) -> bool {
    let parts = [
        "SUCCESS signal(s)",
        "FAILURE signal",
        "resource signal(s)",
        "WaitCondition timed out",
        "WaitCondition received failed",
        "WaitCondition received fewer",
    ];
    parts.iter().any(|it| reason.contains(it))
}

/// All that is known of a fleet whose instances were waited for.
pub(super) struct Case<'c, 't> {
    pub(super) evidence: &'c Evidence,
    pub(super) sight: Option<&'c Sight<'c, 't>>,
    pub(super) fleet: Option<&'c FleetSight<'t>>,
    /// Its name at AWS; empty where it is not known.
    pub(super) group: &'c str,
    /// What waited, and for how long.
    pub(super) wait: Option<Wait>,
    /// Where the logical id of what failed stands.
    key: Option<Span>,
    /// Whether it failed before that: then time was not what it lacked.
    early: bool,
    /// When the time was over.
    pub(super) until: Option<jiff::Timestamp>,
    /// A signal told of a failure.
    pub(super) failed: bool,
    /// Nothing waited: the stack is there, and the instances did not join.
    pub(super) only_join: bool,
    pub(super) instances: Vec<&'c str>,
}

impl<'c, 't> Case<'c, 't> {
    /// The case of a resource that waited in vain.
    pub(super) fn of(
        evidence: &'c Evidence,
        sight: Option<&'c Sight<'c, 't>>,
        first: &'c First<'c>,
    ) -> Case<'c, 't> {
        let event = first.event;
        let own = sight.and_then(|it| it.fleet(&event.resource));
        let fleet = own.or_else(|| sight.and_then(Sight::signaller));
        let group = match own {
            Some(_) => event.physical.as_str(),
            None => fleet.and_then(|it| first.physical(it.id)).unwrap_or(&event.physical),
        };
        let failed =
            first.reasons().any(|it| it.contains("FAILURE signal") || it.contains("received failed message"));
        // Without a template and outside the events, a group that was asked about alone is the one.
        let group = match (evidence.activities.len(), evidence.activities.keys().next()) {
            (1, Some(only)) if group.is_empty() => only.as_str(),
            _ => group,
        };
        let wait = sight.and_then(|it| it.wait(&event.resource, first.verb()));
        let early = wait.and_then(|it| it.seconds).zip(first.seconds()).is_some_and(|(wait, after)| {
            u64::try_from(after).is_ok_and(|it| it.saturating_add(SLACK) < wait)
        });
        let key = sight.and_then(|it| it.key(&event.resource));
        let instances = evidence.instances_of(group);
        Case {
            evidence,
            sight,
            fleet,
            group,
            wait,
            key,
            early,
            until: Some(event.at),
            failed,
            only_join: false,
            instances,
        }
    }

    /// The case of a fleet that did not join although its stack is there.
    pub(super) fn of_fleet(
        evidence: &'c Evidence,
        sight: Option<&'c Sight<'c, 't>>,
        id: &str,
        group: &'c str,
    ) -> Case<'c, 't> {
        let fleet = sight.and_then(|it| it.fleet(id));
        let instances = evidence.instances_of(group);
        Case {
            evidence,
            sight,
            fleet,
            group,
            wait: None,
            key: sight.and_then(|it| it.key(id)),
            early: false,
            until: None,
            failed: false,
            only_join: true,
            instances,
        }
    }

    /// For how many seconds it was waited, where all of the time went by.
    pub(super) fn waited(&self) -> Option<u64> {
        self.wait.and_then(|it| it.seconds).filter(|_| !self.early)
    }

    /// Finds the cause.
    pub(super) fn cause(&self) -> Found {
        let found = self.not_launched().or_else(|| self.no_instance());
        let found = found.or_else(|| self.booted()).or_else(|| self.ended()).or_else(|| self.stray());
        let found = found.or_else(|| self.only_joined()).or_else(|| self.guessed());
        let mut res = found.or_else(|| self.too_slow()).unwrap_or_else(|| self.open());
        let mut evidence = self.instance_lines();
        evidence.append(&mut res.evidence);
        res.evidence = evidence;
        // An instance with a public address does not lack one, and what failed and told so did not fail in silence.
        let known = |id: &&str| self.evidence.instances.get(*id);
        let has_address = self.instances.iter().filter_map(known).any(|it| it.public_address.is_some());
        res.refuted.extend(has_address.then_some("ECS502"));
        res.refuted.extend(self.failed.then_some("ECS209"));
        res
    }

    /// EC2 started nothing, and said why.
    fn not_launched(&self) -> Option<Found> {
        if !self.instances.is_empty() {
            return None;
        }
        // Newest first: the oldest is the first.
        let activities = self.evidence.activities.get(self.group)?;
        let failed: Vec<_> = activities.iter().rev().filter(|it| it.failed_to_launch()).collect();
        let first = failed.first()?;
        let mut res = launch::read(&first.message, self.fleet).unwrap_or_else(|| {
            let places = self.fleet.map(|it| Place::new(it.key, "started nothing")).into_iter().collect();
            Found::new(Kind::Said, words::message(&first.message), places).next("mend what AWS says")
        });
        let tried = match failed.len() {
            1 => "once".to_owned(),
            n => format!("{n} times"),
        };
        res.evidence.push(format!("the group tried {tried} to start an instance: \"{}\"", first.message));
        Some(res)
    }

    /// The group tried to start nothing at all.
    fn no_instance(&self) -> Option<Found> {
        let activities = self.evidence.activities.get(self.group)?;
        if !self.instances.is_empty() || activities.iter().any(|it| it.description.starts_with("Launching")) {
            return None;
        }
        let fleet = self.fleet;
        let at = fleet.and_then(|it| it.capacity).map(|it| it.places("this many are started"));
        let places = at.or_else(|| fleet.map(|it| vec![Place::new(it.key, "starts nothing")]));
        let cause = "the group started no instance, so that nobody could signal";
        let mut res = Found::new(Kind::NoInstance, cause, places.unwrap_or_default())
            .next("set `DesiredCapacity` to at least the signals that are awaited");
        res.evidence.push("no scaling activity".to_owned());
        Some(res)
    }

    /// An instance that was there is no longer, by itself.
    fn ended(&self) -> Option<Found> {
        let gone = |it: &&&str| {
            let known = self.evidence.instances.get(**it);
            known.is_some_and(|it| matches!(it.state.as_str(), "terminated" | "shutting-down" | "stopped"))
        };
        let id = self.instances.iter().find(gone)?;
        let reason = &self.evidence.instances.get(*id)?.reason;
        // What the rollback or the group itself ended is no cause.
        let own = ["Client.", "Server."].iter().any(|it| reason.starts_with(it))
            && !reason.contains("UserInitiated");
        if !own {
            return None;
        }
        let mut res = launch::read(reason, self.fleet).unwrap_or_else(|| {
            let places = self.fleet.map(|it| Place::new(it.key, "its instance ended")).into_iter().collect();
            let cause = "the instance ended before it could signal";
            Found::new(Kind::InstanceEnded, cause, places).next("read what EC2 says of the end")
        });
        res.evidence.push(format!("{id} ended: \"{reason}\""));
        Some(res)
    }

    /// It is registered in `default` instead of its cluster.
    fn stray(&self) -> Option<Found> {
        self.strays().next()?;
        let script = self.fleet.and_then(|it| it.script.as_ref());
        let label = "the agent did not find this when it started";
        let places = script.map(|it| match it.cluster {
            Some(span) => vec![Place::new(span, label)],
            None => match it.word("ECS_CLUSTER") {
                Some(span) => vec![Place::new(span, label)],
                None => it.whole("sets no ECS_CLUSTER"),
            },
        });
        let cause = "the instance joined the cluster `default`, not that of the stack";
        Some(
            Found::new(Kind::WrongCluster, cause, places.unwrap_or_default())
                .next("write `ECS_CLUSTER=` and the name of the cluster to /etc/ecs/ecs.config"),
        )
    }

    /// Instances of the group that are in `default` and were meant to be elsewhere.
    fn strays(&self) -> impl Iterator<Item = &'c str> {
        let named_so = self.sight.zip(self.fleet).is_some_and(|(sight, fleet)| {
            let own = sight.outcome.fleets.iter().find(|it| it.id == fleet.id);
            let cluster = own.and_then(|it| it.verdicts.as_ref()?.cluster.as_ref());
            let joins_it = matches!(cluster, Some(ClusterName::Name(name)) if name == "default");
            joins_it && sight.template.resources_of(&["AWS::ECS::Cluster"]).next().is_none()
        });
        let list = self.evidence.registered.get("default").filter(|_| !named_so).into_iter().flatten();
        list.map(|it| it.instance.as_str()).filter(|it| self.instances.contains(it))
    }

    /// The cluster in which an instance is, and whether its agent is there.
    fn cluster_of(&self, id: &str) -> Option<(&'c str, bool)> {
        self.evidence.registered.iter().find_map(|(cluster, list)| {
            list.iter().find(|it| it.instance == id).map(|it| (cluster.as_str(), it.connected))
        })
    }

    /// It is in its cluster and no signal came: the agent starts behind the user data, so the script is through.
    fn only_joined(&self) -> Option<Found> {
        if self.only_join || self.failed {
            return None;
        }
        let id = self.instances.iter().find(|it| self.cluster_of(it).is_some())?;
        let script = self.fleet.and_then(|it| it.script.as_ref());
        let signal = script.and_then(|it| it.signals.first());
        let res = match (signal, script) {
            (Some(signal), _) => {
                let mut places = vec![Place::new(signal.command, "did not reach what waits")];
                places.extend(signal.resource.map(|it| Place::new(it, "is told")));
                let cause = "the instance joined, and its signal did not reach what waits for it: it was never sent, or \
                    names another stack, resource or region";
                Found::new(Kind::SignalAstray, cause, places)
                    .next("compare `--stack`, `--resource` and `--region` with what waits")
            }
            (None, Some(script)) => {
                let cause = "the instance joined, and nothing in its user data signals";
                Found::new(Kind::NeverSignalled, cause, script.whole("sends no signal"))
                    .next("end the user data with `cfn-signal`, or take the `CreationPolicy` away")
            }
            (None, None) => {
                let cause = "the instance joined, and no signal of it reached what waits";
                Found::new(Kind::NeverSignalled, cause, Vec::new())
                    .next("end the user data with `cfn-signal`, or take the `CreationPolicy` away")
            }
        };
        let line = format!("{id} is registered, and the agent starts only when the user data is through");
        Some(res.likely().evidence(line))
    }

    /// Nothing was seen that decides, and the check had foreseen a failure of this kind.
    fn guessed(&self) -> Option<Found> {
        let (sight, fleet) = (self.sight?, self.fleet?);
        let kinds: &[Kind] = match (self.only_join, self.failed) {
            (true, _) => &[Kind::WrongCluster, Kind::NotRegistered, Kind::NoWayOut],
            (_, true) => &[Kind::ScriptFailed],
            _ => &[
                Kind::ScriptNotRun,
                Kind::HelperMissing,
                Kind::NoWayOut,
                Kind::NeverSignalled,
                Kind::NoInstance,
            ],
        };
        let is_error = |kind: &&Kind| {
            let found = sight.foreseen(kind.codes(), &fleet.ids);
            found.is_some_and(|it| it.severity == crate::diagnostic::Severity::Error)
        };
        let kind = kinds.iter().find(is_error)?;
        Some(Found::new(*kind, "", Vec::new()).likely())
    }

    /// It runs, is healthy, and has not come to its user data, or not to its end.
    fn too_slow(&self) -> Option<Found> {
        if self.failed || self.only_join || self.early {
            return None;
        }
        let running = |it: &&&str| self.evidence.instances.get(**it).is_some_and(|it| it.state == "running");
        let read = |it: &&&str| self.evidence.consoles.contains_key(**it);
        self.instances.iter().find(running)?;
        let id = self.instances.iter().find(read)?;
        let places = self.wait.map(|it| Place::new(it.span, "shorter than the boot took"));
        let cause = match self.wait.and_then(|it| it.seconds) {
            Some(seconds) => {
                let time = words::span_of_time(i64::try_from(seconds).unwrap_or(i64::MAX));
                format!("the time was too short: after {time} the instance was still booting")
            }
            None => "the time was too short: the instance was still booting".to_owned(),
        };
        let res = Found::new(Kind::TooSlow, cause, places.into_iter().collect())
            .next("make `Timeout` longer: PT15M is enough for most")
            .likely();
        let empty = self.evidence.consoles.get(*id).is_some_and(|it| it.text.trim().is_empty());
        let line = if empty { "the console is empty" } else { "the console shows no end of the boot" };
        Some(res.evidence(format!("{id}: {line}{}", self.read_at(id))))
    }

    /// Nothing is known but that it waited in vain, or that a signal told of a failure.
    fn open(&self) -> Found {
        let script = self.fleet.and_then(|it| it.script.as_ref());
        // Where the script ends at the first failure, any command may have been it.
        let steady = script.filter(|it| self.failed && !it.errexit);
        if let Some((name, span)) = steady.and_then(|it| it.signals.iter().find_map(|it| it.reports.as_ref()))
        {
            let cause = format!("`{name}` failed on the instance: its status is what is signalled");
            let places = vec![Place::new(*span, "its status is signalled: it failed")];
            return Found::new(Kind::ScriptFailed, cause, places).likely().next(KEEP);
        }
        let (label, cause) = match (self.only_join, self.failed) {
            (true, _) => {
                ("did not register", "the instances run and did not register; nothing that was seen says why")
            }
            (_, true) => {
                ("told of a failure", "a signal told of a failure; nothing that was seen says of which")
            }
            _ => ("is to tell", "no signal came; nothing that was seen says why"),
        };
        let signal = script.and_then(|it| it.signals.first()).filter(|_| !self.only_join);
        let mut places: Vec<_> = signal.map(|it| Place::new(it.command, label)).into_iter().collect();
        let wait = self.wait.filter(|_| !self.failed && !self.early);
        places.extend(wait.map(|it| Place::new(it.span, "waits so long")));
        if places.is_empty() {
            places.extend(self.key.map(|it| Place::new(it, label)));
        }
        Found::new(Kind::Said, cause, places).open().next(KEEP)
    }

    /// What is known of each instance, in a line.
    fn instance_lines(&self) -> Vec<String> {
        let known = |it: &&&str| self.evidence.instances.contains_key(**it) || self.cluster_of(it).is_some();
        self.instances.iter().filter(known).take(MAX_INSTANCES).map(|id| self.instance_line(id)).collect()
    }

    fn instance_line(&self, id: &str) -> String {
        let mut parts = Vec::new();
        if let Some(it) = self.evidence.instances.get(id) {
            if !it.state.is_empty() {
                parts.push(it.state.clone());
            }
            parts.extend(it.checks.map(|it| format!("status checks {it}/2")));
            if it.state == "running" {
                let address = it.public_address.as_ref().map_or("none".to_owned(), String::clone);
                parts.push(format!("public address {address}"));
            }
        }
        match self.cluster_of(id) {
            Some((cluster, true)) => parts.push(format!("registered in {cluster}")),
            Some((cluster, false)) => parts.push(format!("registered in {cluster}, agent not connected")),
            None if !self.evidence.registered.is_empty() => parts.push("not registered in ECS".to_owned()),
            None => {}
        }
        format!("{id}: {}", parts.join(", "))
    }

    /// How long before the end of the time a console was read.
    fn read_at(&self, id: &str) -> String {
        let at = self.evidence.consoles.get(id).and_then(|it| it.at);
        match at.zip(self.until).map(|(at, until)| until.duration_since(at).as_secs()) {
            Some(seconds @ 1..) => format!(" (read {} before the end)", words::span_of_time(seconds)),
            _ => String::new(),
        }
    }
}
