//! A start of the agent that waits for itself.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS110",
    name: "agent-start-deadlock",
    severity: Severity::Error,
    summary: "the boot waits for the agent, which waits for the boot",
    page: include_str!("../../rules/ECS110.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    let Some(place) = boot.deadlock else { return };
    let message = "this waits for the agent, and the agent waits for the end of the user data: neither comes";
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because_at(place.used, "used here")
            .help("leave it out: the agent starts by itself once the user data is done"),
    );
}
