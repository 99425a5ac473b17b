//! Services that need instances.

use crate::model::Answer;
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::rule::Facts;
use crate::template::Entry;

/// Whether a service is complete only when instances of a cluster of the template run its tasks.
pub(super) fn needs_instances<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    service: &Entry<'t>,
) -> Answer {
    let answers = [
        in_own_cluster(facts, scenario, service),
        on_instances(facts, scenario, service),
        // Daemons follow the instances, whoever else controls the deployment has its own way, and no task needs none.
        one_of(scenario, service, &["SchedulingStrategy"], "REPLICA"),
        one_of(scenario, service, &["DeploymentController", "Type"], "ECS"),
        has_tasks(scenario, service),
    ];
    if answers.contains(&Answer::No) {
        Answer::No
    } else if answers.contains(&Answer::Unknown) {
        Answer::Unknown
    } else {
        Answer::Yes
    }
}

/// Whether a property is this word, which is also what its absence means.
fn one_of<'t>(scenario: &Scenario<'_, 't>, service: &Entry<'t>, path: &[&str], word: &str) -> Answer {
    match scenario.property(service, path) {
        Found::Absent => Answer::Yes,
        Found::Unknown => Answer::Unknown,
        Found::Node(node) => match scenario.text(node).as_ref().and_then(Text::known) {
            Some(known) if known == word => Answer::Yes,
            Some(_) => Answer::No,
            None => Answer::Unknown,
        },
    }
}

fn has_tasks<'t>(scenario: &Scenario<'_, 't>, service: &Entry<'t>) -> Answer {
    match scenario.property(service, &["DesiredCount"]) {
        Found::Absent => Answer::Yes,
        Found::Unknown => Answer::Unknown,
        Found::Node(node) => match scenario.text(node).as_ref().and_then(Text::known) {
            Some("0") => Answer::No,
            Some(_) => Answer::Yes,
            None => Answer::Unknown,
        },
    }
}

/// Whether its tasks run on instances.
fn on_instances<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, service: &Entry<'t>) -> Answer {
    if scenario.property(service, &["LaunchType"]) != Found::Absent {
        return one_of(scenario, service, &["LaunchType"], "EC2");
    }
    match scenario.property(service, &["CapacityProviderStrategy"]) {
        Found::Absent if has_default_strategy(facts, scenario) => Answer::Unknown,
        Found::Absent => Answer::Yes,
        Found::Unknown => Answer::Unknown,
        Found::Node(list) => {
            let fargate = |it: &Found<'t>| match it {
                Found::Node(item) => match scenario.find(*item, &["CapacityProvider"]) {
                    Found::Node(name) => {
                        scenario.text(name).is_some_and(|it| it.as_str().starts_with("FARGATE"))
                    }
                    _ => false,
                },
                _ => false,
            };
            let none = scenario.items(list).is_some_and(|it| !it.is_empty() && it.iter().all(fargate));
            if none { Answer::No } else { Answer::Unknown }
        }
    }
}

/// Whether a cluster may have a strategy for services that name none.
fn has_default_strategy<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>) -> bool {
    let mut clusters = facts.template().resources_of(&["AWS::ECS::Cluster"]);
    let associations = ["AWS::ECS::ClusterCapacityProviderAssociations"];
    clusters.any(|it| scenario.property(it, &["DefaultCapacityProviderStrategy"]) != Found::Absent)
        || facts.template().resources_of(&associations).next().is_some()
}

fn in_own_cluster<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, service: &Entry<'t>) -> Answer {
    let text = match scenario.property(service, &["Cluster"]) {
        Found::Node(node) => scenario.text(node),
        Found::Unknown => None,
        // That is the cluster `default`, which hardly any template makes.
        Found::Absent => return Answer::No,
    };
    let Some(text) = text else { return Answer::Unknown };
    let clusters = facts.clusters(scenario);
    let named = match text.only_symbol() {
        Some(Symbol::Resource(id) | Symbol::Attribute { resource: id, .. }) => {
            clusters.iter().any(|it| it.id == *id)
        }
        _ => clusters.iter().any(|it| it.name.as_ref() == Some(&text)),
    };
    if named { Answer::Yes } else { Answer::Unknown }
}
