//! Network ACLs: what a subnet lets out, and which answers it lets in.
//!
//! Entries are looked at in the order of their numbers, the first that fits decides, and what none fits is refused; an
//! ACL remembers nothing, so that answers need an entry of their own
//! (<https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>).

use ipnet::IpNet;

use super::routes::Missing;
use crate::model::{may_be_changed, named_resource};
use crate::resolve::{Found, Scenario};
use crate::template::Entry as Resource;
use crate::text::Span;

/// Ports from this range are those that Linux asks from, and that answers come to.
const ANSWERS: [u16; 3] = [32768, 45000, 60999];

/// One entry.
struct Entry {
    number: i64,
    out: bool,
    allows: bool,
    /// None is every protocol and port.
    ports: Option<(i64, i64)>,
    /// Whether it is for every address; of another one nobody knows whether it fits.
    of_all: bool,
    span: Span,
}

/// What the ACL of a subnet refuses, for certain, and the words that say so.
pub(super) fn shut<'t>(
    scenario: &Scenario<'_, 't>,
    subnet: &Resource<'t>,
    port: u16,
) -> Option<(Missing, Span)> {
    let acl = acl_of(scenario, subnet)?;
    let mut entries = Vec::new();
    for resource in scenario.template().resources_of(&["AWS::EC2::NetworkAclEntry"]) {
        let name = scenario.property_text(resource, &["NetworkAclId"])?;
        if named_resource(scenario, &name, &["Id"])?.id != acl.id || scenario.exists(resource) == Some(false)
        {
            continue;
        }
        entries.extend(Entry::read(scenario, resource)?);
    }
    entries.sort_by_key(|it| it.number);
    let refused = |out: bool, port: u16| refused(&entries, out, port).map(|it| it.unwrap_or(acl.key.span()));
    if let Some(span) = refused(true, port) {
        return Some((Missing::AclOut, span));
    }
    let spans: Option<Vec<_>> = ANSWERS.iter().map(|it| refused(false, *it)).collect();
    spans?.first().map(|it| (Missing::AclIn, *it))
}

/// The ACL of the template that a subnet is given; the default one of a VPC lets everything pass.
fn acl_of<'w, 't>(scenario: &Scenario<'w, 't>, subnet: &Resource<'t>) -> Option<&'w Resource<'t>> {
    let mut res = None;
    for resource in scenario.template().resources_of(&["AWS::EC2::SubnetNetworkAclAssociation"]) {
        let name = scenario.property_text(resource, &["SubnetId"])?;
        if named_resource(scenario, &name, &["SubnetId"]).is_none_or(|it| it.id != subnet.id) {
            continue;
        }
        let acl = scenario.property_text(resource, &["NetworkAclId"])?;
        let acl = named_resource(scenario, &acl, &["Id"])?;
        let known = scenario.exists(resource) == Some(true) && acl.type_name() == "AWS::EC2::NetworkAcl";
        if !known || may_be_changed(scenario, &[acl.id]) || res.is_some() {
            return None;
        }
        res = Some(acl);
    }
    res
}

/// Whether a packet is refused: then where the entry stands that refuses it, nowhere when it is that none allows it.
fn refused(entries: &[Entry], out: bool, port: u16) -> Option<Option<Span>> {
    let port = i64::from(port);
    let fits = |it: &&Entry| it.out == out && it.ports.is_none_or(|(from, to)| from <= port && port <= to);
    for entry in entries.iter().filter(fits) {
        match (entry.allows, entry.of_all) {
            (true, _) => return None,
            (false, true) => return Some(Some(entry.span)),
            (false, false) => {}
        }
    }
    Some(None)
}

impl Entry {
    /// Reads one: nothing inside for another protocol than TCP, nothing at all where it cannot be told.
    fn read<'t>(scenario: &Scenario<'_, 't>, resource: &Resource<'t>) -> Option<Option<Entry>> {
        if scenario.exists(resource) != Some(true) {
            return None;
        }
        let text = |path: &[&str]| match scenario.property(resource, path) {
            Found::Node(node) => scenario.text(node),
            _ => None,
        };
        let number = |path: &[&str]| text(path)?.known()?.trim().parse::<i64>().ok();
        let ports = match number(&["Protocol"])? {
            -1 => None,
            6 => Some((number(&["PortRange", "From"])?, number(&["PortRange", "To"])?)),
            _ => return Some(None),
        };
        let out = match scenario.property(resource, &["Egress"]) {
            Found::Absent => false,
            _ => text(&["Egress"])?.known()?.eq_ignore_ascii_case("true"),
        };
        let of_all = match scenario.property(resource, &["CidrBlock"]) {
            Found::Absent => return Some(None),
            _ => text(&["CidrBlock"])?.known()?.trim().parse::<IpNet>().ok()?.prefix_len() == 0,
        };
        let action = text(&["RuleAction"])?;
        let span = action.whole_place().map_or(resource.key.span(), |it| it.span);
        let allows = action.known()?.eq_ignore_ascii_case("allow");
        Some(Some(Entry { number: number(&["RuleNumber"])?, out, allows, ports, of_all, span }))
    }
}
