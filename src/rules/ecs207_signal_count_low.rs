//! Fewer signals than instances.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, starts};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS207",
    name: "signal-count-low",
    severity: Severity::Warning,
    summary: "fewer signals are awaited than instances start",
    page: include_str!("../../rules/ECS207.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let Ok(Some(own)) = facts.waiting(scenario, fleet) else { return };
    let (Some(count), Some(starts)) = (own.count, starts(scenario, fleet).least) else { return };
    // Who gives a percentage has thought of it.
    let percent = ["CreationPolicy", "AutoScalingCreationPolicy"];
    let thought_of = fleet.resource.node.get(percent[0]).is_some_and(|it| it.get(percent[1]).is_some());
    if !own.on_creation || count >= starts || thought_of {
        return;
    }
    let message = format!("`{}` starts {starts} instances, and waits for {count} of them", own.id);
    cx.report(
        Finding::at(own.count_place.map_or(own.policy, |it| it.span), message)
            .on(own.id)
            .because_at(own.count_place.and_then(|it| it.used), "used here")
            .help(format!("let `Count` be {starts}: the stack is complete when all have joined")),
    );
}
