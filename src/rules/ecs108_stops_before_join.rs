//! The script ends before it sets the cluster.

use crate::boot::{StopBy, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS108",
    name: "stops-before-join",
    severity: Severity::Error,
    summary: "the script ends before the line that sets the cluster",
    page: include_str!("../../rules/ECS108.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { joining, source, boot, .. } = *at;
    let Some(WhyUnset::Stop(Some(place))) = joining.why.clone() else { return };
    let by = boot.stops.iter().find(|it| it.place == Some(place)).map_or(StopBy::Exit, |it| it.by);
    let (message, help) = match by {
        StopBy::Failure => (
            "this command is known to fail, and ends the script before it sets `ECS_CLUSTER`",
            "let it succeed, for example `mkdir -p`, or write `|| true` behind it",
        ),
        StopBy::Unset => (
            "nothing sets this variable: under `set -u` the script ends here, before it sets `ECS_CLUSTER`",
            "set it first, or write its name as it is set",
        ),
        StopBy::Chain => (
            "this command is known to fail, so that what stands behind `&&` is not run",
            "let it succeed, for example `mkdir -p`, or write `;` in the place of `&&`",
        ),
        StopBy::Exec => (
            "another program runs in the place of the script from here on, before it sets `ECS_CLUSTER`",
            "set the cluster first, or leave `exec` out",
        ),
        StopBy::Exit => ("the script ends here, before it sets `ECS_CLUSTER`", "set the cluster first"),
    };
    let finding = Finding::at(place.span, message).on(source.id).because_at(place.used, "used here");
    cx.report(finding.help(help));
}
