//! A route to a gateway that is not there.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS503",
    name: "gateway-not-attached",
    severity: Severity::Error,
    summary: "the internet gateway of the default route is not attached to the VPC",
    page: include_str!("../../rules/ECS503.md"),
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
        let (Some(Missing::Attachment), Some(subnet), Some(span)) = (path.missing, path.subnet, path.span)
        else {
            continue;
        };
        cx.report(
            Finding::at(span, format!("this gateway is not attached to the VPC of `{subnet}`"))
                .on(subnet)
                .because_at(path.named, format!("instances of `{}` start there", fleet.id()))
                .help("attach it with an `AWS::EC2::VPCGatewayAttachment`"),
        );
    }
}
