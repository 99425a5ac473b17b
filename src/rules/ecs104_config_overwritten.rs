//! A later write loses the line.

use crate::boot::{AGENT_CONFIG, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS104",
    name: "config-overwritten",
    severity: Severity::Error,
    summary: "a later write replaces the agent's file and loses the cluster",
    page: include_str!("../../rules/ECS104.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { joining, source, boot: _, .. } = *at;
    let _facts = cx.facts();
    let Some(WhyUnset::Lost(lost)) = joining.why.clone() else { return };
    let Some(by) = lost.by else { return };
    let does = if lost.removed { "removes" } else { "replaces" };
    let message =
        format!("this {does} `{AGENT_CONFIG}` and loses `ECS_CLUSTER`: the instances join `default`");
    cx.report(
        Finding::at(by.span, message)
            .on(source.id)
            .because_at(lost.line.place.map(|it| it.span), "this is lost")
            .because_at(by.used, "used here")
            .help("append with `>>` or `tee -a`"),
    );
}
