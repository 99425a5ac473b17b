//! The script ends before it sets the cluster.

use crate::boot::WhyUnset;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS108",
    name: "stops-before-join",
    severity: Severity::Error,
    summary: "the script ends before the line that sets the cluster",
    page: include_str!("../../rules/ECS108.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        let Some(WhyUnset::Stop(Some(place))) = boot.why_unset(facts.template()) else { continue };
        let by_failure = boot.stops.iter().any(|it| it.place == Some(place) && it.by_failure);
        let (message, help) = if by_failure {
            (
                "this command is known to fail, and ends the script before it sets `ECS_CLUSTER`",
                "let it succeed, for example `mkdir -p`, or write `|| true` behind it",
            )
        } else {
            ("the script ends here, before it sets `ECS_CLUSTER`", "set the cluster first")
        };
        let finding = Finding::at(place.span, message).on(source.id).because_at(place.used, "used here");
        cx.report(finding.help(help));
    }
}
