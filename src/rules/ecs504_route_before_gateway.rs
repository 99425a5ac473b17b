//! Routes before the attachment of their gateway.

use super::order::after;
use crate::diagnostic::{Finding, Severity};
use crate::model::named_resource;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS504",
    name: "route-before-gateway",
    severity: Severity::Warning,
    summary: "the route may be made before its gateway is attached",
    page: include_str!("../../rules/ECS504.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    let template = facts.template();
    // Networks without a cluster are other tools' business.
    if template.transforms.macros || !facts.has_cluster_fleet(scenario) {
        return;
    }
    for attachment in template.resources_of(&["AWS::EC2::VPCGatewayAttachment"]) {
        let gateway = scenario.property_text(attachment, &["InternetGatewayId"]);
        let gateway = gateway.as_ref().and_then(|it| named_resource(scenario, it, &["InternetGatewayId"]));
        let Some(gateway) = gateway.filter(|_| scenario.exists(attachment) == Some(true)) else { continue };
        let later = after(facts, std::iter::once(attachment.id));
        for route in template.resources_of(&["AWS::EC2::Route"]) {
            let target = scenario.property_text(route, &["GatewayId"]);
            let target = target.as_ref().and_then(|it| named_resource(scenario, it, &["InternetGatewayId"]));
            if target.is_none_or(|it| it.id != gateway.id)
                || later.contains(route.id)
                || scenario.exists(route) != Some(true)
            {
                continue;
            }
            let message = format!("`{}` does not wait until `{}` is attached", route.id, gateway.id);
            cx.report(
                Finding::at(route.key.span(), message)
                    .on(route.id)
                    .because(attachment.key.span(), "this attaches it")
                    .help(format!("write `DependsOn: {}`", attachment.id)),
            );
        }
    }
}
