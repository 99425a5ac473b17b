//! Instances that may boot before their way out is there.

use super::entries::depend_on;
use super::order::{after, before};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::{Answer, Fleet, starts};
use crate::network::Hop;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS509",
    name: "boots-before-route",
    severity: Severity::Warning,
    summary: "the instances do not wait for the route and the association that lead out of their subnet",
    page: include_str!("../../rules/ECS509.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

/// How many resources the message names; the labels name all.
const NAMED: usize = 2;

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let idle = starts(scenario, fleet).most == Some(0);
    if idle || facts.template().transforms.macros || facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    let paths = facts.paths(scenario, fleet);
    // What leads nowhere is not worth waiting for.
    let mut hops: Vec<Hop<'t>> = Vec::new();
    for hop in paths.iter().filter(|it| it.missing.is_none()).flat_map(|it| &it.way.hops) {
        if !hops.iter().any(|it| it.resource.id == hop.resource.id) {
            hops.push(*hop);
        }
    }
    if hops.is_empty() {
        return;
    }
    let earlier = before(facts, fleet.id());
    // A NAT instance that the route leads to cannot wait for it.
    let later = after(facts, std::iter::once(fleet.id()));
    hops.retain(|it| !earlier.contains(it.resource.id) && !later.contains(it.resource.id));
    if hops.is_empty() {
        return;
    }
    let ids: Vec<_> = hops.iter().map(|it| it.resource.id).collect();
    let named: Vec<_> = ids.iter().take(NAMED).map(|it| format!("`{it}`")).collect();
    let more = match ids.len().saturating_sub(NAMED) {
        0 => String::new(),
        n_more => format!(" and {n_more} more"),
    };
    let named = named.join(", ");
    let message = format!(
        "`{}` does not wait for its way out, {named}{more}: instances may boot without it",
        fleet.id()
    );
    let mut finding = Finding::at(fleet.resource.key.span(), message).on(fleet.id());
    for Hop { resource, subnet } in hops {
        let label = match resource.type_name() {
            "AWS::EC2::Route" => format!("the default route of `{subnet}`"),
            _ => format!("gives `{subnet}` its route table"),
        };
        finding = finding.because(resource.key.span(), label);
    }
    let fix = depend_on(facts, &fleet.resource, &ids)
        .map(|edits| Fix::all(Safety::Safe, format!("let `{}` wait for its way out", fleet.id()), edits));
    cx.report(finding.help(format!("add to its `DependsOn`: {}", ids.join(", "))).fix(fix));
}
