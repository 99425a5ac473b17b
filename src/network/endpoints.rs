//! The way to ECS without a way to the world: interface endpoints in the VPC.
//!
//! Joining needs `ecs` and `ecs-agent`; `ecs-telemetry` brings the metrics
//! ([interface VPC endpoints](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html)).

use super::barriers::HTTPS;
use super::groups::Groups;
use super::routes::{Missing, Way, same_vpc};
use crate::model::{Egress, Listed, may_be_changed};
use crate::resolve::{SYMBOL, Scenario, Text};
use crate::template::Entry;
use crate::text::Span;

/// What the agent talks to, what it cannot do without first.
const OF_ECS: [&str; 3] = ["ecs", "ecs-agent", "ecs-telemetry"];

/// Endpoints of these services are those of a route table, of no use to the agent.
const OF_GATEWAYS: [&str; 2] = ["s3", "dynamodb"];

/// The way out of a subnet without a default route.
pub(super) fn by_endpoints<'t>(
    scenario: &Scenario<'_, 't>,
    vpc: Option<&Text<'t>>,
    subnet: &Entry<'t>,
) -> Way<'t> {
    let mut found: [Option<&Entry<'t>>; 3] = [None; 3];
    let mut others = false;
    for resource in scenario.template().resources_of(&["AWS::EC2::VPCEndpoint"]) {
        if scenario.exists(resource) == Some(false) {
            continue;
        }
        let unknown = Way::unknown(Some(resource.key.span()));
        match same_vpc(scenario, resource, vpc) {
            Some(true) => {}
            Some(false) => continue,
            None => return unknown,
        }
        let Some(service) = scenario.property_text(resource, &["ServiceName"]) else { return unknown };
        let last = service.as_str().rsplit('.').next().unwrap_or_default();
        if last.contains(SYMBOL) {
            return unknown;
        }
        match OF_ECS.iter().position(|it| *it == last).and_then(|it| found.get_mut(it)) {
            Some(place) => *place = Some(resource),
            None => others |= !OF_GATEWAYS.contains(&last),
        }
    }
    let lacks: Vec<_> =
        OF_ECS.into_iter().zip(&found).filter(|(_, it)| it.is_none()).map(|(name, _)| name).collect();
    let [Some(control), Some(agent), _] = found else {
        let missing = if others || lacks.len() < OF_ECS.len() { Missing::Endpoint } else { Missing::Route };
        return Way { lacks, ..Way::ends(missing, subnet.key.span()) };
    };
    if let Some(span) = [control, agent].into_iter().find_map(|it| closed(scenario, it)) {
        return Way::ends(Missing::EndpointEntry, span);
    }
    let private = |it: &Entry<'t>| {
        let text = scenario.property_text(it, &["PrivateDnsEnabled"]);
        text.as_ref().and_then(Text::known) == Some("true") && scenario.exists(it) == Some(true)
    };
    if private(control) && private(agent) {
        Way { lacks, ..Way::to(Egress::Endpoints, control.key.span()) }
    } else {
        Way::unknown(Some(control.key.span()))
    }
}

/// Where the security groups of an endpoint let nobody in.
fn closed<'t>(scenario: &Scenario<'_, 't>, endpoint: &Entry<'t>) -> Option<Span> {
    let listed = Listed::of(scenario, scenario.property(endpoint, &["SecurityGroupIds"]), "");
    let groups = Groups::listed(scenario, listed);
    let (openings, unknown) = groups.openings(scenario, HTTPS);
    let changed = groups.own(scenario).any(|it| may_be_changed(scenario, &[it.id]));
    if unknown || changed || !openings.is_empty() || scenario.exists(endpoint) != Some(true) {
        return None;
    }
    let place = groups.names.first()?.whole_place()?;
    Some(place.used.unwrap_or(place.span))
}
