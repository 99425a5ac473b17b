//! A timeout in which no instance boots.

use super::telling::tells;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Waiting, rolling_update, seconds};
use crate::resolve::{Found, Scenario, Text};
use crate::rule::{Check, Cx, Facts, Rule};

/// What an instance needs to boot, install and signal, in seconds: the default of CloudFormation.
const MIN: u64 = 300;

pub(super) static RULE: Rule = Rule {
    code: "ECS215",
    name: "timeout-too-short",
    severity: Severity::Warning,
    summary: "the timeout is shorter than an instance needs to boot",
    page: include_str!("../../rules/ECS215.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for (id, text, value) in timeouts(facts, scenario, fleet) {
        let (Some(value), Some(place)) = (value, text.whole_place()) else { continue };
        if value == 0 || value >= MIN {
            continue;
        }
        let given = if value == 1 { "1 second is" } else { &format!("{value} seconds are") };
        cx.report(
            Finding::at(place.span, format!("{given} less than an instance needs to boot and to signal"))
                .on(id)
                .because_at(place.used, "used here")
                .help("give it 15 minutes: the stack goes on as soon as the signal is there"),
        );
    }
}

/// How long is waited for the instances of a fleet: on creation, on updates, and by the wait conditions that its
/// boots tell.
fn timeouts<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
) -> Vec<(&'t str, Text<'t>, Option<u64>)> {
    let mut res = Vec::new();
    let mut add = |id: &'t str, found: Found<'t>, unit: fn(&str) -> Option<u64>| {
        let Found::Node(node) = found else { return };
        let Some(text) = scenario.text(node) else { return };
        let value = text.known().and_then(unit);
        res.push((id, text, value));
    };
    let on_creation = ["CreationPolicy", "ResourceSignal", "Timeout"];
    let own = facts.waiting(scenario, fleet).ok().flatten();
    if own.is_some_and(|it| it.on_creation) {
        add(fleet.id(), scenario.find(fleet.resource.node, &on_creation), seconds);
    }
    if let Found::Node(policy) = rolling_update(scenario, &fleet.resource)
        && let Found::Node(waits) = scenario.find(policy, &["WaitOnResourceSignals"])
        && scenario.text(waits).is_some_and(|it| it.known() == Some("true"))
    {
        add(fleet.id(), scenario.find(policy, &["PauseTime"]), seconds);
    }
    let boots = facts.boots(scenario, fleet);
    let all = facts.all_waiting(scenario);
    let told = |it: &&Waiting<'t>| boots.iter().any(|(it, _)| !it.signals.is_empty()) && tells(&boots, it);
    for condition in all.as_ref().as_ref().into_iter().flatten().filter(told) {
        let Some(resource) = facts.template().resource(condition.id) else { continue };
        if resource.type_name() == "AWS::CloudFormation::WaitCondition" {
            if condition.by_url {
                add(condition.id, scenario.property(resource, &["Timeout"]), |it| it.trim().parse().ok());
            } else {
                add(condition.id, scenario.find(resource.node, &on_creation), seconds);
            }
        }
    }
    res
}
