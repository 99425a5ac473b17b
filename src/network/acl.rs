//! Network ACLs: the rules of a subnet, by number, the first that matches decides.
//!
//! Unlike security groups they know nothing of connections: answers have to be let in too
//! ([network ACLs](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)).

use std::collections::HashMap;

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

/// The network ACLs of the template, and the default ones that it changes.
pub(super) struct Acls<'t> {
    /// By the logical id of the ACL, or of the VPC whose default it is.
    acls: HashMap<&'t str, Acl<'t>>,
    /// The ACL of each subnet that is given one; none where only deployment can tell which.
    of_subnets: HashMap<&'t str, Option<&'t str>>,
    /// What an association or an entry belongs to is known at deployment only.
    open: bool,
}

impl<'t> Acls<'t> {
    pub(super) fn of(scenario: &Scenario<'_, 't>) -> Acls<'t> {
        let template = scenario.template();
        let mut res = Acls { acls: HashMap::new(), of_subnets: HashMap::new(), open: false };
        for acl in template.resources_of(&["AWS::EC2::NetworkAcl"]) {
            res.acls.insert(acl.id, Acl { own: Some(*acl), rules: Vec::new(), unknown: false });
        }
        for association in template.resources_of(&["AWS::EC2::SubnetNetworkAclAssociation"]) {
            let exists = scenario.exists(association);
            match named(scenario, association, "SubnetId") {
                _ if exists == Some(false) => {}
                Some(subnet) => {
                    let acl = named(scenario, association, "NetworkAclId").filter(|_| exists == Some(true));
                    res.of_subnets.insert(subnet.id, acl.map(|it| it.id));
                }
                None => res.open = true,
            }
        }
        for entry in template.resources_of(&["AWS::EC2::NetworkAclEntry"]) {
            let exists = scenario.exists(entry);
            match named(scenario, entry, "NetworkAclId") {
                _ if exists == Some(false) => {}
                Some(owner) => {
                    let acl = res.acls.entry(owner.id).or_insert_with(Acl::default_one);
                    match rule(scenario, entry).filter(|_| exists == Some(true)) {
                        Some(rule) => acl.rules.extend(rule),
                        None => acl.unknown = true,
                    }
                }
                None => res.open = true,
            }
        }
        res.acls.values_mut().for_each(|acl| acl.rules.sort_by_key(|it| it.number));
        res
    }

    /// The ACL of a subnet, where it may turn something away and nothing else may change it.
    pub(super) fn of_subnet(&self, scenario: &Scenario<'_, 't>, subnet: &Entry<'t>) -> Option<&Acl<'t>> {
        let owner = match self.of_subnets.get(subnet.id) {
            Some(acl) => (*acl)?,
            None => named(scenario, subnet, "VpcId")?.id,
        };
        let fixed = !self.open && !may_be_changed(scenario, &[subnet.id, owner]);
        self.acls.get(owner).filter(|_| fixed)
    }
}

impl<'t> Acl<'t> {
    /// The default ACL of a VPC lets everything pass, by its rule 100.
    fn default_one() -> Acl<'t> {
        let rule = |out| Rule {
            number: 100,
            out,
            allows: true,
            ports: (0, u16::MAX),
            origin: Origin::World,
            entry: None,
        };
        Acl { own: None, rules: [true, false].map(rule).into(), unknown: false }
    }
}

fn named<'w, 't>(scenario: &Scenario<'w, 't>, resource: &Entry<'t>, key: &str) -> Option<&'w Entry<'t>> {
    let name = scenario.property_text(resource, &[key])?;
    named_resource(scenario, &name, &["SubnetId", "NetworkAclId", "Id", "VpcId", "DefaultNetworkAcl"])
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
