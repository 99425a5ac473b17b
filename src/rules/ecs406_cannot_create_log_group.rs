//! A log group that a task may not create.

use crate::diagnostic::{Finding, Severity};
use crate::iam::CREATE_GROUP;
use crate::model::{Answer, Container, containers, named_resource};
use crate::resolve::{Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS406",
    name: "cannot-create-log-group",
    severity: Severity::Warning,
    summary: "a task is to create its log group, and no role allows it",
    page: include_str!("../../rules/ECS406.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    for container in containers(scenario) {
        let driver = container.text(scenario, &["LogConfiguration", "LogDriver"]);
        let create = container.text(scenario, &["LogConfiguration", "Options", "awslogs-create-group"]);
        let (Some(driver), Some(create)) = (driver, create) else { continue };
        let wanted = create.known().is_some_and(|it| it.eq_ignore_ascii_case("true"));
        if driver.known() != Some("awslogs") || !wanted || is_own(scenario, &container) {
            continue;
        }
        let rights = facts.task_may(scenario, container.task.id, &CREATE_GROUP, "create log groups");
        let (Answer::No, Some(because)) = (rights.verdict, rights.because) else { continue };
        let Some(place) = create.whole_place() else { continue };
        let mut finding = Finding::at(place.span, format!("the log group cannot be created: {because}"))
            .on(container.task.id)
            .because_at(place.used, "used here")
            .help("allow `logs:CreateLogGroup` to the role, or declare an `AWS::Logs::LogGroup`");
        if let Some(span) = rights.span {
            finding = finding.because(span, "this role writes the logs");
        }
        cx.report(finding);
    }
}

/// Whether the group is one of the template: then it is there before the task.
fn is_own<'t>(scenario: &Scenario<'_, 't>, container: &Container<'t>) -> bool {
    let Some(group) = container.text(scenario, &["LogConfiguration", "Options", "awslogs-group"]) else {
        return false;
    };
    let mut groups = scenario.template().resources_of(&["AWS::Logs::LogGroup"]);
    let name = |it| scenario.property_text(it, &["LogGroupName"]);
    let is_same = |name: Text<'t>| name == group || !name.differs_at_end(&group) && name.known().is_none();
    named_resource(scenario, &group, &[]).is_some() || groups.any(|it| name(it).is_some_and(is_same))
}
