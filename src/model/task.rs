//! What the tasks of a template are made of.

use super::{Answer, Listed};
use crate::resolve::{Found, Scenario, Text};
use crate::syntax::Node;
use crate::template::Entry;

/// A container of a task definition.
#[derive(Clone, Copy, Debug)]
pub struct Container<'t> {
    /// The task definition.
    pub task: Entry<'t>,
    /// What it says of the container.
    pub node: Node<'t>,
}

/// The containers of the tasks that run on instances for certain.
#[must_use]
pub fn containers<'t>(scenario: &Scenario<'_, 't>) -> Vec<Container<'t>> {
    let mut res = Vec::new();
    for task in scenario.template().resources_of(&["AWS::ECS::TaskDefinition"]) {
        if scenario.exists(task) != Some(true) || on_instances(scenario, task) != Answer::Yes {
            continue;
        }
        let Found::Node(list) = scenario.property(task, &["ContainerDefinitions"]) else { continue };
        for item in scenario.items(list).unwrap_or_default() {
            if let Found::Node(node) = item {
                res.push(Container { task: *task, node });
            }
        }
    }
    res
}

/// Whether a task can run on instances only: one for Fargate says so, or has the network that Fargate asks for
/// (task definition differences for Fargate in the ECS developer guide).
fn on_instances<'t>(scenario: &Scenario<'_, 't>, task: &Entry<'t>) -> Answer {
    let launch = Listed::of(scenario, scenario.property(task, &["RequiresCompatibilities"]), "");
    let known: Option<Vec<&str>> = launch.names.iter().map(Text::known).collect();
    let known = known.filter(|_| !launch.unknown);
    match known.as_deref() {
        Some([]) => match scenario.property(task, &["NetworkMode"]) {
            Found::Absent => Answer::Yes,
            Found::Unknown => Answer::Unknown,
            Found::Node(node) => match scenario.text(node).as_ref().and_then(Text::known) {
                Some("awsvpc") | None => Answer::Unknown,
                Some(_) => Answer::Yes,
            },
        },
        Some(["EC2"]) => Answer::Yes,
        Some(list) if list.contains(&"EC2") => Answer::Unknown,
        Some(_) => Answer::No,
        None => Answer::Unknown,
    }
}

impl<'t> Container<'t> {
    /// What stands at a path of its definition.
    #[must_use]
    pub fn find(&self, scenario: &Scenario<'_, 't>, path: &[&str]) -> Found<'t> {
        scenario.find(self.node, path)
    }

    /// The text there.
    #[must_use]
    pub fn text(&self, scenario: &Scenario<'_, 't>, path: &[&str]) -> Option<Text<'t>> {
        match self.find(scenario, path) {
            Found::Node(node) => scenario.text(node),
            _ => None,
        }
    }
}
