//! Metrics that nobody may send.

use super::tasks::containers;
use crate::boot::Does;
use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, writes_logs};
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS411",
    name: "metrics-not-permitted",
    severity: Severity::Info,
    summary: "what is measured cannot be sent",
    page: include_str!("../../rules/ECS411.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

/// What sending metrics needs (CloudWatch agent in the CloudWatch user guide).
const SEND: &str = "cloudwatch:PutMetricData";

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let boots = facts.boots(scenario, fleet);
    let installed = boots.iter().flat_map(|it| &it.0.steps).find_map(|step| match &step.does {
        Does::Installs { package } if package.contains("cloudwatch-agent") => step.place,
        _ => None,
    });
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role, .. } = given else { continue };
        let Some(role) = &*facts.role(scenario, role) else { continue };
        if role.rights.may(SEND).answer != Answer::No {
            continue;
        }
        let help = "attach `CloudWatchAgentServerPolicy` to the role, or allow the action";
        if let Some(place) = installed {
            let message = format!("the CloudWatch agent may send nothing: `{}` lacks `{SEND}`", role.id);
            cx.report(
                Finding::at(place.span, message)
                    .on(role.id)
                    .because_at(place.used, "used here")
                    .because(role.key, "the role of the instances")
                    .help(help),
            );
            continue;
        }
        let logs = containers(facts.template(), scenario).iter().any(|it| {
            it.text(scenario, &["LogConfiguration", "LogDriver"])
                .is_some_and(|it| it.known() == Some("awslogs"))
        });
        if logs && writes_logs(role).verdict == Answer::Yes {
            let message = format!("`{}` may write logs and send no metrics", role.id);
            cx.report(Finding::at(role.key, message).on(role.id).help(help));
        }
    }
}
