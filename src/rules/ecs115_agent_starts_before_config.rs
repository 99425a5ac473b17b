//! The agent is started before its configuration is there.

use crate::boot::{Does, Step};
use crate::diagnostic::{Finding, Severity};
use crate::model::ImageFamily;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS115",
    name: "agent-starts-before-config",
    severity: Severity::Warning,
    summary: "the agent starts before its configuration is written",
    page: include_str!("../../rules/ECS115.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, image, .. } = *at;
    // On Amazon Linux 2 and later the agent waits for the end of the user data.
    let installs_start = match image.family {
        Some(ImageFamily::AmazonLinux) => false,
        Some(ImageFamily::Ubuntu) => true,
        _ => return,
    };
    let starts = |step: &Step| match &step.does {
        Does::Starts { service, .. } => service == "ecs",
        Does::Installs { package } => installs_start && package.contains("ecs-init"),
        _ => false,
    };
    let sets = |step: &Step| matches!(step.does, Does::Writes { sets_cluster: true, .. });
    let Some(written) = boot.steps.iter().rposition(sets) else { return };
    let (before, after) = boot.steps.split_at(written);
    let started = before.iter().find(|it| it.certain && starts(it));
    let (Some(started), false) = (started, boot.anything || after.iter().any(starts)) else { return };
    let Some(place) = boot.steps[written].place else { return };
    cx.report(
        Finding::at(place.span, "the agent starts before this line is there, and joins `default`")
            .on(source.id)
            .because_at(started.place.map(|it| it.span), "this starts the agent")
            .because_at(place.used, "used here")
            .help("write the configuration first, or restart the agent behind it"),
    );
}
