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

/// So many are rewritten: each looks at all references of the template.
const MAX_FIXES: usize = 20;

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    let (template, source) = (facts.template(), facts.parse.tree.source());
    let configurations = template.resources_of(&["AWS::AutoScaling::LaunchConfiguration"]);
    for (idx, resource) in configurations.enumerate() {
        let Some(type_name) = resource.node.get("Type") else { continue };
        let fix =
            (idx < MAX_FIXES).then(|| as_launch_template(template, facts.references(), source, resource));
        let message = "accounts made since October 2024 cannot create a launch configuration";
        cx.report(
            Finding::at(type_name.span(), message)
                .on(resource.id)
                .fix(fix.flatten())
                .help("write an `AWS::EC2::LaunchTemplate` and name it under `LaunchTemplate` of the group"),
        );
    }
}
