//! The containers of the tasks of a template.

use crate::resolve::{Found, Scenario, Text};
use crate::syntax::Node;
use crate::template::{Entry, Template};

/// A container of a task that is there.
pub(super) struct Container<'w, 't> {
    /// The task.
    pub(super) task: &'w Entry<'t>,
    /// What is said of the container.
    pub(super) node: Node<'t>,
}

/// All containers of the tasks that are there in a scenario and run on instances.
pub(super) fn containers<'w, 't>(
    template: &'w Template<'t>,
    scenario: &Scenario<'w, 't>,
) -> Vec<Container<'w, 't>> {
    let mut res = Vec::new();
    for task in template.resources_of(&["AWS::ECS::TaskDefinition"]) {
        if scenario.exists(task) != Some(true) || only_fargate(scenario, task) {
            continue;
        }
        let Found::Node(list) = scenario.property(task, &["ContainerDefinitions"]) else { continue };
        for item in scenario.items(list).unwrap_or_default() {
            if let Found::Node(node) = item {
                res.push(Container { task, node });
            }
        }
    }
    res
}

fn only_fargate<'t>(scenario: &Scenario<'_, 't>, task: &Entry<'t>) -> bool {
    let Found::Node(list) = scenario.property(task, &["RequiresCompatibilities"]) else { return false };
    let items = scenario.items(list).unwrap_or_default();
    let fargate = |it: &Found<'t>| match it {
        Found::Node(node) => scenario.text(*node).is_some_and(|it| it.known() == Some("FARGATE")),
        _ => false,
    };
    !items.is_empty() && items.iter().all(fargate)
}

impl<'t> Container<'_, 't> {
    /// The text at a path of the container.
    pub(super) fn text(&self, scenario: &Scenario<'_, 't>, path: &[&str]) -> Option<Text<'t>> {
        match scenario.find(self.node, path) {
            Found::Node(node) => scenario.text(node),
            _ => None,
        }
    }
}
