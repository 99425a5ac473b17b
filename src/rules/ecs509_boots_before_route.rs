//! Instances before their way out.

use std::collections::BTreeSet;

use super::order::after;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS509",
    name: "boots-before-route",
    severity: Severity::Warning,
    summary: "the instances boot before their way out is there",
    page: include_str!("../../rules/ECS509.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.template().transforms.macros {
        return;
    }
    let paths = facts.paths(scenario, fleet);
    let hops: BTreeSet<&'t str> =
        paths.iter().filter(|it| it.missing.is_none()).flat_map(|it| it.way.hops.iter().copied()).collect();
    let mut late: Vec<_> = hops
        .into_iter()
        .filter(|it| !after(facts, std::iter::once(*it)).contains(fleet.id()))
        .filter_map(|it| facts.template().resource(it))
        .filter(|it| scenario.exists(it) == Some(true))
        .collect();
    late.sort_by_key(|it| it.key.span().start);
    if late.is_empty() {
        return;
    }
    let ids: Vec<_> = late.iter().map(|it| it.id).collect();
    let named: Vec<_> = ids.iter().map(|it| format!("`{it}`")).collect();
    let message = format!("`{}` does not wait for its way out: {}", fleet.id(), named.join(", "));
    let mut finding = Finding::at(fleet.resource.key.span(), message)
        .on(fleet.id())
        .help(format!("write `DependsOn: [{}]`", ids.join(", ")));
    for resource in late {
        finding = finding.because(resource.key.span(), "may be made later");
    }
    cx.report(finding);
}
