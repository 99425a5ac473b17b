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
            let (message, near) = if action.text.contains(['*', '?']) {
                (format!("no action of `{service}` is like `{}`", action.text), Vec::new())
            } else {
                // What resembles none may be one of those that AWS took out of the list.
                let mut near = actions::near(&action.text);
                let start = format!("{}*", action.text);
                near.extend(Some(start).filter(|it| actions::exists(it) == Some(true)));
                if near.is_empty() {
                    continue;
                }
                (format!("`{service}` has no action `{}`", action.text), near)
            };
            let near: Vec<_> = near.iter().map(|it| format!("`{it}`")).collect();
            let help = match near.as_slice() {
                [] => "look for its name in the service authorization reference".to_owned(),
                _ => format!("write {}; upper and lower case are the same", near.join(" or ")),
            };
            cx.report(Finding::at(span, message).on(owner.id).help(help));
        }
    }
}
