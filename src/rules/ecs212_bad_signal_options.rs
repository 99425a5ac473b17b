//! Options that cfn-signal refuses.

use super::telling;
use crate::boot::OptionProblem;
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS212",
    name: "bad-signal-options",
    severity: Severity::Error,
    summary: "cfn-signal refuses its options, or takes them for something else",
    page: include_str!("../../rules/ECS212.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, signalling: signalled, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    for signal in &boot.signals {
        // What follows from the first mistake is no other one.
        let problems = signal.problems.iter().filter(|_| !signal.unclear);
        let Some((problem, place)) = problems.min_by_key(|(it, _)| !it.is_proved()) else { continue };
        let Some(place) = place else { continue };
        let (message, help) = told(*problem);
        let worst = telling::severity(facts, scenario, fleet, signal, signalled.verdict.verdict);
        let severity = if problem.is_proved() { worst } else { Severity::Warning };
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .severity(severity)
                .because_at(place.used, "used here")
                .help(help),
        );
    }
}

/// What is wrong, and what to do.
fn told(problem: OptionProblem) -> (&'static str, &'static str) {
    match problem {
        OptionProblem::Unknown => (
            "`cfn-signal` has no such option: it ends with an error and signals nothing",
            "the options are `-e`, `-s`, `-i`, `-r`, `-d`, `--stack`, `--resource`, `--url`, `--region`, `--role` and those \
             of a proxy",
        ),
        OptionProblem::BadSuccess => (
            "`-s` of `cfn-signal` is `--success` and takes true or false: it signals nothing",
            "write `--stack`",
        ),
        OptionProblem::ReasonForResource => (
            "`-r` of `cfn-signal` is `--reason`: no resource is named, and nothing is signalled",
            "write `--resource`",
        ),
        OptionProblem::BadExitCode => {
            ("`-e` of `cfn-signal` takes a number: it signals nothing", "write `-e $?` or `-e 0`")
        }
        OptionProblem::NoTarget => (
            "neither a resource nor a URL is named: nothing is signalled",
            "write `--stack ${AWS::StackName} --resource NAME`",
        ),
        OptionProblem::NoStack => (
            "a resource is named without its stack: nothing is signalled",
            "write `--stack ${AWS::StackName}`",
        ),
        OptionProblem::TwoTargets => {
            ("a resource and a URL are named: nothing is signalled", "name one of the two")
        }
    }
}
