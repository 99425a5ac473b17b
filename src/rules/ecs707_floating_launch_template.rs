//! Groups that do not say which version of the launch template they start.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    code: "ECS707",
    name: "floating-launch-template",
    severity: Severity::Warning,
    summary: "the group does not name a version of the launch template",
    page: include_str!("../../rules/ECS707.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let Some(properties) = fleet.resource.properties() else { return };
    if fleet.kind != FleetKind::AutoScalingGroup {
        return;
    }
    cx.report_all(floating(scenario, properties, "LaunchTemplate"));
    let Found::Node(mixed) = scenario.find(properties, &["MixedInstancesPolicy", "LaunchTemplate"]) else {
        return;
    };
    cx.report_all(floating(scenario, mixed, "LaunchTemplateSpecification"));
    let Found::Node(list) = scenario.find(mixed, &["Overrides"]) else { return };
    for item in scenario.items(list).unwrap_or_default() {
        if let Found::Node(item) = item {
            cx.report_all(floating(scenario, item, "LaunchTemplateSpecification"));
        }
    }
}

/// The finding about the specification that stands under `name`.
fn floating<'t>(scenario: &Scenario<'_, 't>, parent: Node<'t>, name: &str) -> Option<Finding> {
    let Found::Node(specification) = scenario.find(parent, &[name]) else { return None };
    let help =
        format!("write `Version: !GetAtt {}.LatestVersionNumber`", template_of(scenario, specification));
    match scenario.find(specification, &["Version"]) {
        Found::Unknown => None,
        // A macro may add it.
        Found::Absent if scenario.template().transforms.macros => None,
        Found::Absent => {
            let (key, _) = parent.entry(name)?;
            let message = format!("`{name}` has no `Version`, which CloudFormation wants");
            Some(Finding::at(key.span(), message).severity(Severity::Error).help(help))
        }
        Found::Node(node) => {
            let text = scenario.text(node)?;
            let version = text.known().filter(|it| matches!(*it, "$Latest" | "$Default"))?;
            let place = text.whole_place()?;
            let message =
                format!("with `{version}` a change of the launch template does not update the group");
            Some(Finding::at(place.span, message).because_at(place.used, "used here").help(help))
        }
    }
}

/// The launch template that a specification names, as far as the template has it.
fn template_of<'t>(scenario: &Scenario<'_, 't>, specification: Node<'t>) -> &'t str {
    let Found::Node(id) = scenario.find(specification, &["LaunchTemplateId"]) else { return "NAME" };
    match scenario.text(id).as_ref().and_then(Text::only_symbol) {
        Some(Symbol::Resource(id)) => id,
        _ => "NAME",
    }
}
