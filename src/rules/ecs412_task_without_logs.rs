//! Containers whose output nobody sees.

use crate::diagnostic::{Finding, Severity};
use crate::model::containers;
use crate::resolve::{Found, Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS412",
    name: "task-without-logs",
    severity: Severity::Info,
    summary: "what a container writes stays on the instance",
    page: include_str!("../../rules/ECS412.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    let mut fleets = facts.model.fleets.iter().filter(|it| scenario.exists(&it.resource) != Some(false));
    // The Docker daemon may have a log driver of its own.
    let of_daemon = |text: &str| text.contains("log-driver");
    let others = |it| {
        facts.boots(scenario, it).iter().any(|(boot, _)| {
            let mut files = boot.files.values().flat_map(|it| &it.chunks);
            boot.text.as_ref().is_some_and(|it| of_daemon(it.as_str()))
                || files.any(|it| of_daemon(it.text.as_str()))
        })
    };
    if !facts.has_cluster_fleet(scenario) || fleets.any(others) {
        return;
    }
    for container in containers(scenario) {
        let absent = |key: &str| container.find(scenario, &[key]) == Found::Absent;
        // A router of logs is where the others write to.
        if !absent("LogConfiguration") || !absent("FirelensConfiguration") {
            continue;
        }
        let name = container.text(scenario, &["Name"]);
        let place = name.as_ref().and_then(Text::whole_place);
        let span = place.map_or(container.node.span(), |it| it.used.unwrap_or(it.span));
        let name = name.map_or("the container".to_owned(), |it| format!("`{}`", it.display()));
        cx.report(
            Finding::at(
                span,
                format!("what {name} writes stays on the instance: it has no `LogConfiguration`"),
            )
            .on(container.task.id)
            .help("name a `LogDriver` under `LogConfiguration`, such as `awslogs`"),
        );
    }
}
