//! Instance types that are gone.

use super::instance_type_choices::choices;
use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS608",
    name: "retired-instance-type",
    severity: Severity::Error,
    summary: "AWS starts this instance type in no region any more",
    page: include_str!("../../rules/ECS608.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    for offered in &launch.types {
        if let (Some(name), Some(place)) = (offered.text.known(), offered.text.whole_place()) {
            cx.report_all(retired(name, place, Severity::Error));
        }
    }
    for (value, used) in choices(scenario.world(), &launch) {
        let place = Place { span: value.span(), used: Some(used) };
        cx.report_all(retired(value.text(), place, Severity::Warning));
    }
}

fn retired(name: &str, place: Place, severity: Severity) -> Option<Finding> {
    let found = instances::find(name).filter(instances::InstanceType::is_retired)?;
    let message = format!("`{name}` starts in no region any more (as of {})", instances::as_of());
    let help = match &found.gpus {
        Some(_) => "take a type of a newer family, such as `g4dn.xlarge` or `g6.xlarge`",
        None => "take a type of a newer family",
    };
    Some(Finding::at(place.span, message).severity(severity).because_at(place.used, "used here").help(help))
}
