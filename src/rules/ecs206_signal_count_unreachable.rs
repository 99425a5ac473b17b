//! More signals than instances.

use crate::boot::Signal;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind, Waiting, capacity};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

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
    let Some(waiting) = told_by(cx, scenario, fleet) else { return };
    let (Some(count), Some(starts)) = (waiting.count, capacity(scenario, fleet).desired) else { return };
    // Each instance counts once, however often it signals.
    if count <= starts || facts.launch(scenario, fleet).unknown {
        return;
    }
    let signals = if count == 1 { "signal" } else { "signals" };
    let message = match starts {
        0 => format!("`{}` waits for {count} {signals}, and `{}` starts no instance", waiting.id, fleet.id()),
        1 => format!("`{}` waits for {count} {signals}, and one instance starts", waiting.id),
        _ => format!("`{}` waits for {count} {signals}, and {starts} instances start", waiting.id),
    };
    let size = ["DesiredCapacity", "MinSize"]
        .iter()
        .find_map(|it| Some(fleet.resource.properties()?.entry(it)?.1.span()));
    let size = size.filter(|_| fleet.kind == FleetKind::AutoScalingGroup);
    cx.report(
        Finding::at(waiting.count_span.unwrap_or(waiting.policy), message)
            .on(waiting.id)
            .because_at(size, "this is how many start")
            .help(if starts == 0 {
                "take the `CreationPolicy` out, or start an instance".to_owned()
            } else {
                format!("let `Count` be {starts}")
            }),
    );
}

/// What waits for this fleet alone: itself, or the one wait condition that its boots tell while nothing else does.
fn told_by<'t>(cx: &Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Waiting<'t>> {
    let facts = cx.facts();
    if let Some(own) = facts.waiting(scenario, fleet).ok()? {
        return own.on_creation.then_some(own);
    }
    let all = facts.all_waiting(scenario);
    let mut conditions = all.as_ref().as_ref()?.iter().filter(|it| it.by_url);
    let (only, None) = (conditions.next()?, conditions.next()) else { return None };
    let tells = |it: &Signal<'_>| it.url.is_some();
    let boots = facts.boots(scenario, fleet);
    let told = boots.iter().any(|(boot, _)| boot.signals.iter().any(tells) && !boot.anything);
    (told && facts.model.fleets.len() == 1).then_some(*only)
}
