//! Groups that start from nothing, or from two things.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS708",
    name: "launch-source-count",
    severity: Severity::Error,
    summary: "a group starts its instances from one source, no more and no less",
    page: include_str!("../../rules/ECS708.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

/// What a group may start its instances from.
const SOURCES: [&str; 4] =
    ["LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName", "InstanceId"];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    if fleet.kind != FleetKind::AutoScalingGroup {
        return;
    }
    // A macro may add one.
    let macros = cx.facts().template().transforms.macros;
    let found = SOURCES.map(|it| (it, scenario.property(&fleet.resource, &[it])));
    let key = |name: &str| Some(fleet.resource.properties()?.entry(name)?.0.span());
    let given: Vec<_> = found
        .iter()
        .filter(|(_, it)| matches!(it, Found::Node(_)))
        .filter_map(|(name, _)| Some((*name, key(name)?)))
        .collect();
    match given.as_slice() {
        [] if found.iter().all(|(_, it)| *it == Found::Absent) && !macros => cx.report(
            Finding::at(fleet.resource.key.span(), "the group has nothing to start its instances from")
                .help("name a launch template under `LaunchTemplate`"),
        ),
        [(first, at), rest @ ..] => cx.report_all(rest.iter().map(|(second, span)| {
            let message = format!("the group has `{first}` already, and takes only one of the two");
            Finding::at(*span, message)
                .because(*at, "this is the other")
                .help(format!("leave `{first}` or `{second}` away"))
        })),
        [] => {}
    }
}
