//! Log groups that nobody may make.

use super::tasks::containers;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::resolve::{Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS406",
    name: "cannot-create-log-group",
    severity: Severity::Warning,
    summary: "the log group is to be made by a role that may not",
    page: include_str!("../../rules/ECS406.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

/// What the driver needs beside the rights to write.
const CREATE: &str = "logs:CreateLogGroup";

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for container in containers(facts.template(), scenario) {
        let option = container.text(scenario, &["LogConfiguration", "Options", "awslogs-create-group"]);
        let asked = option.as_ref().filter(|it| it.known() == Some("true")).and_then(Text::whole_place);
        let (Some(place), Some(role)) = (asked, facts.role_of_task(scenario, fleet, container.task)) else {
            continue;
        };
        let Some(role) = &*facts.role(scenario, role) else { continue };
        if role.rights.may(CREATE).answer != Answer::No {
            continue;
        }
        cx.report(
            Finding::at(
                place.span,
                format!("`{}` lacks `{CREATE}`, so no container of the task starts", role.id),
            )
            .on(container.task.id)
            .because_at(place.used, "used here")
            .because(role.key, "the role that would make the group")
            .help(format!("allow `{CREATE}` to the role, or make an `AWS::Logs::LogGroup` in the template")),
        );
    }
}
