//! Launch configurations, which new accounts cannot create.

use super::launch_template::as_launch_template;
use crate::diagnostic::{Finding, Safety, Severity};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS701",
    name: "launch-configuration",
    severity: Severity::Warning,
    summary: "accounts made since October 2024 cannot create launch configurations",
    page: include_str!("../../rules/ECS701.md"),
    since: "0.1.0",
    fix: Some(Safety::DisplayOnly),
    check: Check::Template(check),
};

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    for resource in &facts.template().resources {
        if resource.type_name() != "AWS::AutoScaling::LaunchConfiguration" {
            continue;
        }
        let Some(type_name) = resource.node.get("Type") else { continue };
        let message = "accounts made since October 2024 cannot create a launch configuration";
        cx.report(
            Finding::at(type_name.span(), message)
                .on(resource.id)
                .fix(as_launch_template(
                    facts.template(),
                    facts.references(),
                    facts.parse.tree.source(),
                    resource,
                ))
                .help("write an `AWS::EC2::LaunchTemplate` and name it under `LaunchTemplate` of the group"),
        );
    }
}
