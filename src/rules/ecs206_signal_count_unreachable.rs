//! More signals than instances.

use super::telling::{is_for, is_open, tells};
use crate::boot::Boot;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind, Image, Waiting, starts};
use crate::resolve::{Found, Place, Scenario, Text};
use crate::rule::{Check, Cx, Facts, Rule};
use crate::template::Form;

pub(super) static RULE: Rule = Rule {
    code: "ECS206",
    name: "signal-count-unreachable",
    severity: Severity::Error,
    summary: "more signals are awaited than instances start",
    page: include_str!("../../rules/ECS206.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let own_starts = starts(scenario, fleet).most;
    for waiting in awaited(facts, scenario, fleet) {
        let (Some(count), Some(least)) = (waiting.count, waiting.least) else { continue };
        if own_starts.is_none_or(|it| least <= it) {
            continue;
        }
        let Some(n_starts) = most_signals(facts, scenario, &waiting).filter(|it| *it < least) else {
            continue;
        };
        let awaited = match (count, least == count) {
            (1, _) => "1 signal".to_owned(),
            (_, true) => format!("{count} signals"),
            (_, false) => format!("at least {least} of {count} signals"),
        };
        let started = match n_starts {
            0 => "no instance starts".to_owned(),
            1 => "one instance starts".to_owned(),
            _ => format!("{n_starts} instances start"),
        };
        let span = waiting.count_place.map_or(waiting.policy, |it| it.span);
        let help = match n_starts {
            0 if waiting.by_url => "start an instance, or take the wait condition out".to_owned(),
            0 => "start an instance, or take the `CreationPolicy` out".to_owned(),
            _ => format!("let `Count` be {n_starts}"),
        };
        cx.report(
            Finding::at(span, format!("`{}` waits for {awaited}, and {started}", waiting.id))
                .on(waiting.id)
                .because_at(waiting.count_place.and_then(|it| it.used), "used here")
                .because_at(size_place(scenario, fleet).map(|it| it.span), "this is how many start")
                .help(help),
        );
    }
}

/// What waits for this fleet while the stack is created: itself, and the wait conditions that its boots tell.
fn awaited<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Vec<Waiting<'t>> {
    let own = facts.waiting(scenario, fleet).ok().flatten().filter(|it| it.on_creation);
    let mut res: Vec<_> = own.into_iter().collect();
    let boots = facts.boots(scenario, fleet);
    if boots.iter().any(|(boot, _)| !boot.signals.is_empty()) {
        let all = facts.all_waiting(scenario);
        let conditions = all.as_ref().as_ref().into_iter().flatten().filter(|it| {
            let kind = facts.template().resource(it.id).map(|it| it.type_name());
            kind == Some("AWS::CloudFormation::WaitCondition") && tells(&boots, it)
        });
        res.extend(conditions.copied());
    }
    res
}

/// How many signals can come at most: one of each instance of each fleet that tells it. `None` when only deployment
/// can tell.
fn most_signals<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    waiting: &Waiting<'t>,
) -> Option<u32> {
    // Any of those may tell it.
    if facts.model.n_left_out > 0 {
        return None;
    }
    if waiting.by_url && is_known_elsewhere(facts, waiting) {
        return None;
    }
    let mut sum = 0_u32;
    for fleet in &facts.model.fleets {
        let there = scenario.exists(&fleet.resource);
        if there == Some(false) {
            continue;
        }
        let boots = facts.boots(scenario, fleet);
        let own = fleet.id() == waiting.id;
        let tells = own || tells(&boots, waiting);
        if !own && boots.iter().any(|(boot, _)| boot.signals.iter().any(is_open)) {
            return None;
        }
        if !tells {
            continue;
        }
        let most = starts(scenario, fleet).most.filter(|_| there == Some(true))?;
        let unknown = facts.launch(scenario, fleet).unknown;
        if most > 0 && (unknown || boots.iter().any(|it| may_count_twice(it, waiting))) {
            return None;
        }
        sum = sum.saturating_add(most);
    }
    Some(sum)
}

/// Whether one instance may count more than once: its signals have ids of their own.
fn may_count_twice((boot, _): &(Boot<'_>, Image), waiting: &Waiting<'_>) -> bool {
    let named = boot.signals.iter().any(|it| is_for(it, waiting) && it.id.is_some());
    // What goes to a URL may be sent by any program.
    let written = || boot.text.as_ref().is_some_and(|it| it.as_str().contains("UniqueId"));
    named || (waiting.by_url && (boot.anything || written()))
}

/// Whether the handle of a wait condition is named in more than one place, so that something else may tell it.
fn is_known_elsewhere(facts: &Facts<'_, '_>, waiting: &Waiting<'_>) -> bool {
    let template = facts.template();
    let Some(handle) = waiting.handle.filter(|_| !facts.may_be_named_elsewhere()) else { return true };
    let naming = facts.references_to(handle).filter(|it| {
        let by = template.resource(it.site.id).map_or("", |it| it.type_name());
        it.form != Form::DependsOn && by != "AWS::CloudFormation::WaitCondition"
    });
    naming.count() != 1
}

/// Where it is written how many instances a group starts.
fn size_place<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Place> {
    if fleet.kind != FleetKind::AutoScalingGroup {
        return None;
    }
    let size = |name: &str| match scenario.property(&fleet.resource, &[name]) {
        Found::Node(node) => scenario.text(node),
        _ => None,
    };
    size("DesiredCapacity").or_else(|| size("MinSize")).as_ref().and_then(Text::whole_place)
}
