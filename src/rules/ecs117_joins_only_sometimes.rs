//! A test on the running machine decides whether the cluster is set.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS117",
    name: "joins-only-sometimes",
    severity: Severity::Warning,
    summary: "one path of the boot sets the cluster, another does not",
    page: include_str!("../../rules/ECS117.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    let Some(line) = boot.sometimes("ECS_CLUSTER") else { return };
    let Some(place) = line.place else { return };
    cx.report(
        Finding::at(
            place.span,
            "the cluster is set on one path of the script only: on the other the instances join `default`",
        )
        .on(source.id)
        .because_at(place.used, "used here")
        .help("set `ECS_CLUSTER` on every path, outside of the test"),
    );
}
