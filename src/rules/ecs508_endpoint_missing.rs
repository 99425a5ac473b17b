//! Endpoints that are missing beside others.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::network::Missing;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS508",
    name: "endpoint-missing",
    severity: Severity::Error,
    summary: "an endpoint that joining needs is not there",
    page: include_str!("../../rules/ECS508.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for path in facts.paths(scenario, fleet).iter() {
        let (Some(Missing::Endpoint(service)), Some(subnet), Some(span)) =
            (path.missing, path.subnet, path.span)
        else {
            continue;
        };
        let message = format!("`{subnet}` has no default route, and its VPC no endpoint for `{service}`");
        cx.report(
            Finding::at(span, message)
                .on(subnet)
                .because_at(path.named, format!("instances of `{}` start there", fleet.id()))
                .help(format!(
                    "add an `AWS::EC2::VPCEndpoint` for `com.amazonaws.${{AWS::Region}}.{service}` with `PrivateDnsEnabled: true`"
                )),
        );
    }
}
