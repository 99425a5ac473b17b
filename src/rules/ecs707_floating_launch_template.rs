//! Launch templates without a fixed version.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    code: "ECS707",
    name: "floating-launch-template",
    severity: Severity::Warning,
    summary: "the group takes whatever version there is",
    page: include_str!("../../rules/ECS707.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    if fleet.kind != FleetKind::AutoScalingGroup {
        return;
    }
    let paths: [&[&str]; 2] =
        [&["LaunchTemplate"], &["MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification"]];
    for path in paths {
        if let Found::Node(node) = scenario.property(&fleet.resource, path) {
            specification(cx, scenario, fleet, node);
        }
    }
}

fn specification<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>, node: Node<'t>) {
    // The page of `LaunchTemplateSpecification` of Auto Scaling groups requires it.
    let help =
        "write `Version: !GetAtt NAME.LatestVersionNumber`, so that a new version starts new instances";
    match scenario.find(node, &["Version"]) {
        Found::Absent => {
            let named = ["LaunchTemplateId", "LaunchTemplateName"].into_iter().find_map(|it| node.entry(it));
            let Some((key, _)) = named else { return };
            let message = "the launch template has no `Version`, and CloudFormation refuses the group";
            cx.report(Finding::at(key.span(), message).on(fleet.id()).severity(Severity::Error).help(help));
        }
        Found::Node(version) => {
            let text = scenario.text(version);
            let floats = |it: &&str| matches!(*it, "$Latest" | "$Default");
            let Some(name) = text.as_ref().and_then(|it| it.known()).filter(floats) else { return };
            let Some(place) = text.as_ref().and_then(|it| it.whole_place()) else { return };
            let message =
                format!("with `{name}` a new version of the launch template changes nothing in the stack");
            cx.report(
                Finding::at(place.span, message)
                    .on(fleet.id())
                    .because_at(place.used, "used here")
                    .help(help),
            );
        }
        Found::Unknown => {}
    }
}
