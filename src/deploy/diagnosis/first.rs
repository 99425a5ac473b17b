//! The first cause: the first resource that failed on its own, also inside nested stacks, and what fell with it.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use crate::deploy::events::Event;

/// Stacks nested deeper are not followed.
const MAX_DEPTH: usize = 8;

/// The first cause among the events.
#[derive(Clone, Debug)]
pub(super) struct First<'e> {
    /// The row that says it.
    pub(super) event: &'e Event,
    /// The nested stacks around it, the outer first, by logical id: empty where it is in the stack itself.
    pub(super) within: Vec<&'e str>,
    /// The events of the stack that it is in.
    pub(super) events: &'e [Event],
    /// What was given up because of it.
    pub(super) cancelled: Vec<&'e str>,
    /// What failed later on its own: resource and reason.
    pub(super) also: Vec<(&'e str, &'e str)>,
}

/// Finds the first cause; `None` while nothing has failed.
pub(super) fn first(evidence: &Evidence) -> Option<First<'_>> {
    let mut res = within(evidence, &evidence.events, 0)?;
    // What was given up in the stack itself counts also where the cause is in a nested one.
    res.cancelled.extend(cancelled(&evidence.events));
    let mut seen = BTreeSet::new();
    let cause = res.event.resource.as_str();
    res.cancelled.retain(|it| seen.insert(*it) && *it != cause && !res.within.contains(it));
    Some(res)
}

fn within<'e>(evidence: &'e Evidence, events: &'e [Event], depth: usize) -> Option<First<'e>> {
    let own = |it: &&Event| it.is_failure() && !it.of_stack && !it.is_cancelled();
    let Some(event) = events.iter().find(own) else { return of_the_stack(events) };
    if event.type_name == "AWS::CloudFormation::Stack" && depth < MAX_DEPTH {
        let nested = nested_events(evidence, event);
        if let Some(mut res) = nested.and_then(|it| within(evidence, it, depth + 1)) {
            res.within.insert(0, &event.resource);
            return Some(res);
        }
    }
    // What fails after the rollback has begun is of the rollback; each resource is told of once.
    let mut told = BTreeSet::from([event.resource.as_str()]);
    let later = events.iter().filter(own).filter(|it| told.insert(it.resource.as_str()));
    let also = later.map(|it| (it.resource.as_str(), it.reason.as_str())).collect();
    Some(First { event, within: Vec::new(), events, cancelled: cancelled(events).collect(), also })
}

/// The stack failed and no resource did: an export is missing, somebody cancelled the update, or only rows of what was
/// given up are left.
fn of_the_stack(events: &[Event]) -> Option<First<'_>> {
    let stack = |it: &&Event| {
        let fails = it.is_failure() || it.status.ends_with("ROLLBACK_IN_PROGRESS");
        it.of_stack && fails && !it.reason.is_empty() && !is_echo(&it.reason)
    };
    let given_up = || events.iter().find(|it| it.is_failure() && !it.of_stack);
    let failed = || events.iter().find(|it| it.of_stack && it.is_failure());
    let event = events.iter().find(stack).or_else(given_up).or_else(failed)?;
    let cancelled = cancelled(events).collect();
    Some(First { event, within: Vec::new(), events, cancelled, also: Vec::new() })
}

/// Whether a reason of a stack only repeats that something in it failed.
fn is_echo(reason: &str) -> bool {
    reason.contains("The following resource(s) failed to")
}

/// The events of the nested stack that a row of its parent is about: the id stands beside it or in the reason.
fn nested_events<'e>(evidence: &'e Evidence, event: &Event) -> Option<&'e [Event]> {
    let named = |(id, _): &(&String, &Vec<Event>)| event.reason.contains(id.as_str());
    let by_id = evidence.nested.get(&event.physical);
    by_id.or_else(|| evidence.nested.iter().find(named).map(|it| it.1)).map(Vec::as_slice)
}

fn cancelled(events: &[Event]) -> impl Iterator<Item = &str> {
    events.iter().filter(|it| it.is_failure() && it.is_cancelled()).map(|it| it.resource.as_str())
}

impl First<'_> {
    /// How long the resource was worked on, in seconds.
    pub(super) fn seconds(&self) -> Option<i64> {
        let own = |it: &&Event| it.resource == self.event.resource && it.status.ends_with("IN_PROGRESS");
        let verb = self.event.status.split('_').next().unwrap_or_default();
        let since = self.events.iter().filter(own).find(|it| it.status.starts_with(verb))?;
        Some(self.event.at.duration_since(since.at).as_secs()).filter(|it| *it >= 0)
    }

    /// What was done to it: `created`, `updated`, `deleted`.
    pub(super) fn verb(&self) -> &'static str {
        match self.event.status.split('_').next() {
            Some("CREATE" | "ROLLBACK") => "created",
            Some("DELETE") => "deleted",
            Some("IMPORT") => "imported",
            _ => "updated",
        }
    }

    /// The id at AWS of a resource of the same stack.
    pub(super) fn physical(&self, id: &str) -> Option<&str> {
        let own = |it: &&Event| it.resource == id && !it.physical.is_empty() && !it.of_stack;
        self.events.iter().rev().find(own).map(|it| it.physical.as_str())
    }

    /// The reasons that the resource was given, in order.
    pub(super) fn reasons(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter(|it| it.resource == self.event.resource).map(|it| it.reason.as_str())
    }
}
