//! A start of the agent that waits for itself.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS110",
    name: "agent-start-deadlock",
    severity: Severity::Error,
    summary: "the boot waits for the agent, which waits for the boot",
    page: include_str!("../../rules/ECS110.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        let Some(place) = boot.deadlock else { continue };
        let message =
            "this waits for the agent, and the agent waits for the end of the user data: neither comes";
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help("leave it out, since the agent starts by itself, or add `--no-block`"),
        );
    }
}
