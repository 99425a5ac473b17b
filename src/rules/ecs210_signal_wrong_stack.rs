//! The signal goes to another stack.

use super::telling;
use crate::boot::Astray;
use crate::diagnostic::{Finding, Severity};
use crate::resolve::Text;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS210",
    name: "signal-wrong-stack",
    severity: Severity::Error,
    summary: "cfn-signal names something that is not this stack",
    page: include_str!("../../rules/ECS210.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, signalling: signalled, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let template = facts.template();
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
