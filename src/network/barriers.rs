//! What stops packets on a way that is there: security groups and network ACLs.

use super::acl::{Acl, Acls};
use super::address::Origin;
use super::groups::{Groups, Opening};
use super::routes::{Missing, Way};
use crate::model::{Egress, Source, may_be_changed, named_resource};
use crate::resolve::Scenario;
use crate::syntax::Node;
use crate::template::Entry;
use crate::text::Span;

/// The port of every service that joining needs.
pub(super) const HTTPS: u16 = 443;

/// What the security groups of a launch source let out at port 443.
pub(super) struct Exits<'t> {
    openings: Vec<Opening<'t>>,
    unknown: bool,
    /// The rules of the first group, or the group.
    span: Option<Span>,
}

impl<'t> Exits<'t> {
    pub(super) fn of(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Exits<'t> {
        let groups = Groups::of_source(scenario, source);
        let (openings, unknown) = groups.exits(scenario, HTTPS);
        let span = groups.own(scenario).next().map(|group| {
            let mut properties = group.properties().into_iter().flat_map(Node::entries);
            let rules = properties.find(|(key, _)| key.text() == "SecurityGroupEgress");
            rules.map_or(group.key.span(), |(key, _)| key.span())
        });
        Exits { openings, unknown, span }
    }

    fn closed(&self, to_world: bool) -> Option<Span> {
        let leads = |it: &Opening<'_>| it.origin.leads_out(to_world);
        self.span.filter(|_| !self.unknown && !self.openings.iter().any(leads))
    }
}

/// What keeps instances from reaching ECS, and the words that decide; only what is proved.
pub(super) fn barrier<'t>(
    scenario: &Scenario<'_, 't>,
    acls: &Acls<'t>,
    exits: &Exits<'t>,
    subnet: Option<&Entry<'t>>,
    way: &Way<'t>,
) -> Option<(Missing, Span)> {
    let to_world = subnet.is_some_and(|it| leads_to_world(scenario, it, way));
    if let Some(span) = exits.closed(to_world) {
        return Some((Missing::Exit, span));
    }
    let mut passed: Vec<&str> = subnet.map(|it| it.id).into_iter().collect();
    passed.extend(way.hops.iter().map(|it| it.subnet));
    passed.dedup();
    let subnets = passed.into_iter().filter_map(|it| scenario.template().resource(it));
    subnets.filter_map(|it| acls.of_subnet(scenario, it)).find_map(|it| by_acl(it, to_world))
}

fn by_acl(acl: &Acl<'_>, to_world: bool) -> Option<(Missing, Span)> {
    // Linux takes ports from 32768 on for its own end, Windows from 49152 on, and a NAT gateway from 1024 on.
    let ways = [(true, (HTTPS, HTTPS), Missing::AclExit), (false, (1024, u16::MAX), Missing::AclReturn)];
    ways.into_iter().find_map(|(out, ports, missing)| Some((missing, acl.closed(out, ports, to_world)?)))
}

/// Whether packets for ECS leave the VPC: it is one of the template, and has no endpoints.
fn leads_to_world<'t>(scenario: &Scenario<'_, 't>, subnet: &Entry<'t>, way: &Way<'t>) -> bool {
    let vpc = scenario.property_text(subnet, &["VpcId"]);
    let own = vpc.as_ref().and_then(|it| named_resource(scenario, it, &["VpcId"]));
    matches!(way.egress, Egress::InternetGateway | Egress::Nat)
        && own.is_some_and(|it| !may_be_changed(scenario, &[it.id]))
        && scenario.template().resources_of(&["AWS::EC2::VPCEndpoint"]).next().is_none()
}

impl Origin {
    /// Whether ECS may be among these addresses.
    pub(super) fn leads_out(self, to_world: bool) -> bool {
        match self {
            Origin::Range(ipnet::IpNet::V4(range)) => {
                let first = range.network();
                // Nobody is there: rules for these stand for none at all.
                let nobody = first.is_loopback() || first.is_broadcast() || first.is_link_local();
                let inside = first.is_private() && range.prefix_len() >= 8;
                !(nobody || first.is_unspecified() && range.prefix_len() == 32 || to_world && inside)
            }
            _ => true,
        }
    }
}
