//! The way leads to an internet gateway, which serves public addresses only.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS502",
    name: "no-public-ip",
    severity: Severity::Error,
    summary: "the way out is an internet gateway, and the instances get no public address",
    page: include_str!("../../rules/ECS502.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    for path in facts.paths(scenario, fleet).iter() {
        let (Some(Missing::PublicAddress), Some(subnet), Some(span)) = (path.missing, path.subnet, path.span)
        else {
            continue;
        };
        let message = format!("instances in `{subnet}` get no public address: they cannot reach ECS");
        cx.report(
            Finding::at(span, message)
                .on(subnet)
                .because_at(path.way.span, "the way out, which serves public addresses only")
                .help("set `MapPublicIpOnLaunch: true` on the subnet, or lead its route to a NAT gateway"),
        );
    }
}
