//! Ranges of addresses that VPCs and subnets are given.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::routes::same_vpc;
use crate::model::{may_be_changed, named_resource};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::syntax::Node;
use crate::template::Entry;

/// Which addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A range that is written down, with its place.
#[derive(Clone, Debug)]
pub struct Block<'t> {
    /// The resource that has it.
    pub resource: Entry<'t>,
    /// The words.
    pub text: Text<'t>,
    /// `None` where the words are no range of this family.
    pub range: Option<IpNet>,
    /// Which addresses it should be of.
    pub family: Family,
}

/// The properties that take a range, by type.
static PLACES: [(&str, &str, Family); 12] = [
    ("AWS::EC2::VPC", "CidrBlock", Family::V4),
    ("AWS::EC2::VPCCidrBlock", "CidrBlock", Family::V4),
    ("AWS::EC2::Subnet", "CidrBlock", Family::V4),
    ("AWS::EC2::Subnet", "Ipv6CidrBlock", Family::V6),
    ("AWS::EC2::Route", "DestinationCidrBlock", Family::V4),
    ("AWS::EC2::Route", "DestinationIpv6CidrBlock", Family::V6),
    ("AWS::EC2::NetworkAclEntry", "CidrBlock", Family::V4),
    ("AWS::EC2::NetworkAclEntry", "Ipv6CidrBlock", Family::V6),
    ("AWS::EC2::SecurityGroupIngress", "CidrIp", Family::V4),
    ("AWS::EC2::SecurityGroupIngress", "CidrIpv6", Family::V6),
    ("AWS::EC2::SecurityGroupEgress", "CidrIp", Family::V4),
    ("AWS::EC2::SecurityGroupEgress", "CidrIpv6", Family::V6),
];

impl Family {
    /// Reads a range; what stands behind the prefix does not matter, as EC2 drops it.
    #[must_use]
    pub fn read(self, text: &str) -> Option<IpNet> {
        match self {
            Family::V4 => text.parse::<Ipv4Net>().ok().map(|it| it.trunc().into()),
            Family::V6 => text.parse::<Ipv6Net>().ok().map(|it| it.trunc().into()),
        }
    }

    /// The property of a subnet.
    fn key(self) -> &'static str {
        match self {
            Family::V4 => "CidrBlock",
            Family::V6 => "Ipv6CidrBlock",
        }
    }
}

/// All ranges of the template whose text is known.
#[must_use]
pub fn blocks<'t>(scenario: &Scenario<'_, 't>) -> Vec<Block<'t>> {
    let mut res = Vec::new();
    for (type_name, key, family) in PLACES {
        for resource in scenario.template().resources_of(&[type_name]) {
            res.extend(block(scenario, resource, scenario.property(resource, &[key]), family));
        }
    }
    for group in scenario.template().resources_of(&["AWS::EC2::SecurityGroup"]) {
        for rules in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            let Found::Node(rules) = scenario.property(group, &[rules]) else { continue };
            let rules = scenario.items(rules).unwrap_or_default();
            let rules = rules.into_iter().filter_map(|it| match it {
                Found::Node(rule) => Some(rule),
                _ => None,
            });
            let found = |rule: Node<'t>| {
                let ends = [("CidrIp", Family::V4), ("CidrIpv6", Family::V6)];
                ends.map(|(key, family)| block(scenario, group, scenario.find(rule, &[key]), family))
            };
            res.extend(rules.flat_map(found).flatten());
        }
    }
    res
}

fn block<'t>(
    scenario: &Scenario<'_, 't>,
    resource: &Entry<'t>,
    found: Found<'t>,
    family: Family,
) -> Option<Block<'t>> {
    let Found::Node(node) = found else { return None };
    let text = scenario.text(node)?;
    // What is empty is yet to be given.
    let known = text.known()?.trim();
    if known.is_empty() || scenario.exists(resource) != Some(true) {
        return None;
    }
    let range = family.read(known);
    Some(Block { resource: *resource, text, range, family })
}

/// The ranges of subnets, those of one VPC together, in the order of the text.
#[must_use]
pub fn subnets<'t>(scenario: &Scenario<'_, 't>, family: Family) -> Vec<(Text<'t>, Vec<Block<'t>>)> {
    let mut res: Vec<(Text<'t>, Vec<Block<'t>>)> = Vec::new();
    for subnet in scenario.template().resources_of(&["AWS::EC2::Subnet"]) {
        let Some(vpc) = scenario.property_text(subnet, &["VpcId"]) else { continue };
        let found = scenario.property(subnet, &[family.key()]);
        let Some(block) = block(scenario, subnet, found, family).filter(|it| it.range.is_some()) else {
            continue;
        };
        match res.iter_mut().find(|(it, _)| is_same(scenario, it, &vpc)) {
            Some((_, blocks)) => blocks.push(block),
            None => res.push((vpc, vec![block])),
        }
    }
    res
}

/// Whether two texts surely name the same VPC.
fn is_same<'t>(scenario: &Scenario<'_, 't>, left: &Text<'t>, right: &Text<'t>) -> bool {
    let own = |text| named_resource(scenario, text, &["VpcId"]).map(|it| it.id);
    match (own(left), own(right)) {
        (Some(left), Some(right)) => left == right,
        _ => matches!(left.only_symbol(), Some(Symbol::Parameter(_))) && left == right,
    }
}

/// All ranges of a VPC of the template; `None` where there may be others.
#[must_use]
pub fn ranges<'t>(scenario: &Scenario<'_, 't>, vpc: &Text<'t>, family: Family) -> Option<Vec<Block<'t>>> {
    let own = named_resource(scenario, vpc, &["VpcId"]).filter(|it| it.type_name() == "AWS::EC2::VPC")?;
    if may_be_changed(scenario, &[own.id]) {
        return None;
    }
    let mut res = Vec::new();
    if family == Family::V4 {
        res.push(block(scenario, own, scenario.property(own, &["CidrBlock"]), family)?);
    }
    for more in scenario.template().resources_of(&["AWS::EC2::VPCCidrBlock"]) {
        if scenario.exists(more) == Some(false) || same_vpc(scenario, more, Some(vpc)) == Some(false) {
            continue;
        }
        same_vpc(scenario, more, Some(vpc))?;
        let other = match family {
            Family::V4 => ["Ipv6CidrBlock", "AmazonProvidedIpv6CidrBlock", "Ipv6IpamPoolId", "Ipv6Pool"],
            Family::V6 => ["CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "CidrBlock"],
        };
        match scenario.property(more, &[family.key()]) {
            Found::Absent if other.iter().any(|it| scenario.property(more, &[it]) != Found::Absent) => {}
            found => res.push(block(scenario, more, found, family)?),
        }
    }
    (!res.is_empty() && res.iter().all(|it| it.range.is_some())).then_some(res)
}
