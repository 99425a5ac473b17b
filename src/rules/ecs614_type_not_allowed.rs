//! Instance types that the project does not allow.

use super::instance_type_choices::choices;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS614",
    name: "type-not-allowed",
    severity: Severity::Error,
    summary: "an instance type is not among those that the configuration allows",
    page: include_str!("../../rules/ECS614.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let mut report = |name: &str, place: Place, severity| {
        if !facts.house.allows_type(name) {
            let finding = Finding::at(place.span, format!("`{name}` is in none of `instance-types`"));
            let help = "take a type that the configuration allows, or add this one there";
            cx.report(finding.severity(severity).because_at(place.used, "used here").help(help));
        }
    };
    for offered in &launch.types {
        if let (Some(name), Some(place)) = (offered.text.known(), offered.text.whole_place()) {
            report(name, place, Severity::Error);
        }
    }
    for (value, used) in choices(scenario.world(), &launch) {
        report(value.text(), Place { span: value.span(), used: Some(used) }, Severity::Warning);
    }
}
