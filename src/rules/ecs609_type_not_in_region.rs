//! Instance types that the region does not offer.

use super::instance_type_choices::choices;
use crate::catalog::instances::{self, InstanceType};
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS609",
    name: "type-not-in-region",
    severity: Severity::Warning,
    summary: "the region does not offer this instance type",
    page: include_str!("../../rules/ECS609.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    // The region of the environment may be another one when it comes to it.
    let Some(region) = scenario.world().region() else { return };
    let launch = cx.facts().launch(scenario, fleet);
    for offered in &launch.types {
        if let (Some(name), Some(place)) = (offered.text.known(), offered.text.whole_place()) {
            cx.report_all(missing(name, place, region));
        }
    }
    for (value, used) in choices(scenario.world(), &launch) {
        let place = Place { span: value.span(), used: Some(used) };
        cx.report_all(missing(value.text(), place, region));
    }
}

/// The finding about a type, unless the region offers it, or no region does.
fn missing(name: &str, place: Place, region: &str) -> Option<Finding> {
    let found = instances::find(name).filter(|it| !it.is_retired())?;
    if found.offered_in(region) != Some(false) {
        return None;
    }
    let message = format!("{region} does not offer `{name}` (as of {})", instances::as_of());
    Some(Finding::at(place.span, message).because_at(place.used, "used here").help(help(&found, region)))
}

/// The nearest that the region has: the same family and size of another generation is what is looked for.
fn help(wanted: &InstanceType, region: &str) -> String {
    let alike = |it: &InstanceType| {
        it.offered_in(region) == Some(true)
            && it.architecture == wanted.architecture
            && it.vcpus == wanted.vcpus
            && it.memory_mib == wanted.memory_mib
            && it.gpus.is_some() == wanted.gpus.is_some()
            && it.accelerators.is_some() == wanted.accelerators.is_some()
            && !it.previous_generation
    };
    match instances::all().find(alike) {
        Some(it) => format!("take a type that it offers, such as `{}`, or another region", it.name),
        None => match wanted.regions().next() {
            Some(other) => format!("take a type that it offers, or another region, such as {other}"),
            None => "take a type that it offers".to_owned(),
        },
    }
}
