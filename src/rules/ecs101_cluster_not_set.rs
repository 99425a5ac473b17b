//! No path of the boot sets the cluster.

use crate::boot::{Line, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Joins};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS101",
    name: "cluster-not-set",
    severity: Severity::Error,
    summary: "nothing in the boot sets `ECS_CLUSTER`: the instances join `default`",
    page: include_str!("../../rules/ECS101.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let joining = facts.joining(scenario, fleet);
    for ((source, (boot, _)), joining) in launch.sources.iter().zip(boots.iter()).zip(&joining) {
        if joining.verdict.verdict != Joins::No {
            continue;
        }
        // Every other reason is told by the rule about it.
        let (span, message) = match boot.why_unset(facts.template()) {
            Some(WhyUnset::Nothing) => {
                let span = source.key_of(scenario, "UserData").unwrap_or(source.key);
                (
                    span,
                    format!(
                        "nothing in the boot of `{}` sets `ECS_CLUSTER`: the instances join `default`",
                        source.id
                    ),
                )
            }
            Some(WhyUnset::Empty(Line { place: Some(place), .. })) => {
                (place.span, "the value of `ECS_CLUSTER` is empty: the instances join `default`".to_owned())
            }
            _ => continue,
        };
        let mut finding = Finding::at(span, message).on(source.id).help(
            "append `ECS_CLUSTER=` and the name of the cluster to `/etc/ecs/ecs.config` in the user data",
        );
        if let Some(cluster) = facts.clusters(scenario).first() {
            finding = finding.because(cluster.span, "the cluster of this template");
        }
        cx.report(finding);
    }
}
