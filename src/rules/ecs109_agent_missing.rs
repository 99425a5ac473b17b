//! An image without the agent.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, image_words};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS109",
    name: "agent-missing",
    severity: Severity::Error,
    summary: "the image has no ECS agent, and the boot installs none",
    page: include_str!("../../rules/ECS109.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, .. } = *at;
    if boot.agent != Answer::No {
        return;
    }
    let Some((span, used)) = image_words(scenario, source) else { return };
    let help = "start the ECS-optimized image, \
                    `{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}`, or \
                    install `ecs-init` in the user data";
    let message = format!("this image has no ECS agent, and the boot of `{}` installs none", source.id);
    cx.report(Finding::at(span, message).on(source.id).because_at(used, "used here").help(help));
}
