//! Policies that come after the instances.

use super::order::after;
use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, JOIN};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS408",
    name: "policy-attached-late",
    severity: Severity::Warning,
    summary: "the instances may boot before their role may register",
    page: include_str!("../../rules/ECS408.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.template().transforms.macros {
        return;
    }
    let types = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"];
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role, .. } = given else { continue };
        let Some(role) = &*facts.role(scenario, role) else { continue };
        // Joining rests on what these words say.
        let deciding: Vec<_> = JOIN.iter().filter_map(|it| role.rights.may(it).span).collect();
        for policy in facts.template().resources_of(&types) {
            let whole = policy.node.full_span();
            let decides = deciding.iter().any(|it| whole.start <= it.start && it.end <= whole.end);
            let names_role = policy.type_name() != "AWS::IAM::ManagedPolicy"
                || policy.properties().is_some_and(|it| it.get("Roles").is_some());
            if !decides
                || !names_role
                || scenario.exists(policy) != Some(true)
                || after(facts, std::iter::once(policy.id)).contains(fleet.id())
            {
                continue;
            }
            let message = format!("`{}` may come later than the instances of `{}`", policy.id, fleet.id());
            cx.report(
                Finding::at(policy.key.span(), message)
                    .on(policy.id)
                    .because(role.key, "their role, which may not register without it")
                    .because(fleet.resource.key.span(), "this does not wait for it")
                    .help(format!("write `DependsOn: {}` into `{}`", policy.id, fleet.id())),
            );
        }
    }
}
