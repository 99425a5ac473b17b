//! Misspelt instance types.

use super::instance_type_choices::choices;
use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS607",
    name: "unknown-instance-type",
    severity: Severity::Error,
    summary: "AWS has no instance type of this name",
    page: include_str!("../../rules/ECS607.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

/// What looking for near names is worth of the steps that a template may take.
const STEPS: usize = 500;

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    for offered in &launch.types {
        if let (Some(name), Some(place)) = (offered.text.known(), offered.text.whole_place()) {
            cx.report_all(unknown(scenario, name, place, Severity::Error));
        }
    }
    for (value, used) in choices(scenario.world(), &launch) {
        let place = Place { span: value.span(), used: Some(used) };
        cx.report_all(unknown(scenario, value.text(), place, Severity::Warning));
    }
}

/// The finding about a name, unless the type is known.
fn unknown(scenario: &Scenario<'_, '_>, name: &str, place: Place, at_most: Severity) -> Option<Finding> {
    if instances::find(name).is_some() {
        return None;
    }
    let near = if scenario.world().spend(STEPS) { instances::near_names(name) } else { Vec::new() };
    let (severity, message) = if instances::family_is_known(name) || !near.is_empty() {
        (at_most, format!("there is no instance type `{name}`"))
    } else {
        (Severity::Warning, format!("the instance type `{name}` is not known as of {}", instances::as_of()))
    };
    let near: Vec<_> = near.iter().map(|it| format!("`{it}`")).collect();
    let help = match near.as_slice() {
        [] => "look the name up with `aws ec2 describe-instance-types`".to_owned(),
        _ => format!("did you mean {}?", near.join(" or ")),
    };
    Some(Finding::at(place.span, message).severity(severity).because_at(place.used, "used here").help(help))
}
