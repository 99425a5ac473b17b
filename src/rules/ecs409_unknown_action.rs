//! An action that is misspelt.

use crate::catalog::actions;
use crate::diagnostic::{Finding, Severity};
use crate::iam::{Actions, statements};
use crate::resolve::{SYMBOL, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS409",
    name: "unknown-action",
    severity: Severity::Warning,
    summary: "a policy names an action that its service does not have",
    page: include_str!("../../rules/ECS409.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    for (owner, statement) in statements(scenario) {
        let (Actions::Only(list) | Actions::AllBut(list)) = &statement.actions else { continue };
        for action in list.iter().filter(|it| !it.text.contains(SYMBOL)) {
            let Some(span) = action.span else { continue };
            if actions::exists(&action.text) != Some(false) {
                continue;
            }
            let service = action.text.split(':').next().unwrap_or_default();
            let near = actions::near(&action.text);
            let near: Vec<_> = near.iter().map(|it| format!("`{it}`")).collect();
            let message = if action.text.contains(['*', '?']) {
                format!("no action of `{service}` is like `{}`", action.text)
            } else {
                format!("`{service}` has no action `{}`", action.text)
            };
            let help = if near.is_empty() {
                "look for its name in the service authorization reference".to_owned()
            } else {
                format!("write {}: upper and lower case are the same", near.join(" or "))
            };
            cx.report(Finding::at(span, message).on(owner.id).help(help));
        }
    }
}
