//! Nothing waits for the instances.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, ImageFamily, Signals, capacity};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS205",
    name: "creation-not-awaited",
    severity: Severity::Info,
    summary: "the stack is green before any instance has joined",
    page: include_str!("../../rules/ECS205.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let boots = facts.boots(scenario, fleet);
    // Bottlerocket has nothing that could signal.
    let mute = boots.iter().any(|(_, image)| image.family == Some(ImageFamily::Bottlerocket));
    let told = facts.signalling(scenario, fleet);
    let silent = !told.is_empty() && told.iter().all(|it| it.verdict.verdict == Signals::NotNeeded);
    let starts = capacity(scenario, fleet).desired != Some(0);
    if facts.waiting(scenario, fleet) != Ok(None)
        || mute
        || !silent
        || !starts
        || facts.launch(scenario, fleet).nowhere.is_some()
    {
        return;
    }
    let message = format!(
        "nothing waits for the instances of `{}`: the stack is complete before any has joined",
        fleet.id()
    );
    cx.report(Finding::at(fleet.resource.key.span(), message).on(fleet.id()).help(
        "give it a `CreationPolicy` with a `ResourceSignal`, and let the user data end with `cfn-signal`",
    ));
}
