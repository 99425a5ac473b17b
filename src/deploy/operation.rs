//! The state of an operation on a stack, worked out from its events alone.

use std::collections::HashMap;

use jiff::Timestamp;

use super::events::Event;

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it was meant.
    Done,
    /// It failed, and the stack is what it was before, or empty.
    RolledBack,
    /// It failed, and somebody has to look after it.
    NeedsHand,
}

/// What a status of a stack means.
#[must_use]
pub fn end_of(status: &str, deletes: bool) -> Option<End> {
    match status {
        "DELETE_COMPLETE" if deletes => Some(End::Done),
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" | "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => {
            Some(End::Done)
        }
        // A stack that was to be made and is taken down, by `--on-failure delete`.
        "DELETE_COMPLETE" | "ROLLBACK_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => {
            Some(End::RolledBack)
        }
        _ if status.ends_with("_FAILED") => Some(End::NeedsHand),
        _ => None,
    }
}

/// How a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Being worked on.
    Running,
    /// Done.
    Done,
    /// Failed on its own.
    Failed,
    /// Given up because another one failed.
    Cancelled,
    /// Being taken back, or gone.
    Removed,
}

/// One resource of the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its logical id.
    pub id: String,
    /// Its type.
    pub type_name: String,
    /// Its id at AWS.
    pub physical: String,
    /// How it stands.
    pub phase: Phase,
    /// When the work on it began.
    pub since: Timestamp,
    /// When it ended.
    pub until: Option<Timestamp>,
    /// Signals of success that came.
    pub signals: u32,
    /// Signals of failure, or ones that did not come in time.
    pub failed_signals: u32,
}

/// Why a resource failed, in CloudFormation's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The logical id.
    pub resource: String,
    /// Its type.
    pub type_name: String,
    /// Its id at AWS.
    pub physical: String,
    /// What CloudFormation said.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What is known of an operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Whether it is to delete the stack.
    pub deletes: bool,
    /// The status of the stack; empty before the first event.
    pub status: String,
    /// When it began.
    pub since: Option<Timestamp>,
    /// When the last thing happened.
    pub last: Option<Timestamp>,
    /// In the order in which they began.
    pub resources: Vec<Resource>,
    /// What failed on its own, the first first.
    pub causes: Vec<Cause>,
    by_id: HashMap<String, usize>,
}

impl Operation {
    /// Before anything has happened.
    #[must_use]
    pub fn new(deletes: bool) -> Operation {
        Operation {
            deletes,
            status: String::new(),
            since: None,
            last: None,
            resources: Vec::new(),
            causes: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    /// Takes one more event; says whether it changed how the stack or a resource stands.
    pub fn take(&mut self, event: &Event) -> bool {
        self.since.get_or_insert(event.at);
        self.last = self.last.max(Some(event.at));
        if event.of_stack {
            let changed = self.status != event.status;
            self.status.clone_from(&event.status);
            return changed;
        }
        if event.is_failure() && !event.is_cancelled() {
            self.causes.push(Cause {
                resource: event.resource.clone(),
                type_name: event.type_name.clone(),
                physical: event.physical.clone(),
                reason: event.reason.clone(),
                at: event.at,
            });
        }
        let idx = *self.by_id.entry(event.resource.clone()).or_insert_with(|| {
            self.resources.push(Resource {
                id: event.resource.clone(),
                type_name: event.type_name.clone(),
                physical: String::new(),
                phase: Phase::Running,
                since: event.at,
                until: None,
                signals: 0,
                failed_signals: 0,
            });
            self.resources.len() - 1
        });
        let resource = &mut self.resources[idx];
        if !event.physical.is_empty() {
            resource.physical.clone_from(&event.physical);
        }
        let phase = phase_of(event, self.deletes);
        let signalled = resource.count_signals(&event.reason);
        let changed = resource.phase != phase || signalled;
        if phase == Phase::Running && resource.phase != Phase::Running {
            resource.since = event.at;
        }
        resource.phase = phase;
        resource.until = if phase == Phase::Running { None } else { Some(event.at) };
        changed || resource.since == event.at
    }

    /// How it ended; nothing while it goes on.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        end_of(&self.status, self.deletes)
    }

    /// Whether CloudFormation takes back what it did.
    #[must_use]
    pub fn rolls_back(&self) -> bool {
        self.status.contains("ROLLBACK") || (!self.deletes && self.status.starts_with("DELETE"))
    }

    /// What failed first, on its own.
    #[must_use]
    pub fn first_cause(&self) -> Option<&Cause> {
        self.causes.first()
    }

    /// Resources that are still worked on.
    pub fn running(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(|it| it.phase == Phase::Running)
    }

    /// How many are done.
    #[must_use]
    pub fn n_done(&self) -> usize {
        self.resources.iter().filter(|it| it.phase == Phase::Done).count()
    }
}

impl Resource {
    /// Counts the signals that a reason tells of; says whether it told of one.
    ///
    /// `Received SUCCESS signal with UniqueId i-...`, `Received 1 FAILURE signal(s) out of 1`, `Failed to receive 1
    /// resource signal(s) for the current batch`.
    fn count_signals(&mut self, reason: &str) -> bool {
        if reason.starts_with("Received SUCCESS signal") {
            self.signals += 1;
        } else if reason.starts_with("Received FAILURE signal") {
            self.failed_signals += 1;
        } else if let Some(rest) = reason.strip_prefix("Failed to receive ") {
            self.failed_signals += rest.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(1);
        } else {
            return false;
        }
        true
    }
}

/// What an event says of its resource. The verb does not tell: during a creation a resource that did not get its
/// signals is `UPDATE_IN_PROGRESS`.
fn phase_of(event: &Event, deletes: bool) -> Phase {
    let status = event.status.as_str();
    if status.starts_with("DELETE") && !deletes {
        return Phase::Removed;
    }
    match status {
        _ if event.is_failure() && event.is_cancelled() => Phase::Cancelled,
        _ if event.is_failure() => Phase::Failed,
        _ if status.contains("ROLLBACK") => Phase::Removed,
        _ if status.ends_with("_COMPLETE") || status.ends_with("_SKIPPED") => Phase::Done,
        _ => Phase::Running,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, resource: &str, status: &str, reason: &str) -> Event {
        Event {
            id: format!("{second}-{resource}-{status}"),
            at: Timestamp::from_second(second).expect("a time"),
            resource: resource.to_owned(),
            type_name: "AWS::X::Y".to_owned(),
            physical: String::new(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            token: String::new(),
            of_stack: resource == "demo",
        }
    }

    fn told(events: &[(i64, &str, &str, &str)]) -> Operation {
        let mut res = Operation::new(false);
        for (second, resource, status, reason) in events {
            res.take(&event(*second, resource, status, reason));
        }
        res
    }

    #[test]
    fn a_missing_signal_is_the_first_cause() {
        let res = told(&[
            (0, "demo", "CREATE_IN_PROGRESS", "User Initiated"),
            (1, "Asg", "CREATE_IN_PROGRESS", ""),
            (2, "Asg", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
            (3, "Service", "CREATE_IN_PROGRESS", ""),
            (
                600,
                "Asg",
                "UPDATE_IN_PROGRESS",
                "Failed to receive 1 resource signal(s) for the current batch.",
            ),
            (601, "Service", "CREATE_FAILED", "Resource creation cancelled"),
            (602, "Asg", "CREATE_FAILED", "Received 0 SUCCESS signal(s) out of 1."),
            (603, "demo", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Asg]."),
            (604, "Asg", "DELETE_COMPLETE", ""),
        ]);
        assert_eq!(res.first_cause().map(|it| it.resource.as_str()), Some("Asg"));
        assert_eq!((res.end(), res.rolls_back()), (None, true));
        let phases: Vec<_> = res.resources.iter().map(|it| it.phase).collect();
        assert_eq!(phases, [Phase::Removed, Phase::Cancelled]);
        assert_eq!(res.resources[0].failed_signals, 1);
    }

    #[test]
    fn signals_are_counted() {
        let res = told(&[
            (0, "demo", "CREATE_IN_PROGRESS", ""),
            (1, "Asg", "CREATE_IN_PROGRESS", ""),
            (2, "Asg", "CREATE_IN_PROGRESS", "Received SUCCESS signal with UniqueId i-1"),
            (3, "Asg", "CREATE_COMPLETE", ""),
            (4, "demo", "CREATE_COMPLETE", ""),
        ]);
        assert_eq!((res.resources[0].signals, res.resources[0].phase), (1, Phase::Done));
        assert_eq!((res.end(), res.n_done()), (Some(End::Done), 1));
    }

    #[test]
    fn each_end() {
        for (status, deletes, end) in [
            ("CREATE_COMPLETE", false, Some(End::Done)),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", false, Some(End::Done)),
            ("DELETE_COMPLETE", true, Some(End::Done)),
            ("DELETE_COMPLETE", false, Some(End::RolledBack)),
            ("ROLLBACK_COMPLETE", false, Some(End::RolledBack)),
            ("UPDATE_ROLLBACK_COMPLETE", false, Some(End::RolledBack)),
            ("ROLLBACK_FAILED", false, Some(End::NeedsHand)),
            ("CREATE_FAILED", false, Some(End::NeedsHand)),
            ("DELETE_FAILED", true, Some(End::NeedsHand)),
            ("ROLLBACK_IN_PROGRESS", false, None),
            ("REVIEW_IN_PROGRESS", false, None),
        ] {
            assert_eq!(end_of(status, deletes), end, "{status}");
        }
    }
}
