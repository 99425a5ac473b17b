//! A test on the running machine decides whether the cluster is set.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS117",
    name: "joins-only-sometimes",
    severity: Severity::Warning,
    summary: "one path of the boot sets the cluster, another does not",
    page: include_str!("../../rules/ECS117.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        let Some(line) = boot.sometimes("ECS_CLUSTER") else { continue };
        let Some(place) = line.place else { continue };
        cx.report(
            Finding::at(place.span, "the cluster is set on one path of the script only: on the other the instances join `default`")
                .on(source.id)
                .because_at(place.used, "used here")
                .help("set `ECS_CLUSTER` on every path, outside of the test"),
        );
    }
}
