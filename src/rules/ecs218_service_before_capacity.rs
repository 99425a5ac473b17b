//! A service before its capacity.

use std::collections::HashSet;

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::rule::Facts;
use crate::rule::{Check, Cx, Rule};
use crate::template::{Block, Entry, Target};

pub(super) static RULE: Rule = Rule {
    code: "ECS218",
    name: "service-before-capacity",
    severity: Severity::Warning,
    summary: "the service is created before any instance can run its tasks",
    page: include_str!("../../rules/ECS218.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    // Where nothing waits an order would be of no use.
    let waits = facts.waiting(scenario, fleet).is_ok_and(|it| it.is_some_and(|it| it.on_creation));
    if !waits || facts.template().transforms.macros {
        return;
    }
    for service in facts.template().resources_of(&["AWS::ECS::Service"]) {
        if scenario.exists(service) == Some(false) || !needs_instances(facts, scenario, service) {
            continue;
        }
        if facts.model.fleets.iter().any(|it| reaches(facts, service.id, it.id())) {
            continue;
        }
        let message =
            format!("`{}` does not wait for `{}`: its tasks may find no instance", service.id, fleet.id());
        cx.report(
            Finding::at(service.key.span(), message)
                .on(service.id)
                .because(fleet.resource.key.span(), "this brings the instances")
                .help(format!("write `DependsOn: {}`", fleet.id())),
        );
    }
}

/// Whether a service places tasks on instances of the template's cluster before it is complete.
fn needs_instances<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, service: &Entry<'t>) -> bool {
    let property = |name: &str| scenario.property(service, &[name]);
    let text = |name: &str| scenario.property_text(service, &[name]);
    let launch_type = match property("LaunchType") {
        Found::Absent => property("CapacityProviderStrategy") == Found::Absent,
        Found::Unknown => false,
        Found::Node(_) => text("LaunchType").is_some_and(|it| it.known() == Some("EC2")),
    };
    // Other controllers and daemons do not wait; no task needs no instance.
    let plain =
        property("DeploymentController") == Found::Absent && property("SchedulingStrategy") == Found::Absent;
    let none = text("DesiredCount").is_some_and(|it| it.known() == Some("0"));
    let cluster = text("Cluster");
    let own = match cluster.as_ref().and_then(Text::only_symbol) {
        Some(Symbol::Resource(id) | Symbol::Attribute { resource: id, .. }) => {
            facts.clusters(scenario).iter().any(|it| it.id == *id)
        }
        _ => false,
    };
    launch_type && plain && !none && own
}

/// Whether a resource comes after another one, by whatever it names.
fn reaches(facts: &Facts<'_, '_>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::from([from]);
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        let of_this =
            facts.references().iter().filter(|it| it.site.block == Block::Resources && it.site.id == at);
        for reference in of_this {
            let name = match reference.target {
                Target::Value(name) | Target::Resource(name) => name.text,
                Target::Attribute { resource, .. } => resource.text,
                _ => continue,
            };
            if name == to {
                return true;
            }
            if seen.insert(name) {
                waiting.push(name);
            }
        }
    }
    false
}
