//! Actions that do not exist.

use crate::catalog::actions;
use crate::diagnostic::{Finding, Severity};
use crate::iam::Actions;
use crate::resolve::{SYMBOL, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS409",
    name: "unknown-action",
    severity: Severity::Warning,
    summary: "no service has this action",
    page: include_str!("../../rules/ECS409.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    if !facts.has_cluster_fleet(scenario) {
        return;
    }
    for entry in facts.template().resources_of(&["AWS::IAM::Role"]) {
        if scenario.exists(entry) != Some(true) {
            continue;
        }
        let Some(role) = &*facts.role(scenario, entry.id) else { continue };
        for statement in &role.rights.statements {
            let (Actions::Only(words) | Actions::AllBut(words)) = &statement.actions else { continue };
            for word in words {
                let Some(span) = word.span.filter(|_| !word.text.contains(SYMBOL)) else { continue };
                if actions::exists(&word.text) != Some(false) {
                    continue;
                }
                cx.report_with(|| {
                    let near = actions::near(&word.text);
                    let help = match near.as_slice() {
                        [] => "look it up in the Service Authorization Reference".to_owned(),
                        near => format!(
                            "did you mean {}?",
                            near.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
                        ),
                    };
                    let message = format!("there is no action `{}`: it allows nothing", word.text);
                    Finding::at(span, message).on(entry.id).help(help)
                });
            }
        }
    }
}
