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

/// No more actions are looked up; real templates have some hundred.
const MOST: usize = 2_000;

/// No more findings are told: each compares the name with all names of its service.
const MOST_TOLD: usize = 100;

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    // Rights without a cluster are other tools' business.
    if !cx.facts().has_cluster_fleet(scenario) {
        return;
    }
    let all = statements(scenario);
    let words = all.iter().flat_map(|(owner, statement)| {
        let list = match &statement.actions {
            Actions::Only(list) | Actions::AllBut(list) => list.as_slice(),
            Actions::Unknown => &[],
        };
        list.iter().map(move |it| (owner, it))
    });
    let unknown = words.take(MOST).filter(|(_, it)| {
        !it.text.contains(SYMBOL) && it.span.is_some() && actions::exists(&it.text) == Some(false)
    });
    for (owner, action) in unknown.take(MOST_TOLD) {
        let (Some(span), Some((message, help))) = (action.span, told(&action.text)) else { continue };
        cx.report(Finding::at(span, message).on(owner.id).help(help));
    }
}

/// What is said of an action that is not listed, and what to do. What resembles none is left alone: it may be one of
/// those that AWS took out of the list.
fn told(action: &str) -> Option<(String, String)> {
    let service = action.split(':').next().unwrap_or_default();
    if action.contains(['*', '?']) {
        let help = "look for its name in the service authorization reference".to_owned();
        return Some((format!("no action of `{service}` is like `{action}`"), help));
    }
    let mut near = actions::near(action);
    if near.is_empty() {
        let start = format!("{action}*");
        near.extend(Some(start).filter(|it| actions::exists(it) == Some(true)));
    }
    let near: Vec<_> = near.iter().map(|it| format!("`{it}`")).collect();
    let help = format!("write {}; upper and lower case are the same", near.join(" or "));
    (!near.is_empty()).then(|| (format!("`{service}` has no action `{action}`"), help))
}
