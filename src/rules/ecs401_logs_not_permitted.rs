//! Nobody may write what the containers say.

use crate::diagnostic::{Finding, Severity};
use crate::iam::InstanceRole;
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS401",
    name: "logs-not-permitted",
    severity: Severity::Warning,
    summary: "neither the instances nor the tasks may write logs",
    page: include_str!("../../rules/ECS401.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let logs = facts.logs(scenario, fleet);
    // Without a profile nothing works at all: ECS403 says so.
    let profile = |it: &InstanceRole<'_>| matches!(it, InstanceRole::Own { .. });
    if logs.verdict != Answer::No || !facts.instance_roles(scenario, fleet).iter().any(profile) {
        return;
    }
    let (Some(span), Some(because)) = (logs.span, &logs.because) else { return };
    let tasks = facts.execution_roles(scenario);
    let mut finding = Finding::at(span, format!("nothing may write logs: {because}"))
        .help("allow `logs:CreateLogStream` and `logs:PutLogEvents` to the role of the instances");
    for id in &tasks.ids {
        if let Some(role) = &*facts.role(scenario, id) {
            finding = finding.because(role.key, "nor may the tasks, through this role");
        }
    }
    cx.report(finding);
}
