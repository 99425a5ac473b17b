//! Images that nobody may pull.

use super::tasks::containers;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::resolve::{SYMBOL, Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS407",
    name: "cannot-pull-images",
    severity: Severity::Warning,
    summary: "nobody may pull the image from ECR",
    page: include_str!("../../rules/ECS407.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

/// What pulling an image needs (using ECR images with ECS in the ECR user guide).
const PULL: [&str; 3] = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for container in containers(facts.template(), scenario) {
        let image = container.text(scenario, &["Image"]);
        let Some(place) = image.as_ref().filter(|it| is_of_ecr(it)).and_then(Text::whole_place) else {
            continue;
        };
        let mut lacking = None;
        let mut may = Answer::No;
        for role in facts.roles_of_pull(scenario, fleet, container.task) {
            let answer = role.map_or(Answer::Unknown, |id| match &*facts.role(scenario, id) {
                Some(role) => {
                    let (ruling, missing) = role.rights.may_all(&PULL);
                    lacking = lacking.or(missing.map(|it| (role.key, role.id, it)));
                    ruling.answer
                }
                None => Answer::Unknown,
            });
            if answer != Answer::No {
                may = answer;
            }
        }
        let Some((key, id, action)) = lacking.filter(|_| may == Answer::No) else { continue };
        cx.report(
            Finding::at(place.span, format!("nobody may pull this image: `{id}` lacks `{action}`"))
                .on(container.task.id)
                .because_at(place.used, "used here")
                .because(key, "this role would pull it")
                .help("attach `AmazonEC2ContainerRegistryReadOnly` to the role of the instances"),
        );
    }
}

/// Whether an image lies in a private registry of ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`.
fn is_of_ecr(image: &Text<'_>) -> bool {
    let raw = image.as_str();
    let host = raw.split('/').next().unwrap_or_default();
    host.contains(".dkr.ecr.") && (host.contains(".amazonaws.com") || host.contains(SYMBOL))
}
