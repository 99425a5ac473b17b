//! Roles that may do anything.

use crate::diagnostic::{Finding, Severity};
use crate::iam::{Actions, Effect, Resources, Words};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS410",
    name: "all-permissions",
    severity: Severity::Warning,
    summary: "the role may do anything in the account",
    page: include_str!("../../rules/ECS410.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    if !facts.has_cluster_fleet(scenario) {
        return;
    }
    let all = |words: &[Words]| {
        words.iter().find(|it| matches!(it.text.as_str(), "*" | "*:*")).and_then(|it| it.span)
    };
    for entry in facts.template().resources_of(&["AWS::IAM::Role"]) {
        if scenario.exists(entry) != Some(true) {
            continue;
        }
        let Some(role) = &*facts.role(scenario, entry.id) else { continue };
        for statement in &role.rights.statements {
            let (Actions::Only(actions), Resources::Only(resources)) =
                (&statement.actions, &statement.resources)
            else {
                continue;
            };
            let allows = statement.effect == Effect::Allow && !statement.conditional;
            let Some(span) = all(actions).filter(|_| allows && all(resources).is_some()) else { continue };
            let message = format!("`{}` may do everything with everything", entry.id);
            cx.report(Finding::at(span, message).on(entry.id).help("name the actions that it needs"));
        }
    }
}
