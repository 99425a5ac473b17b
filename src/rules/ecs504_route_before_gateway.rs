//! A route that may be made before its gateway is attached.

use std::collections::HashMap;

use super::entries::depend_on;
use super::order::after;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::named_resource;
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::template::Entry;

pub(super) static RULE: Rule = Rule {
    code: "ECS504",
    name: "route-before-gateway",
    severity: Severity::Warning,
    summary: "the route does not wait until its gateway is attached to the VPC",
    page: include_str!("../../rules/ECS504.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    let template = facts.template();
    if template.transforms.macros || !facts.has_cluster_fleet(scenario) {
        return;
    }
    // Each gateway with what attaches it.
    let mut attachments: HashMap<&str, &Entry<'t>> = HashMap::new();
    for attachment in template.resources_of(&["AWS::EC2::VPCGatewayAttachment"]) {
        if scenario.exists(attachment) == Some(true) {
            let keys = ["InternetGatewayId", "VpnGatewayId"].into_iter();
            attachments
                .extend(keys.filter_map(|key| Some((gateway(scenario, attachment, key)?, attachment))));
        }
    }
    if attachments.is_empty() {
        return;
    }
    let later = after(facts, attachments.values().map(|it| it.id));
    for route in template.resources_of(&["AWS::EC2::Route"]) {
        if later.contains(route.id) || scenario.exists(route) != Some(true) {
            continue;
        }
        let Found::Node(node) = scenario.property(route, &["GatewayId"]) else { continue };
        let Some(gateway) = gateway(scenario, route, "GatewayId") else { continue };
        let Some(attachment) = attachments.get(gateway) else { continue };
        let message = format!(
            "`{}` does not wait for `{}`: EC2 refuses it while `{gateway}` is not attached",
            route.id, attachment.id
        );
        cx.report(
            Finding::at(node.full_span(), message)
                .on(route.id)
                .because(attachment.key.span(), "attaches the gateway")
                .help(format!("write `DependsOn: {}`", attachment.id))
                .fix(depend_on(facts, route, &[attachment.id]).map(|edits| {
                    Fix::all(Safety::Safe, format!("let `{}` wait for `{}`", route.id, attachment.id), edits)
                })),
        );
    }
}

/// The gateway of the template that a property names.
fn gateway<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>, key: &str) -> Option<&'t str> {
    let text = scenario.property_text(resource, &[key])?;
    let named = named_resource(scenario, &text, &["InternetGatewayId", "VPNGatewayId"])?;
    ["AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway"].contains(&named.type_name()).then_some(named.id)
}
