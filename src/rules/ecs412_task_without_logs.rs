//! Containers whose output goes nowhere.

use super::tasks::containers;
use crate::diagnostic::{Finding, Severity};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS412",
    name: "task-without-logs",
    severity: Severity::Info,
    summary: "the container's output stays on the instance",
    page: include_str!("../../rules/ECS412.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    if !facts.has_cluster_fleet(scenario) {
        return;
    }
    for container in containers(facts.template(), scenario) {
        if scenario.find(container.node, &["LogConfiguration"]) != Found::Absent {
            continue;
        }
        let name = container.text(scenario, &["Name"]);
        let place = name.as_ref().and_then(|it| it.whole_place());
        let span = place.map_or(container.task.key.span(), |it| it.used.unwrap_or(it.span));
        let shown = name.map_or_else(|| "a container".to_owned(), |it| format!("`{}`", it.display()));
        cx.report(
            Finding::at(span, format!("what {shown} prints stays on its instance, and goes with it"))
                .on(container.task.id)
                .help("write a `LogConfiguration` with `LogDriver: awslogs`"),
        );
    }
}
