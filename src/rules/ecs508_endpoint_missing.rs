//! A subnet that is shut off, with some of the endpoints that joining needs.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Egress, Fleet};
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS508",
    name: "endpoint-missing",
    severity: Severity::Error,
    summary: "the VPC has endpoints, but not all that joining needs, or they let nobody in",
    page: include_str!("../../rules/ECS508.md"),
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
        let (Some(subnet), Some(span)) = (path.subnet, path.span) else { continue };
        let names: Vec<_> = path.way.lacks.iter().map(|it| format!("`{it}`")).collect();
        let names = names.join(", ");
        let label = format!("instances of `{}` start there", fleet.id());
        let finding = match (path.missing, path.egress) {
            (Some(Missing::Endpoint), _) => Finding::at(
                span,
                format!("no way out of `{subnet}`, and its VPC lacks endpoints for {names}"),
            )
            .on(subnet)
            .because_at(path.named, label)
            .help("add an `AWS::EC2::VPCEndpoint` with private DNS for each of them, or a default route"),
            (Some(Missing::EndpointEntry), _) => {
                Finding::at(span, "this security group lets nobody in at port 443: the endpoint is shut")
                    .because_at(path.named, label)
                    .help("let TCP port 443 in from the instances")
            }
            (None, Egress::Endpoints) if !path.way.lacks.is_empty() => Finding::at(
                span,
                format!("the VPC of `{subnet}` has no endpoint for {names}: the instances send no metrics"),
            )
            .severity(Severity::Warning)
            .because_at(path.named, label)
            .help("add an `AWS::EC2::VPCEndpoint` with private DNS for it"),
            _ => continue,
        };
        cx.report(finding);
    }
}
