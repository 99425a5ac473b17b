//! Where a subnet's packets to the world go.

use super::endpoints::by_endpoints;
use crate::model::{Egress, may_be_changed, named_resource};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::template::Entry;
use crate::text::Span;

/// The way from a subnet to the world, up to the gateway.
#[derive(Clone, Debug)]
pub struct Way<'t> {
    /// Where it leads; through an internet gateway only with a public address.
    pub egress: Egress,
    /// What is missing, when it leads nowhere.
    pub missing: Option<Missing>,
    /// The words that decide: the target of the route, the id of the subnet.
    pub span: Option<Span>,
    /// What of the template has to be there before a packet passes, from the subnet on.
    pub hops: Vec<Hop<'t>>,
    /// The endpoints that a way by endpoints lacks, by the last word of their service.
    pub lacks: Vec<&'static str>,
}

/// A route or an association that a way out needs.
#[derive(Clone, Copy, Debug)]
pub struct Hop<'t> {
    /// The resource.
    pub resource: Entry<'t>,
    /// The subnet that it serves, by logical id.
    pub subnet: &'t str,
}

/// The hop that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No default route, nor the endpoints that joining needs.
    Route,
    /// The gateway of the route is attached to no VPC, or to another one.
    Attachment,
    /// The NAT gateway has no way out itself.
    Nat,
    /// A public address.
    PublicAddress,
    /// Some of the endpoints that joining needs, in a VPC that has others.
    Endpoint,
    /// A rule that lets somebody in, in the security group of an endpoint.
    EndpointEntry,
    /// A rule of a security group that lets packets out.
    Exit,
    /// A rule of a network ACL that lets packets out.
    AclExit,
    /// A rule of a network ACL that lets the answers in.
    AclReturn,
}

/// The properties of a route that name its target, where the target is none of the usual two.
const OTHER_TARGETS: [&str; 9] = [
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "InstanceId",
    "NetworkInterfaceId",
    "VpcEndpointId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
];

/// The route table of a subnet.
enum Table<'w, 't> {
    /// With the association that says so.
    Own(&'w Entry<'t>, &'w Entry<'t>),
    /// That of the VPC.
    Main,
    Unknown,
}

impl<'t> Way<'t> {
    pub(super) fn unknown(span: Option<Span>) -> Way<'t> {
        Way { egress: Egress::Unknown, missing: None, span, hops: Vec::new(), lacks: Vec::new() }
    }

    pub(super) fn to(egress: Egress, span: Span) -> Way<'t> {
        Way { egress, missing: None, span: Some(span), hops: Vec::new(), lacks: Vec::new() }
    }

    pub(super) fn ends(missing: Missing, span: Span) -> Way<'t> {
        Way {
            egress: Egress::None,
            missing: Some(missing),
            span: Some(span),
            hops: Vec::new(),
            lacks: Vec::new(),
        }
    }
}

/// The way out of a subnet of the template.
pub(super) fn way_out<'t>(scenario: &Scenario<'_, 't>, subnet: &Entry<'t>) -> Way<'t> {
    way(scenario, subnet, false)
}

fn way<'t>(scenario: &Scenario<'_, 't>, subnet: &Entry<'t>, for_nat: bool) -> Way<'t> {
    let vpc = scenario.property_text(subnet, &["VpcId"]);
    let own_vpc = vpc.as_ref().and_then(|it| named_resource(scenario, it, &["VpcId"]));
    let table = table_of(scenario, subnet);
    let (routes, owner, association) = match table {
        Table::Unknown => return Way::unknown(Some(subnet.key.span())),
        Table::Own(table, association) => (routes_of(scenario, Some(table)), table, Some(association)),
        Table::Main => match own_vpc {
            Some(vpc) => (routes_of(scenario, None), vpc, None),
            // The VPC is older than the stack, and so is its main table.
            None => return Way::unknown(Some(subnet.key.span())),
        },
    };
    let ways = routes.default.iter().map(|it| (*it, target(scenario, it, vpc.as_ref(), for_nat)));
    if let Some((route, mut best)) = ways.max_by_key(|(_, it)| it.egress) {
        let own = [association, Some(route)].into_iter().flatten();
        best.hops.splice(0..0, own.map(|it| Hop { resource: *it, subnet: subnet.id }));
        return best;
    }
    if routes.unknown || may_be_changed(scenario, &[owner.id, subnet.id]) {
        return Way::unknown(Some(subnet.key.span()));
    }
    by_endpoints(scenario, vpc.as_ref(), subnet)
}

/// The route table by explicit association, else the main one.
fn table_of<'w, 't>(scenario: &Scenario<'w, 't>, subnet: &Entry<'t>) -> Table<'w, 't> {
    let template = scenario.template();
    let mut unknown = false;
    for resource in template.resources_of(&["AWS::EC2::SubnetRouteTableAssociation"]) {
        let Some(name) = scenario.property_text(resource, &["SubnetId"]) else {
            unknown = true;
            continue;
        };
        unknown |= name.only_symbol() == Some(&Symbol::Unknown);
        if named_resource(scenario, &name, &["SubnetId"]).is_none_or(|it| it.id != subnet.id) {
            continue;
        }
        match scenario.exists(resource) {
            Some(true) => {}
            Some(false) => continue,
            None => return Table::Unknown,
        }
        let table = scenario.property_text(resource, &["RouteTableId"]);
        let own = table.as_ref().and_then(|it| named_resource(scenario, it, &["RouteTableId"]));
        return match own {
            Some(own) if own.type_name() == "AWS::EC2::RouteTable" => Table::Own(own, resource),
            _ => Table::Unknown,
        };
    }
    if unknown { Table::Unknown } else { Table::Main }
}

/// The routes of a table that matter.
struct Routes<'w, 't> {
    default: Vec<&'w Entry<'t>>,
    /// There may be a default route that was not understood.
    unknown: bool,
}

/// The default routes of a table of the template, or of the main table, whose name no template knows.
fn routes_of<'w, 't>(scenario: &Scenario<'w, 't>, table: Option<&Entry<'t>>) -> Routes<'w, 't> {
    let mut res = Routes { default: Vec::new(), unknown: false };
    let template = scenario.template();
    for resource in template.resources_of(&["AWS::EC2::Route", "AWS::EC2::VPNGatewayRoutePropagation"]) {
        let propagation = resource.type_name() != "AWS::EC2::Route";
        let key = if propagation { "RouteTableIds" } else { "RouteTableId" };
        let names = crate::model::Listed::of(scenario, scenario.property(resource, &[key]), "");
        let named = |it: &Text<'t>| named_resource(scenario, it, &["RouteTableId"]).map(|it| it.id);
        let ours = match table {
            Some(table) => names.names.iter().any(|it| named(it) == Some(table.id)),
            None => names.names.iter().any(|it| named(it).is_none()),
        };
        if !ours {
            res.unknown |= names.unknown;
            continue;
        }
        match scenario.exists(resource) {
            Some(true) if table.is_some() && !propagation => {}
            Some(false) => continue,
            // What a VPN brings, or a table that a custom resource looked up, is known later only.
            _ => {
                res.unknown = true;
                continue;
            }
        }
        match is_default(scenario, resource) {
            Some(true) => res.default.push(resource),
            Some(false) => {}
            None => res.unknown = true,
        }
    }
    res
}

/// Whether a route is for the world; `None` when that cannot be told, and for half of the world.
fn is_default<'t>(scenario: &Scenario<'_, 't>, route: &Entry<'t>) -> Option<bool> {
    if let Found::Node(node) = scenario.property(route, &["DestinationCidrBlock"]) {
        let range = scenario.text(node)?.known()?.trim().parse::<ipnet::IpNet>().ok()?;
        return match range.prefix_len() {
            0 => Some(true),
            1 => None,
            _ => Some(false),
        };
    }
    // The endpoints of ECS are reached over IPv6 only where the account asks for it.
    if let Found::Node(node) = scenario.property(route, &["DestinationIpv6CidrBlock"]) {
        let range = scenario.text(node)?.known()?.trim().parse::<ipnet::IpNet>().ok()?;
        return if range.prefix_len() < 2 { None } else { Some(false) };
    }
    None
}

/// Where a default route leads.
fn target<'t>(
    scenario: &Scenario<'_, 't>,
    route: &Entry<'t>,
    vpc: Option<&Text<'t>>,
    for_nat: bool,
) -> Way<'t> {
    if let Found::Node(node) = scenario.property(route, &["NatGatewayId"]) {
        let text = scenario.text(node);
        let nat = text.as_ref().and_then(|it| named_resource(scenario, it, &["NatGatewayId"]));
        return match nat {
            Some(_) if for_nat => Way::ends(Missing::Nat, node.full_span()),
            Some(nat) => through_nat(scenario, nat, node.full_span()),
            None => Way::to(Egress::Nat, node.full_span()),
        };
    }
    if let Found::Node(node) = scenario.property(route, &["GatewayId"]) {
        let span = node.full_span();
        let text = scenario.text(node);
        let own = text.as_ref().and_then(|it| named_resource(scenario, it, &["InternetGatewayId"]));
        return match own.map(|it| (it, it.type_name())) {
            Some((gateway, "AWS::EC2::InternetGateway")) => match attached(scenario, gateway, vpc) {
                Some(true) => Way::to(Egress::InternetGateway, span),
                Some(false) => Way::ends(Missing::Attachment, span),
                None => Way::unknown(Some(span)),
            },
            Some((_, "AWS::EC2::VPNGateway")) => Way::to(Egress::Other, span),
            _ => Way::unknown(Some(span)),
        };
    }
    for key in OTHER_TARGETS {
        if let Found::Node(node) = scenario.property(route, &[key]) {
            return Way::to(Egress::Other, node.full_span());
        }
    }
    Way::unknown(Some(route.key.span()))
}

/// A NAT gateway leads out when its own subnet does (NAT gateways in the VPC user guide).
fn through_nat<'t>(scenario: &Scenario<'_, 't>, nat: &Entry<'t>, span: Span) -> Way<'t> {
    let private = scenario.property_text(nat, &["ConnectivityType"]);
    if private.is_some_and(|it| it.known() == Some("private")) {
        return Way::to(Egress::Other, span);
    }
    let subnet = scenario.property_text(nat, &["SubnetId"]);
    let subnet = subnet.as_ref().and_then(|it| named_resource(scenario, it, &["SubnetId"]));
    match subnet.map(|it| way(scenario, it, true)) {
        // That is the fault, wherever the way to it begins.
        Some(Way { missing: Some(Missing::Attachment), span: Some(span), .. }) => {
            Way::ends(Missing::Attachment, span)
        }
        Some(Way { egress: Egress::None, .. }) => Way::ends(Missing::Nat, span),
        Some(way) => Way { hops: way.hops, ..Way::to(Egress::Nat, span) },
        None => Way::to(Egress::Nat, span),
    }
}

/// Whether an internet gateway of the template is attached to this VPC.
fn attached<'t>(scenario: &Scenario<'_, 't>, gateway: &Entry<'t>, vpc: Option<&Text<'t>>) -> Option<bool> {
    let mut unknown = may_be_changed(scenario, &[gateway.id]);
    for resource in scenario.template().resources_of(&["AWS::EC2::VPCGatewayAttachment"]) {
        if scenario.property(resource, &["InternetGatewayId"]) == Found::Absent {
            continue;
        }
        let Some(name) = scenario.property_text(resource, &["InternetGatewayId"]) else {
            unknown = true;
            continue;
        };
        if named_resource(scenario, &name, &["InternetGatewayId"]).is_none_or(|it| it.id != gateway.id) {
            continue;
        }
        match scenario.exists(resource) {
            Some(true) => {}
            Some(false) => continue,
            None => {
                unknown = true;
                continue;
            }
        }
        match same_vpc(scenario, resource, vpc) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(false) }
}

/// Whether a resource stands in this VPC.
pub(super) fn same_vpc<'t>(
    scenario: &Scenario<'_, 't>,
    resource: &Entry<'t>,
    vpc: Option<&Text<'t>>,
) -> Option<bool> {
    let there = scenario.property_text(resource, &["VpcId"])?;
    let here = vpc?;
    let id = |text: &Text<'t>| named_resource(scenario, text, &["VpcId"]).map(|it| it.id);
    match (id(&there), id(here)) {
        (Some(there), Some(here)) => Some(there == here),
        _ if there == *here => Some(true),
        _ => None,
    }
}
