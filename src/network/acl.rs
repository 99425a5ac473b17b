//! Network ACLs: the rules of a subnet, by number, the first that matches decides.
//!
//! Unlike security groups they know nothing of connections: answers have to be let in too
//! ([network ACLs](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)).

use super::address::Origin;
use crate::model::{may_be_changed, named_resource};
use crate::resolve::{Found, Scenario, Text};
use crate::template::Entry;
use crate::text::Span;

/// The network ACL of a subnet, all of its rules understood as far as `unknown` does not say otherwise.
pub(super) struct Acl<'t> {
    /// The custom ACL; none is the default one of the VPC.
    own: Option<Entry<'t>>,
    /// By number.
    rules: Vec<Rule<'t>>,
    unknown: bool,
}

struct Rule<'t> {
    number: i64,
    out: bool,
    allows: bool,
    /// The TCP ports that it is about, both ends included.
    ports: (u16, u16),
    origin: Origin,
    /// The resource; none for the rule that every default ACL has.
    entry: Option<Entry<'t>>,
}

/// How many denying rules are compared with each allowing one; the quota of an ACL is lower.
const MAX_DENYING: usize = 100;

impl Acl<'_> {
    /// Where all TCP packets to these ports are turned away: by the rule that does, or the ACL that lets none pass.
    pub(super) fn closed(&self, out: bool, ports: (u16, u16), to_world: bool) -> Option<Span> {
        let mut denying: Vec<&Rule<'_>> = Vec::new();
        let mut span = None;
        for rule in self.rules.iter().filter(|it| it.out == out) {
            let (from, to) = (rule.ports.0.max(ports.0), rule.ports.1.min(ports.1));
            if from > to {
                continue;
            }
            if !rule.allows {
                denying.push(rule);
            } else if rule.origin.leads_out(to_world) {
                let by = denying.iter().take(MAX_DENYING).find(|it| it.denies(rule.origin, (from, to)))?;
                span = span.or(by.entry.map(|it| it.key.span()));
            }
        }
        let all = denying.iter().find(|it| it.denies(Origin::World, ports)).and_then(|it| it.entry);
        span.or(all.map(|it| it.key.span()))
            .or_else(|| self.own.map(|it| it.key.span()))
            .filter(|_| !self.unknown)
    }
}

impl Rule<'_> {
    /// Whether all of this falls under the rule.
    fn denies(&self, origin: Origin, ports: (u16, u16)) -> bool {
        let everybody = match (self.origin, origin) {
            (Origin::World, _) => true,
            (Origin::Range(around), Origin::Range(range)) => around.contains(&range),
            _ => false,
        };
        everybody && self.ports.0 <= ports.0 && ports.1 <= self.ports.1
    }
}

/// The network ACL of a subnet; `None` where only deployment can tell which it is.
pub(super) fn acl_of<'t>(scenario: &Scenario<'_, 't>, subnet: &Entry<'t>) -> Option<Acl<'t>> {
    if may_be_changed(scenario, &[subnet.id]) {
        return None;
    }
    for resource in scenario.template().resources_of(&["AWS::EC2::SubnetNetworkAclAssociation"]) {
        let name = scenario.property_text(resource, &["SubnetId"])?;
        let of_subnet = named_resource(scenario, &name, &["SubnetId"])?;
        if of_subnet.id != subnet.id || scenario.exists(resource) == Some(false) {
            continue;
        }
        scenario.exists(resource)?;
        let acl = scenario.property_text(resource, &["NetworkAclId"])?;
        let acl = named_resource(scenario, &acl, &["NetworkAclId", "Id"])?;
        return (acl.type_name() == "AWS::EC2::NetworkAcl").then(|| read(scenario, Some(acl), acl));
    }
    let vpc = scenario.property_text(subnet, &["VpcId"])?;
    Some(read(scenario, None, named_resource(scenario, &vpc, &["VpcId"])?))
}

/// The rules of `own`, or of the default ACL of the VPC `owner`.
fn read<'t>(scenario: &Scenario<'_, 't>, own: Option<&Entry<'t>>, owner: &Entry<'t>) -> Acl<'t> {
    let mut res =
        Acl { own: own.copied(), rules: Vec::new(), unknown: may_be_changed(scenario, &[owner.id]) };
    if own.is_none() {
        let everything = |out| Rule {
            number: 100,
            out,
            allows: true,
            ports: (0, u16::MAX),
            origin: Origin::World,
            entry: None,
        };
        res.rules.extend([true, false].map(everything));
    }
    for entry in scenario.template().resources_of(&["AWS::EC2::NetworkAclEntry"]) {
        let name = scenario.property_text(entry, &["NetworkAclId"]);
        let attributes: &[&str] =
            if own.is_some() { &["NetworkAclId", "Id"] } else { &["DefaultNetworkAcl"] };
        let Some(name) = name else {
            res.unknown = true;
            continue;
        };
        match named_resource(scenario, &name, attributes) {
            Some(named) if named.id == owner.id => {}
            // A `Ref` of the VPC is no ACL; that of another ACL is another one.
            _ => {
                res.unknown |= name.only_symbol().is_none() || name.only_symbol().is_some_and(is_open);
                continue;
            }
        }
        match scenario.exists(entry) {
            Some(false) => continue,
            Some(true) => {}
            None => res.unknown = true,
        }
        match rule(scenario, entry) {
            Some(Some(rule)) => res.rules.push(rule),
            Some(None) => {}
            None => res.unknown = true,
        }
    }
    res.rules.sort_by_key(|it| it.number);
    res
}

fn is_open(symbol: &crate::resolve::Symbol<'_>) -> bool {
    use crate::resolve::Symbol;
    !matches!(symbol, Symbol::Resource(_) | Symbol::Attribute { .. })
}

/// A rule as far as it is about TCP; `None` when it cannot be told, nothing inside when it is not.
#[expect(clippy::option_option, reason = "unknown is not the same as none")]
fn rule<'t>(scenario: &Scenario<'_, 't>, entry: &Entry<'t>) -> Option<Option<Rule<'t>>> {
    let known = |path: &[&str]| -> Option<String> {
        let text = scenario.property_text(entry, path)?;
        Some(text.known()?.trim().to_ascii_lowercase())
    };
    let ports = match known(&["Protocol"])?.as_str() {
        "-1" => (0, u16::MAX),
        "6" => (known(&["PortRange", "From"])?.parse().ok()?, known(&["PortRange", "To"])?.parse().ok()?),
        number => return number.parse::<u8>().ok().map(|_| None),
    };
    let origin = match scenario.property(entry, &["CidrBlock"]) {
        Found::Node(node) => scenario.text(node).as_ref().map_or(Origin::Unknown, Origin::of_cidr),
        Found::Unknown => return None,
        // The endpoints of ECS are reached over IPv6 only where the account asks for it.
        Found::Absent if scenario.property(entry, &["Ipv6CidrBlock"]) == Found::Absent => return None,
        Found::Absent => return Some(None),
    };
    let out = match scenario.property(entry, &["Egress"]) {
        Found::Absent => false,
        _ => known(&["Egress"])?.parse().ok()?,
    };
    let allows = match known(&["RuleAction"])?.as_str() {
        "allow" => true,
        "deny" => false,
        _ => return None,
    };
    let number = scenario.property_text(entry, &["RuleNumber"]);
    let number = number.as_ref().and_then(Text::known)?.trim().parse().ok()?;
    Some(Some(Rule { number, out, allows, ports, origin, entry: Some(*entry) }))
}
