//! Under `set -e` a failure is never signalled.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Signals};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS209",
    name: "failure-never-signalled",
    severity: Severity::Warning,
    summary: "a script that ends at its first failure tells the stack nothing of it",
    page: include_str!("../../rules/ECS209.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let Ok(Some(own)) = facts.waiting(scenario, fleet) else { return };
    let told = facts.signalling(scenario, fleet);
    for ((source, (boot, _)), told) in launch.sources.iter().zip(boots.iter()).zip(told) {
        let (Signals::Ok, Some(signal)) = (told.verdict.verdict, told.signal) else { continue };
        let Some(place) = signal.command else { continue };
        let told_elsewhere = boot.signals.iter().any(|it| it.is_failure() || it.trapped);
        if !signal.errexit || told_elsewhere {
            continue;
        }
        cx.report(
            Finding::at(
                place.span,
                "a command that fails ends the script before this line, and the stack is told nothing",
            )
            .on(source.id)
            .because(own.policy, format!("`{}` waits until its timeout then", own.id))
            .because_at(place.used, "used here")
            .help("let a trap signal: `trap '/opt/aws/bin/cfn-signal -e $? ...' EXIT`"),
        );
    }
}
