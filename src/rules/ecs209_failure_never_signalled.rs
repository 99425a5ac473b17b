//! Under `set -e` a failure is never signalled.

use crate::boot::Signal;
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS209",
    name: "failure-never-signalled",
    severity: Severity::Warning,
    summary: "a script that ends at its first failure tells the stack nothing of it",
    page: include_str!("../../rules/ECS209.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let (Ok(own), all) = (facts.waiting(scenario, fleet), facts.all_waiting(scenario)) else { return };
    let by_url = || all.as_ref().as_ref().and_then(|it| it.iter().find(|it| it.by_url)).copied();
    let Some(own) = own.or_else(by_url) else { return };
    if boot.signals.iter().any(|it| it.is_failure() || it.trapped || !it.certain && it.guarded) {
        return;
    }
    let to_own = |it: &&Signal<'_>| match &it.resource {
        Some(resource) => resource.known() == Some(own.id),
        None => own.by_url && it.url.is_some(),
    };
    let signal = boot.signals.iter().filter(to_own).find(|it| it.errexit && it.is_sent());
    let Some(place) = signal.and_then(|it| it.command) else { return };
    let message = "a command that fails ends the script before this line, and the stack is told nothing";
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because(own.policy, format!("`{}` waits until its timeout then", own.id))
            .because_at(place.used, "used here")
            .help("let a trap signal: `trap '/opt/aws/bin/cfn-signal -e $? ...' EXIT`"),
    );
}
