//! What runs beside the instances: gateways, load balancers, addresses, volumes, endpoints.

use super::Line;
use crate::catalog::prices::Price;
use crate::catalog::units::{Unit, Volume};
use crate::model::{Fleet, FleetKind, Listed, named_resource};
use crate::resolve::{Found, Scenario, Symbol};
use crate::rule::Facts;
use crate::template::Entry;

/// A line for each thing that the template has, in the order of the text.
pub(super) fn lines<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>) -> Vec<Line> {
    let region = facts.money.region();
    let mut res = Vec::new();
    for resource in facts.template().resources.iter() {
        let Some(there) = there(scenario, resource) else { continue };
        let text = |name: &str| {
            let text = scenario.property_text(resource, &[name]);
            text.as_ref().and_then(|it| it.known()).map(str::to_owned)
        };
        match resource.type_name() {
            "AWS::EC2::NatGateway" => {
                res.push(unit(resource, "NAT gateway", Unit::NatGateway, region, there))
            }
            "AWS::EC2::EIP" if !is_of_an_instance(scenario, resource) => {
                res.push(unit(resource, "public IPv4 address", Unit::PublicIpv4, region, there));
            }
            "AWS::EC2::VPCEndpoint" if text("VpcEndpointType").as_deref() == Some("Interface") => {
                let zones = subnets(scenario, resource).filter(|_| there.is_some());
                res.push(unit(resource, "interface endpoint", Unit::InterfaceEndpoint, region, zones));
            }
            "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
                let (what, kind) = match scenario.property(resource, &["Type"]) {
                    Found::Absent => ("application load balancer", Some(Unit::ApplicationLoadBalancer)),
                    _ => match text("Type").as_deref() {
                        Some("application") => {
                            ("application load balancer", Some(Unit::ApplicationLoadBalancer))
                        }
                        Some("network") => ("network load balancer", Some(Unit::NetworkLoadBalancer)),
                        _ => ("load balancer", None),
                    },
                };
                match kind {
                    Some(kind) => res.push(unit(resource, what, kind, region, there)),
                    None => res.push(line(resource, what, None, there, "")),
                }
                res.extend(addresses(scenario, resource, region));
            }
            "AWS::ElasticLoadBalancing::LoadBalancer" => {
                let what = "classic load balancer";
                res.push(unit(resource, what, Unit::ClassicLoadBalancer, region, there));
                res.extend(addresses(scenario, resource, region));
            }
            "AWS::EC2::Volume" => {
                let kind = match scenario.property(resource, &["VolumeType"]) {
                    Found::Absent => Some("gp2".to_owned()),
                    _ => text("VolumeType"),
                };
                let number = |name: &str| text(name)?.trim().parse().ok().filter(|it: &f64| it.is_finite());
                let volume = kind.zip(number("Size")).map(|(kind, gib)| Volume {
                    kind,
                    gib,
                    iops: number("Iops"),
                    throughput: number("Throughput"),
                });
                let what = match &volume {
                    Some(it) => format!("{} volume, {} GiB", it.kind, it.gib),
                    None => "volume".to_owned(),
                };
                res.push(line(resource, &what, volume.and_then(|it| it.price(region)), there, ""));
            }
            _ => {}
        }
    }
    res
}

/// One, or a number that only deployment can tell; `None` when it is not created.
fn there<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Option<Option<u32>> {
    match scenario.exists(resource) {
        Some(true) => Some(Some(1)),
        Some(false) => None,
        None => Some(None),
    }
}

fn line(resource: &Entry<'_>, what: &str, price: Option<Price>, n: Option<u32>, note: &'static str) -> Line {
    Line {
        what: what.to_owned(),
        resource: Some(resource.id.to_owned()),
        price,
        desired: n,
        max: n,
        note: note.into(),
    }
}

fn unit(resource: &Entry<'_>, what: &str, unit: Unit, region: &str, n: Option<u32>) -> Line {
    line(resource, what, unit.price(region), n, unit.by_use())
}

/// The addresses of a load balancer that the world can reach: one in each zone.
fn addresses<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>, region: &str) -> Option<Line> {
    match scenario.property(resource, &["Scheme"]) {
        Found::Absent => {}
        Found::Unknown => return None,
        Found::Node(node) if scenario.text(node)?.known()? == "internet-facing" => {}
        Found::Node(_) => return None,
    }
    let note = "one in each zone, more under load";
    let zones = subnets(scenario, resource).filter(|_| scenario.exists(resource) == Some(true));
    Some(line(resource, "public IPv4 address", Unit::PublicIpv4.price(region), zones, note))
}

/// How many subnets a resource names; `None` where only deployment can tell.
fn subnets<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Option<u32> {
    let mut listed = Listed::default();
    for key in ["Subnets", "SubnetIds", "SubnetMappings"] {
        listed.extend(scenario, scenario.property(resource, &[key]), "SubnetId");
    }
    // A parameter may be a list of any length.
    let world = scenario.world();
    let is_list = |symbol: &Symbol<'_>| match symbol {
        Symbol::Parameter(name) => {
            let kind = world.parameter_type(name);
            kind.contains("List<") || kind == "CommaDelimitedList"
        }
        Symbol::Import(_) | Symbol::Unknown => true,
        _ => false,
    };
    let open = listed.names.iter().any(|it| it.only_symbol().is_some_and(is_list));
    let n_zones = u32::try_from(listed.names.len()).ok().filter(|it| *it > 0);
    n_zones.filter(|_| !listed.unknown && !open)
}

/// Whether an address is given to an instance of the template, where it is counted.
fn is_of_an_instance<'t>(scenario: &Scenario<'_, 't>, address: &Entry<'t>) -> bool {
    let names_instance = |resource: &Entry<'t>| {
        let name = scenario.property_text(resource, &["InstanceId"]);
        let named = name.as_ref().and_then(|it| named_resource(scenario, it, &["InstanceId"]));
        named.and_then(Fleet::of).is_some_and(|it| it.kind == FleetKind::Instance)
    };
    let names_address = |association: &&Entry<'t>| {
        ["AllocationId", "EIP"].iter().any(|key| {
            let name = scenario.property_text(association, &[key]);
            let named =
                name.as_ref().and_then(|it| named_resource(scenario, it, &["AllocationId", "PublicIp"]));
            named.is_some_and(|it| it.id == address.id)
        })
    };
    let mut associations = scenario.template().resources_of(&["AWS::EC2::EIPAssociation"]);
    names_instance(address) || associations.any(|it| names_address(&it) && names_instance(it))
}
