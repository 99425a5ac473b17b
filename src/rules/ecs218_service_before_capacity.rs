//! A service before its capacity.

use super::entries::depend_on;
use super::order::after;
use super::services::needs_instances;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Facts, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS218",
    name: "service-before-capacity",
    severity: Severity::Warning,
    summary: "the service is created before any instance can run its tasks",
    page: include_str!("../../rules/ECS218.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    // One order is enough: behind the first of the fleets that wait.
    let first = facts.model.fleets.iter().find(|it| waits(facts, scenario, it));
    if first.is_none_or(|it| it.id() != fleet.id()) || facts.template().transforms.macros {
        return;
    }
    let mut services = facts.template().resources_of(&["AWS::ECS::Service"]).peekable();
    if services.peek().is_none() {
        return;
    }
    let later = after(facts, facts.model.fleets.iter().map(Fleet::id));
    for service in services {
        if later.contains(service.id)
            || scenario.exists(service) == Some(false)
            || needs_instances(facts, scenario, service) != Answer::Yes
        {
            continue;
        }
        let message =
            format!("`{}` does not wait for `{}`: its tasks may find no instance", service.id, fleet.id());
        cx.report(
            Finding::at(service.key.span(), message)
                .on(service.id)
                .because(fleet.resource.key.span(), "this brings the instances")
                .help(format!("write `DependsOn: {}`", fleet.id()))
                .fix(depend_on(facts, service, &[fleet.id()]).map(|edits| {
                    Fix::all(Safety::Safe, format!("let `{}` wait for `{}`", service.id, fleet.id()), edits)
                })),
        );
    }
}

/// Whether a fleet for a cluster waits while it is created: behind one that does not an order would be of no use.
fn waits<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> bool {
    facts.waiting(scenario, fleet).is_ok_and(|it| it.is_some_and(|it| it.on_creation))
        && scenario.exists(&fleet.resource) == Some(true)
        && facts.meant_for_cluster(scenario, fleet) != Answer::No
}
