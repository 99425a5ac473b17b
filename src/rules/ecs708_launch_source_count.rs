//! Groups with no launch source, or several.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS708",
    name: "launch-source-count",
    severity: Severity::Error,
    summary: "a group needs one launch source, and one only",
    page: include_str!("../../rules/ECS708.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

/// The properties of a group that say what it starts.
const SOURCES: [&str; 4] =
    ["LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy", "InstanceId"];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    if fleet.kind != FleetKind::AutoScalingGroup || cx.facts().template().has_foreign_parts() {
        return;
    }
    let there: Vec<_> = SOURCES
        .iter()
        .map(|it| (*it, scenario.property(&fleet.resource, &[it])))
        .filter(|it| it.1 != Found::Absent)
        .collect();
    let help =
        "keep one of `LaunchTemplate`, `MixedInstancesPolicy`, `LaunchConfigurationName` and `InstanceId`";
    match there.as_slice() {
        [_] => {}
        [] => {
            if fleet.resource.properties().is_some_and(|it| it.get("<<").is_some()) {
                return;
            }
            let message = format!("nothing says what `{}` is to start", fleet.id());
            cx.report(
                Finding::at(fleet.resource.key.span(), message)
                    .on(fleet.id())
                    .help("name an `AWS::EC2::LaunchTemplate` under `LaunchTemplate`"),
            );
        }
        [first, .., last] => {
            // One that only deployment can tell may be none.
            if there.iter().any(|it| it.1 == Found::Unknown) {
                return;
            }
            let key =
                |name: &str| fleet.resource.properties().and_then(|it| it.entry(name)).map(|it| it.0.span());
            let (Some(span), Some(other)) = (key(last.0), key(first.0)) else { return };
            let message = format!("`{}` has `{}` and `{}`: a group takes one", fleet.id(), first.0, last.0);
            cx.report(Finding::at(span, message).on(fleet.id()).because(other, "and this").help(help));
        }
    }
}
