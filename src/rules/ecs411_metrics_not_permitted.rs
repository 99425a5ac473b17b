//! Metrics that nobody takes.

use crate::boot::{Boot, Does, Step};
use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, METRICS, writes_logs};
use crate::model::{Answer, Fleet, containers};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS411",
    name: "metrics-not-permitted",
    severity: Severity::Info,
    summary: "the CloudWatch agent is installed, or tasks log, and the instances may not put metrics",
    page: include_str!("../../rules/ECS411.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

const HELP: &str = "attach `CloudWatchAgentServerPolicy` to the role";

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let boots = facts.boots(scenario, fleet);
    let mut writers = Vec::new();
    for ((boot, _), given) in boots.iter().zip(facts.instance_roles(scenario, fleet).iter()) {
        let InstanceRole::Own { role, named } = given else { continue };
        let Some(role) = &*facts.role(scenario, role) else { continue };
        let (ruling, Some(action)) = role.rights.may_all(&METRICS) else { continue };
        if ruling.answer != Answer::No {
            continue;
        }
        match boot.steps.iter().find(|it| is_agent(it)).map(|it| it.place) {
            Some(Some(place)) if !has_other_use(boot) => cx.report(
                Finding::at(
                    place.span,
                    format!("the CloudWatch agent cannot put metrics: `{}` lacks `{action}`", role.id),
                )
                .because_at(place.used, "used here")
                .because(ruling.span.unwrap_or(role.key), "this role is what the agent has")
                .because(*named, "it is named here")
                .help(HELP),
            ),
            None if !writers.contains(&role.id) && logs(scenario) => {
                writers.push(role.id);
                if writes_logs(role).verdict == Answer::Yes {
                    let message = format!("`{}` may write logs, and put no metrics", role.id);
                    cx.report(Finding::at(role.key, message).on(role.id).help(HELP));
                }
            }
            _ => {}
        }
    }
}

/// Whether a task on the instances logs to CloudWatch.
fn logs(scenario: &Scenario<'_, '_>) -> bool {
    containers(scenario).iter().any(|it| {
        let driver = it.text(scenario, &["LogConfiguration", "LogDriver"]);
        driver.is_some_and(|it| it.known() == Some("awslogs"))
    })
}

/// Whether a step installs the agent.
fn is_agent(step: &Step) -> bool {
    matches!(&step.does, Does::Installs { package } if package.contains("amazon-cloudwatch-agent"))
}

/// Whether the agent collects something else, or what only deployment can tell: its configuration is in the
/// parameter store, or speaks of no metrics.
fn has_other_use(boot: &Boot<'_>) -> bool {
    let files = boot.files.values().flat_map(|it| &it.chunks).map(|it| it.text.as_str());
    let texts: Vec<&str> = boot.text.iter().map(|it| it.as_str()).chain(files).collect();
    let says = |word: &str| texts.iter().any(|it| it.contains(word));
    says("ssm:") || says("AWS_ACCESS_KEY_ID") || says("\"logs\"") && !says("\"metrics\"")
}
