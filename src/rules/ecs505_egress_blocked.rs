//! A way out that security groups or network ACLs close.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS505",
    name: "egress-blocked",
    severity: Severity::Error,
    summary: "a security group or a network ACL lets nothing out at port 443, or no answer back in",
    page: include_str!("../../rules/ECS505.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    let mut reported = Vec::new();
    for path in facts.paths(scenario, fleet).iter() {
        let (Some(missing), Some(span)) = (path.missing, path.span) else { continue };
        let (message, help) = match missing {
            Missing::Exit => (
                "no rule lets the instances out at port 443: they cannot reach ECS",
                "let TCP port 443 out to 0.0.0.0/0, or leave `SecurityGroupEgress` out: that lets everything out",
            ),
            Missing::AclExit => (
                "this network ACL lets nothing out at port 443: the instances cannot reach ECS",
                "add an `AWS::EC2::NetworkAclEntry` with `Egress: true` that allows TCP port 443",
            ),
            Missing::AclReturn => (
                "this network ACL lets no answers in: the instances cannot reach ECS",
                "add an `AWS::EC2::NetworkAclEntry` that allows TCP ports 1024 to 65535 in",
            ),
            _ => continue,
        };
        if !reported.contains(&span) {
            reported.push(span);
            let label = format!("instances of `{}` start here", fleet.id());
            cx.report(Finding::at(span, message).because(fleet.resource.key.span(), label).help(help));
        }
    }
}
