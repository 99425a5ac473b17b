//! In which VPC things stand.

use super::groups::Groups;
use super::topology::subnets;
use crate::model::{Fleet, Launch, Listed, Source, named_resource};
use crate::resolve::{Found, Scenario, Text};
use crate::template::Entry;
use crate::text::Span;

/// The VPC of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home<'t> {
    /// One of the template, by logical id.
    Own(&'t str),
    /// The default VPC of the account, which no template makes.
    Default,
    /// Only deployment can tell.
    Unknown,
}

/// Something in a VPC that another resource names.
#[derive(Clone, Copy, Debug)]
pub struct Member<'t> {
    /// Its logical id.
    pub id: &'t str,
    /// What it is, in words.
    pub kind: &'static str,
    /// Its VPC.
    pub home: Home<'t>,
    /// Where it is named.
    pub named: Span,
}

/// The resources whose members have to stand in one VPC, with the properties that name those.
static HOLDERS: [(&str, &[&[&str]]); 6] = [
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", &[&["Subnets"], &["SubnetMappings"], &["SecurityGroups"]]),
    ("AWS::ElasticLoadBalancing::LoadBalancer", &[&["Subnets"], &["SecurityGroups"]]),
    (
        "AWS::ECS::Service",
        &[
            &["NetworkConfiguration", "AwsvpcConfiguration", "Subnets"],
            &["NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"],
        ],
    ),
    ("AWS::EC2::SubnetRouteTableAssociation", &[&["SubnetId"], &["RouteTableId"]]),
    ("AWS::EC2::SubnetNetworkAclAssociation", &[&["SubnetId"], &["NetworkAclId"]]),
    ("AWS::EC2::VPCEndpoint", &[&["VpcId"], &["SubnetIds"], &["SecurityGroupIds"], &["RouteTableIds"]]),
];

/// What has a VPC, and what it is called.
const KINDS: [(&str, &str); 7] = [
    ("AWS::EC2::VPC", "VPC"),
    ("AWS::EC2::Subnet", "subnet"),
    ("AWS::EC2::SecurityGroup", "security group"),
    ("AWS::EC2::RouteTable", "route table"),
    ("AWS::EC2::NetworkAcl", "network ACL"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "target group"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "load balancer"),
];

/// The sets of things that have to stand in one VPC: those of load balancers, services, endpoints and associations.
#[must_use]
pub fn neighbours<'t>(scenario: &Scenario<'_, 't>) -> Vec<Vec<Member<'t>>> {
    let mut res = Vec::new();
    for (type_name, paths) in &HOLDERS {
        for resource in scenario.template().resources_of(&[type_name]) {
            if scenario.exists(resource) != Some(true) {
                continue;
            }
            let mut listed = Listed::default();
            for path in *paths {
                listed.extend(scenario, scenario.property(resource, path), "SubnetId");
            }
            res.push(members(scenario, &listed.names));
        }
    }
    res
}

/// The things of a fleet that have to stand in one VPC, for each of its launch sources.
#[must_use]
pub fn neighbours_of_fleet<'t>(
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    launch: &Launch<'t>,
) -> Vec<Vec<Member<'t>>> {
    let of_source = |source: &Source<'t>| {
        let mut names = subnets(scenario, fleet, source).names;
        names.extend(Groups::of_source(scenario, source).names);
        for key in ["TargetGroupARNs", "LoadBalancerNames"] {
            names.extend(Listed::of(scenario, scenario.property(&fleet.resource, &[key]), "").names);
        }
        members(scenario, &names)
    };
    launch.sources.iter().map(of_source).collect()
}

fn members<'t>(scenario: &Scenario<'_, 't>, names: &[Text<'t>]) -> Vec<Member<'t>> {
    let member = |name: &Text<'t>| {
        let resource = named(scenario, name)?;
        let (_, kind) = KINDS.iter().find(|(it, _)| *it == resource.type_name())?;
        let place = name.whole_place()?;
        let named = place.used.unwrap_or(place.span);
        Some(Member { id: resource.id, kind, home: home(scenario, resource), named })
    };
    names.iter().filter_map(member).collect()
}

fn home<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Home<'t> {
    match resource.type_name() {
        "AWS::EC2::VPC" => return Home::Own(resource.id),
        "AWS::ElasticLoadBalancing::LoadBalancer" => {
            let listed = Listed::of(scenario, scenario.property(resource, &["Subnets"]), "");
            let subnet = listed.names.first().and_then(|it| named(scenario, it));
            let subnet = subnet.filter(|it| it.type_name() == "AWS::EC2::Subnet");
            return subnet.map_or(Home::Unknown, |it| home(scenario, it));
        }
        _ => {}
    }
    match scenario.property(resource, &["VpcId"]) {
        Found::Node(node) => {
            let text = scenario.text(node);
            let vpc = text.as_ref().and_then(|it| named_resource(scenario, it, &["VpcId"]));
            let vpc = vpc.filter(|it| it.type_name() == "AWS::EC2::VPC");
            vpc.map_or(Home::Unknown, |it| Home::Own(it.id))
        }
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
        Found::Absent if resource.type_name() == "AWS::EC2::SecurityGroup" => Home::Default,
        _ => Home::Unknown,
    }
}

fn named<'w, 't>(scenario: &Scenario<'w, 't>, name: &Text<'t>) -> Option<&'w Entry<'t>> {
    const IDS: [&str; 7] =
        ["GroupId", "SubnetId", "Id", "RouteTableId", "NetworkAclId", "VpcId", "TargetGroupArn"];
    named_resource(scenario, name, &IDS)
}
