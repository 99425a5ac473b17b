//! A timeout in which no instance boots.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, seconds};
use crate::resolve::{Found, Scenario, Text};
use crate::rule::{Check, Cx, Rule};

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
    let find = |path: &[&str]| match scenario.find(fleet.resource.node, path) {
        Found::Node(node) => scenario.text(node),
        _ => None,
    };
    let mut given: Vec<(&str, Text<'t>, Option<u64>)> = Vec::new();
    let mut add = |id, text: Option<Text<'t>>| {
        let Some(text) = text else { return };
        let value = text.known().and_then(seconds);
        given.push((id, text, value));
    };
    add(fleet.id(), find(&["CreationPolicy", "ResourceSignal", "Timeout"]));
    let rolling = find(&["UpdatePolicy", "AutoScalingRollingUpdate", "WaitOnResourceSignals"]);
    if rolling.is_some_and(|it| it.known() == Some("true")) {
        add(fleet.id(), find(&["UpdatePolicy", "AutoScalingRollingUpdate", "PauseTime"]));
    }
    for condition in facts.template().resources_of(&["AWS::CloudFormation::WaitCondition"]) {
        let told = facts
            .boots(scenario, fleet)
            .iter()
            .any(|(boot, _)| boot.signals.iter().any(|it| it.url.is_some()));
        if let Some(text) = scenario.property_text(condition, &["Timeout"]).filter(|_| told) {
            let value = text.known().and_then(|it| it.parse().ok());
            given.push((condition.id, text, value));
        }
    }
    for (id, text, value) in given {
        let (Some(value), Some(place)) = (value, text.whole_place()) else { continue };
        if value == 0 || value >= MIN {
            continue;
        }
        cx.report(
            Finding::at(
                place.span,
                format!("{value} seconds are less than an instance needs to boot and to signal"),
            )
            .on(id)
            .because_at(place.used, "used here")
            .help("give it 15 minutes: the stack goes on as soon as the signal is there"),
        );
    }
}
