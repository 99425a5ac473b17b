//! A subnet from which nothing reaches ECS.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS501",
    name: "no-route-out",
    severity: Severity::Error,
    summary: "no default route leads out of the instances' subnet",
    page: include_str!("../../rules/ECS501.md"),
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
        let (Some(Missing::Route), Some(subnet), Some(span)) = (path.missing, path.subnet, path.span) else {
            continue;
        };
        let message = format!("no default route leads out of `{subnet}`: its instances cannot reach ECS");
        cx.report(
            Finding::at(span, message)
                .on(subnet)
                .because_at(path.named, format!("instances of `{}` start there", fleet.id()))
                .help("give its route table a route for 0.0.0.0/0 to an internet gateway or a NAT gateway"),
        );
    }
}
