//! No path of the boot sets the cluster.

use crate::boot::{Line, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::model::Joins;
use crate::resolve::Symbol;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS101",
    name: "cluster-not-set",
    severity: Severity::Error,
    summary: "nothing in the boot sets `ECS_CLUSTER`: the instances join `default`",
    page: include_str!("../../rules/ECS101.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot: _, joining, scenario, .. } = *at;
    let facts = cx.facts();
    if joining.verdict.verdict != Joins::No {
        return;
    }
    // Every other reason is told by the rule about it.
    let (span, message) = match joining.why.clone() {
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
        Some(WhyUnset::Empty(Line { place: Some(place), value, .. })) => {
            let message = match value.only_symbol() {
                Some(Symbol::Unset(name)) => {
                    format!(
                        "nothing sets `${name}`, so that `ECS_CLUSTER` is empty: the instances join `default`"
                    )
                }
                _ => "the value of `ECS_CLUSTER` is empty: the instances join `default`".to_owned(),
            };
            (place.span, message)
        }
        Some(WhyUnset::Init(place, why)) => {
            (place.span, format!("{why}: `cfn-init` does nothing, and the instances join `default`"))
        }
        _ => return,
    };
    let mut finding = Finding::at(span, message)
        .on(source.id)
        .help("append `ECS_CLUSTER=` and the name of the cluster to `/etc/ecs/ecs.config` in the user data");
    if let Some(cluster) = facts.clusters(scenario).first() {
        finding = finding.because(cluster.span, "the cluster of this template");
    }
    cx.report(finding);
}
