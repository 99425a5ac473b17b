//! Security groups and network ACLs that shut the way out.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS505",
    name: "egress-blocked",
    severity: Severity::Error,
    summary: "nothing lets the agent reach ECS over HTTPS",
    page: include_str!("../../rules/ECS505.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for path in facts.paths(scenario, fleet).iter() {
        let (message, help) = match path.missing {
            Some(Missing::Group) => (
                "the security groups let no HTTPS out: the agent cannot reach ECS",
                "add a rule for TCP 443 to 0.0.0.0/0, or leave `SecurityGroupEgress` out",
            ),
            Some(Missing::AclOut) => (
                "the network ACL lets no HTTPS out: the agent cannot reach ECS",
                "add an entry with `Egress: true` that allows TCP 443",
            ),
            Some(Missing::AclIn) => (
                "the network ACL lets no answers in: the agent cannot reach ECS",
                "add an entry that allows TCP from 1024 to 65535 in",
            ),
            _ => continue,
        };
        let Some(span) = path.span else { continue };
        cx.report(
            Finding::at(span, message)
                .because_at(path.named, format!("instances of `{}` start there", fleet.id()))
                .help(help),
        );
    }
}
