//! Watching an operation until it ends: one call a poll, told once, never taken for failed because a poll was lost.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::looking::{self, CLUSTER, GROUP, made};
use super::screen::{Mode, clock};
use super::session::{Session, Stop};
use crate::cli::Exit;
use crate::deploy::brief::Brief;
use crate::deploy::cloud::Stack;
use crate::deploy::diagnosis::Evidence;
use crate::deploy::events::{Event, Seen, last_operation};
use crate::deploy::failure::{Failure, Kind};
use crate::deploy::frame::{self, Picture, elapsed, mark};
use crate::deploy::operation::{End, Operation, Phase, Resource};
use crate::report::sanitize;

/// What is watched closely in its first seconds is watched less closely later.
const POLLS: [(u64, u64); 2] = [(30, 2), (u64::MAX, 5)];
/// When only a group of instances is left, which takes minutes.
const SLOW_POLL: Duration = Duration::from_secs(10);
/// How often it is looked at what stands behind a group that waits.
const LOOK: Duration = Duration::from_secs(15);
/// How often those without a table hear that it goes on.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How long contact may be lost.
const MAX_LOST: Duration = Duration::from_secs(600);
/// How long before the end of the time for signals the console is read: rollback destroys it.
const BEFORE_DEADLINE: i64 = 60;
/// Instances of a group that are shown beneath it.
const MAX_INSTANCES: usize = 4;

/// What is watched.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    /// The name of the stack.
    pub(super) name: &'a str,
    /// Its ARN.
    pub(super) stack_id: &'a str,
    /// What the template says; empty where there is none.
    pub(super) brief: &'a Brief,
    /// The newest event before the operation; `None` where it is not known: then it is the last operation.
    pub(super) after: Option<&'a str>,
    /// How many resources it is about.
    pub(super) total: Option<usize>,
    /// Whether it deletes the stack.
    pub(super) deletes: bool,
    /// Whether it makes the stack.
    pub(super) creates: bool,
    /// How long it is watched.
    pub(super) limit: Duration,
    /// The command that goes on watching.
    pub(super) resume: &'a str,
}

impl<'a> Target<'a> {
    /// The deletion of a stack, of which `after` was the newest event.
    pub(super) fn deletion(
        stack: &'a Stack,
        after: Option<&'a str>,
        limit: Duration,
        resume: &'a str,
    ) -> Target<'a> {
        static NOTHING: Brief = Brief::nothing();
        Target {
            name: &stack.name,
            stack_id: &stack.id,
            brief: &NOTHING,
            after,
            total: None,
            deletes: true,
            creates: false,
            limit,
            resume,
        }
    }
}

/// How it ended, and what was seen.
pub(super) struct Watched {
    /// How.
    pub(super) end: End,
    /// The state of all.
    pub(super) operation: Operation,
    /// What was seen beside them.
    pub(super) evidence: Evidence,
}

/// Called at the first failure, before the rollback is through.
pub(super) type OnFailure<'f> = dyn FnMut(&mut Session<'_>, &Operation, &Evidence) -> Result<(), Stop> + 'f;

/// Watches until the operation has ended.
pub(super) fn watch(
    session: &mut Session<'_>,
    target: &Target<'_>,
    on_failure: &mut OnFailure<'_>,
) -> Result<Watched, Stop> {
    let mut it = Watching::new(session, target);
    let res = it.run(session, on_failure);
    session.screen.clear();
    res.map(|end| Watched { end, operation: it.operation, evidence: it.evidence })
}

struct Watching<'t> {
    target: &'t Target<'t>,
    operation: Operation,
    seen: Seen,
    has_events: bool,
    evidence: Evidence,
    beneath: BTreeMap<String, Vec<String>>,
    began: Duration,
    polled: Option<Duration>,
    looked: Duration,
    n_looks: usize,
    told: Duration,
    lost: Option<(Duration, String)>,
    failure_told: bool,
}

impl<'t> Watching<'t> {
    fn new(session: &Session<'_>, target: &'t Target<'t>) -> Watching<'t> {
        let now = session.pace.since_start();
        Watching {
            target,
            operation: Operation::new(target.deletes),
            seen: Seen::default(),
            has_events: false,
            evidence: Evidence::default(),
            beneath: BTreeMap::new(),
            began: now,
            polled: None,
            looked: now,
            n_looks: 0,
            told: now,
            lost: None,
            failure_told: false,
        }
    }

    fn run(&mut self, session: &mut Session<'_>, on_failure: &mut OnFailure<'_>) -> Result<End, Stop> {
        loop {
            if let Some(exit) = session.interrupt.take() {
                self.interrupted(session, exit)?;
            }
            let now = session.pace.since_start();
            if self.polled.is_none_or(|it| now.saturating_sub(it) >= self.interval(now)) {
                self.polled = Some(now);
                self.poll(session)?;
                if self.operation.first_cause().is_some() && !self.failure_told {
                    self.failure_told = true;
                    // The rollback ends the instances, and what they could tell.
                    self.look_closely(session);
                    session.screen.clear();
                    on_failure(session, &self.operation, &self.evidence)?;
                }
                if let Some(end) = self.operation.end() {
                    return Ok(end);
                }
            }
            if now.saturating_sub(self.looked) >= LOOK {
                self.looked = now;
                self.look(session);
            }
            if now.saturating_sub(self.began) >= self.target.limit {
                return Err(self.gone(session, Exit::ContactLost, "the time to watch it is over"));
            }
            self.draw(session)?;
            session.pace.sleep(Duration::from_secs(1), &session.interrupt);
        }
    }

    /// How long until the next poll.
    fn interval(&self, now: Duration) -> Duration {
        let age = now.saturating_sub(self.began).as_secs();
        let mut running = self.operation.running().peekable();
        if age >= 30 && running.peek().is_some() && running.all(|it| it.type_name == GROUP) {
            return SLOW_POLL;
        }
        let seconds = POLLS.iter().find(|(until, _)| age < *until).map_or(5, |it| it.1);
        // Where AWS has enough of it, or is not to be reached, less often.
        Duration::from_secs(if self.lost.is_some() { seconds.max(5) * 2 } else { seconds })
    }

    fn poll(&mut self, session: &mut Session<'_>) -> Result<(), Stop> {
        match self.new_events(session) {
            Ok(events) => {
                if self.lost.take().is_some() {
                    session.screen.say(&format!(" {}  contact is back", clock(session.pace.now())))?;
                }
                for event in events {
                    let changed = self.operation.take(&event);
                    self.evidence.events.push(event.clone());
                    if changed {
                        self.tell(session, &event)?;
                    }
                    self.has_events = true;
                }
                Ok(())
            }
            // What is deleted is gone.
            Err(failure) if failure.is_no_stack() && self.target.deletes => {
                self.operation.status = "DELETE_COMPLETE".to_owned();
                Ok(())
            }
            Err(failure) => self.lose(session, &failure),
        }
    }

    /// The events of this operation that were not seen before, oldest first.
    fn new_events(&mut self, session: &Session<'_>) -> Result<Vec<Event>, Failure> {
        let target = self.target;
        let is_first = !self.has_events;
        let knows = |page: &crate::deploy::events::Page| match target.after {
            Some(after) if is_first => page.events.iter().any(|it| it.id == after),
            _ if is_first => false,
            _ => !self.seen.knows_none_of(page),
        };
        let all = session.cloud().events_until(target.stack_id, knows)?;
        let own = match target.after.and_then(|after| all.iter().position(|it| it.id == after)) {
            _ if !is_first => &all[..],
            Some(idx) => &all[idx + 1..],
            None => last_operation(&all, None),
        };
        // Those before it must not come back with a later page.
        let n_before = all.len() - own.len();
        self.seen.take(all[..n_before].to_vec());
        Ok(self.seen.take(own.to_vec()))
    }

    /// A poll that was lost is no failed deployment.
    fn lose(&mut self, session: &mut Session<'_>, failure: &Failure) -> Result<(), Stop> {
        let now = session.pace.since_start();
        let text = sanitize::short(&failure.text, 200);
        let since = match &self.lost {
            Some((since, _)) => *since,
            None => {
                session.screen.say(&format!(
                    " {}  contact lost, the stack goes on: {text}",
                    clock(session.pace.now())
                ))?;
                if failure.kind.is_login() && session.screen.mode == Mode::Live {
                    session.screen.say(
                        "           log in again in another window (`aws sso login`): this goes on by itself",
                    )?;
                }
                now
            }
        };
        self.lost = Some((since, text.clone()));
        let can_wait =
            failure.kind.is_passing() || failure.kind.is_login() && session.screen.mode == Mode::Live;
        if !can_wait || now.saturating_sub(since) >= MAX_LOST {
            let why = match failure.kind {
                Kind::Expired | Kind::NoCredentials => "the credentials are no longer valid",
                Kind::Denied => "the caller may not read the events of the stack",
                _ => "AWS is not to be reached",
            };
            return Err(self.gone(session, Exit::ContactLost, why));
        }
        Ok(())
    }

    /// The stack goes on without us.
    fn gone(&self, session: &mut Session<'_>, exit: Exit, why: &str) -> Stop {
        session.screen.clear();
        let name = sanitize::short(self.target.name, 130);
        let status = match self.operation.status.as_str() {
            "" => "status unknown".to_owned(),
            it => sanitize::short(it, 40),
        };
        Stop::new(exit, format!("{why}; {name} goes on ({status})"))
            .next(format!("watch it again: `{}`", self.target.resume))
    }

    fn interrupted(&mut self, session: &mut Session<'_>, exit: Exit) -> Result<(), Stop> {
        if session.screen.mode != Mode::Live || !session.can_ask() || exit != Exit::Interrupted {
            return Err(self.gone(session, exit, "detached"));
        }
        session.screen.clear();
        let cancel = if self.target.deletes || self.operation.rolls_back() {
            ""
        } else if self.target.creates {
            "  [c]ancel: delete the stack"
        } else {
            "  [c]ancel: back to what it was"
        };
        let question = format!(" [d]etach, the stack goes on (default){cancel}  [w]atch on ?");
        match session.ask(&question).as_deref().map(str::trim) {
            Some("w" | "W") => Ok(()),
            Some("c" | "C") if !cancel.is_empty() => self.cancel(session),
            Some(_) => Err(self.gone(session, exit, "detached")),
            None => {
                // A second Ctrl-C.
                let exit = session.interrupt.take().unwrap_or(exit);
                Err(self.gone(session, exit, "detached"))
            }
        }
    }

    fn cancel(&mut self, session: &mut Session<'_>) -> Result<(), Stop> {
        let token = super::change::unique(session);
        let cloud = session.cloud();
        let res = if self.target.creates {
            cloud.delete(self.target.stack_id, &token, &[], None)
        } else {
            cloud.cancel_update(self.target.stack_id, &token)
        };
        match res {
            Ok(()) => session.screen.say(" cancelled on purpose: what was made is taken back"),
            Err(failure) => {
                session.screen.say(&format!(" cannot be cancelled: {}", sanitize::short(&failure.text, 300)))
            }
        }
    }

    /// One line a change, for those who see no table.
    fn tell(&mut self, session: &mut Session<'_>, event: &Event) -> Result<(), Stop> {
        self.told = session.pace.since_start();
        let at = self.operation.since.map_or(0, |since| frame::seconds(since, event.at));
        if event.of_stack {
            session.screen.event(
                event.at,
                "stack",
                json!({ "stack": self.target.name, "status": event.status, "reason": event.reason }),
            )?;
            return self.line(
                session,
                &format!(
                    "{}  {:>7}  {} {}",
                    clock(event.at),
                    elapsed(at),
                    sanitize::short(self.target.name, 60),
                    sanitize::short(&event.status, 40)
                ),
            );
        }
        let Some(resource) = self.operation.resources.iter().find(|it| it.id == event.resource) else {
            return Ok(());
        };
        session.screen.event(
            event.at,
            "resource",
            json!({
                "resource": event.resource, "resource_type": event.type_name, "physical": event.physical,
                "status": event.status, "reason": event.reason, "state": mark(resource.phase),
                "signals": resource.signals, "failed_signals": resource.failed_signals,
            }),
        )?;
        // What is taken back was there all the while: that tells nothing.
        let time = resource
            .until
            .filter(|_| resource.phase != Phase::Removed)
            .map(|until| format!("  {}", elapsed(frame::seconds(resource.since, until))))
            .unwrap_or_default();
        let reason = match resource.phase {
            Phase::Failed | Phase::Cancelled => format!("  {}", sanitize::short(&event.reason, 300)),
            Phase::Running if event.reason.contains("signal") => {
                format!("  {}", sanitize::short(&event.reason, 200))
            }
            _ => String::new(),
        };
        let line = format!(
            "{}  {:>7}  {:<6} {}{time}{reason}",
            clock(event.at),
            elapsed(at),
            mark(resource.phase),
            sanitize::short(&event.resource, 60)
        );
        self.line(session, &line)
    }

    /// A line where there is no table that shows it.
    fn line(&self, session: &mut Session<'_>, line: &str) -> Result<(), Stop> {
        if session.screen.mode == Mode::Live { Ok(()) } else { session.screen.say(&format!(" {line}")) }
    }

    fn draw(&mut self, session: &mut Session<'_>) -> Result<(), Stop> {
        let now = session.pace.now();
        if session.screen.mode == Mode::Live {
            let (width, height) = session.screen.size();
            let hint = match &self.lost {
                Some(_) => "contact lost, the stack goes on",
                None => "Ctrl-C detaches, the stack goes on",
            };
            let picture = Picture {
                stack: self.target.name,
                operation: &self.operation,
                total: self.target.total,
                brief: self.target.brief,
                beneath: &self.beneath,
                hint,
                now,
                width,
                height,
            };
            session.screen.frame(&frame::frame(&picture));
            return Ok(());
        }
        let since = session.pace.since_start();
        if since.saturating_sub(self.told) < HEARTBEAT {
            return Ok(());
        }
        self.told = since;
        let one = |it: &Resource| {
            let signals = match self.target.brief.resources.get(&it.id).and_then(|it| it.waits) {
                Some(waits) => format!(", {}/{} signals", it.signals, waits.count),
                None => String::new(),
            };
            format!("{} ({}{signals})", sanitize::short(&it.id, 40), elapsed(frame::seconds(it.since, now)))
        };
        let running: Vec<_> = self.operation.running().take(4).map(one).collect();
        let what =
            if running.is_empty() { sanitize::short(&self.operation.status, 40) } else { running.join(", ") };
        let at = self.operation.since.map_or(0, |since| frame::seconds(since, now));
        session.screen.event(
            now,
            "heartbeat",
            json!({ "status": self.operation.status, "elapsed_seconds": at }),
        )?;
        self.line(session, &format!("{}  {:>7}  ..     {what}", clock(now), elapsed(at)))
    }

    /// A look at what stands behind the groups that wait: one question at a time, in turn.
    fn look(&mut self, session: &mut Session<'_>) {
        let running = |id: &str| self.operation.running().any(|it| it.id == id);
        let mut waiting = made(&self.operation, GROUP);
        waiting.retain(|(id, _)| running(id));
        if waiting.is_empty() || self.target.deletes || self.operation.rolls_back() {
            return;
        }
        self.n_looks += 1;
        for (id, group) in &waiting {
            match self.n_looks % 2 {
                1 => self.look_at_members(session, id, group),
                _ => looking::at_activities(session, &mut self.evidence, group),
            }
            if self.is_last_minute(session, id) {
                looking::at_consoles(session, &mut self.evidence, group);
            }
        }
    }

    /// All that can be seen, when it has failed.
    fn look_closely(&mut self, session: &Session<'_>) {
        let (groups, clusters) = (made(&self.operation, GROUP), made(&self.operation, CLUSTER));
        let names = |list: &'_ [(String, String)]| list.iter().map(|it| it.1.clone()).collect::<Vec<_>>();
        let (groups, clusters) = (names(&groups), names(&clusters));
        let (groups, clusters) = (groups.iter().map(String::as_str), clusters.iter().map(String::as_str));
        looking::closely(session, &mut self.evidence, groups, clusters);
    }

    fn look_at_members(&mut self, session: &mut Session<'_>, id: &str, group: &str) {
        let states = looking::at_members(session, &mut self.evidence, group);
        if states.is_empty() {
            return;
        }
        let now = session.pace.now();
        let mut lines = Vec::new();
        for (instance, state) in &states {
            lines.push(format!("{instance}  {}", sanitize::short(state, 100)));
            // Whoever reads the stream has gone when this fails, which the next line finds out.
            let fields = json!({ "resource": id, "instance": instance, "state": state });
            let _ = session.screen.event(now, "instance", fields);
        }
        lines.truncate(MAX_INSTANCES);
        self.beneath.insert(id.to_owned(), lines);
        if self.operation.resources.iter().any(|it| it.id == id && it.failed_signals > 0) {
            looking::at_consoles(session, &mut self.evidence, group);
        }
    }

    /// Whether the time for signals is over soon: then the rollback ends the instances, and what they could tell.
    fn is_last_minute(&self, session: &Session<'_>, id: &str) -> bool {
        let Some(limit) = self.target.brief.resources.get(id).and_then(|it| it.waits?.seconds) else {
            return false;
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let since = self.operation.resources.iter().find(|it| it.id == id).map(|it| it.since);
        since.is_some_and(|since| frame::seconds(since, session.pace.now()) >= limit - BEFORE_DEADLINE)
    }
}
