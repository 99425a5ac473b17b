//! A policy on a resource that cannot wait.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

/// What can wait
/// ([CreationPolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html)).
const SUPPORTED: [&str; 4] = [
    "AWS::AppStream::Fleet",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFormation::WaitCondition",
    "AWS::EC2::Instance",
];

pub(super) static RULE: Rule = Rule {
    code: "ECS217",
    name: "creation-policy-unsupported",
    severity: Severity::Error,
    summary: "a `CreationPolicy` on a resource that cannot wait",
    page: include_str!("../../rules/ECS217.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let template = cx.facts().template();
    if template.transforms.macros || !scenario.world().spend(template.resources.len() / 8) {
        return;
    }
    for resource in &template.resources {
        let kind = resource.type_name();
        // Other vendors' and one's own types have their own rules.
        if SUPPORTED.contains(&kind) || !kind.starts_with("AWS::") {
            continue;
        }
        let Some((key, _)) = resource.node.entry("CreationPolicy") else { continue };
        // One that is taken out by a condition is none.
        if !matches!(scenario.find(resource.node, &["CreationPolicy"]), Found::Node(_)) {
            continue;
        }
        if scenario.exists(resource) == Some(false) {
            continue;
        }
        let message = format!(
            "`{kind}` cannot wait for signals: CloudFormation takes a `CreationPolicy` on groups, instances and wait conditions"
        );
        cx.report(
            Finding::at(key.span(), message)
                .on(resource.id)
                .because(fleet.resource.key.span(), "this starts the instances")
                .help(format!("move it to `{}`", fleet.id())),
        );
    }
}
