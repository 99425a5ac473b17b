//! A later write loses the line.

use crate::boot::{AGENT_CONFIG, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS104",
    name: "config-overwritten",
    severity: Severity::Error,
    summary: "a later write replaces the agent's file and loses the cluster",
    page: include_str!("../../rules/ECS104.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        let Some(WhyUnset::Lost(lost)) = boot.why_unset(facts.template()) else { continue };
        let Some(by) = lost.by else { continue };
        let message =
            format!("this replaces `{AGENT_CONFIG}` and loses `ECS_CLUSTER`: the instances join `default`");
        cx.report(
            Finding::at(by.span, message)
                .on(source.id)
                .because_at(lost.line.place.map(|it| it.span), "this is lost")
                .because_at(by.used, "used here")
                .help("append with `>>` or `tee -a`"),
        );
    }
}
