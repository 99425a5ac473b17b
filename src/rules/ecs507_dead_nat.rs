//! A NAT gateway in a subnet without a way out.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS507",
    name: "dead-nat",
    severity: Severity::Error,
    summary: "the NAT gateway of the default route has no way out itself",
    page: include_str!("../../rules/ECS507.md"),
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
        let (Some(Missing::Nat), Some(subnet), Some(span)) = (path.missing, path.subnet, path.span) else {
            continue;
        };
        cx.report(
            Finding::at(span, format!("the NAT gateway of `{subnet}` stands in a subnet without a way out"))
                .on(subnet)
                .because_at(path.named, format!("instances of `{}` start there", fleet.id()))
                .help("put the NAT gateway into a subnet whose default route leads to an internet gateway"),
        );
    }
}
