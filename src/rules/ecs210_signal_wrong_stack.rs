//! The signal goes to another stack.

use super::telling;
use crate::boot::Astray;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS210",
    name: "signal-wrong-stack",
    severity: Severity::Error,
    summary: "cfn-signal names something that is not this stack",
    page: include_str!("../../rules/ECS210.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let template = facts.template();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let signalling = facts.signalling(scenario, fleet);
    for ((source, (boot, _)), signalled) in launch.sources.iter().zip(boots.iter()).zip(signalling) {
        for signal in boot.signals.iter().filter(|it| it.astray(scenario) == Some(Astray::Stack)) {
            let (Some(stack), Some(target)) = (&signal.stack, signal.resource.as_ref().and_then(Text::known))
            else {
                continue;
            };
            // What another stack has may well be told from here.
            let Some(place) = stack.whole_place().filter(|_| template.resource(target).is_some()) else {
                continue;
            };
            let message = format!("`{}` is not this stack: `{target}` is never told", stack.display());
            cx.report(
                Finding::at(place.span, message)
                    .on(source.id)
                    .severity(telling::severity(facts, scenario, fleet, signal, signalled.verdict.verdict))
                    .because_at(place.used, "used here")
                    .help("write `--stack ${AWS::StackName}`"),
            );
        }
    }
}
