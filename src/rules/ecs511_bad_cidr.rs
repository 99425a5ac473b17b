//! Ranges of addresses that do not fit.

use ipnet::{IpNet, Ipv4Net};

use crate::diagnostic::{Finding, Severity};
use crate::model::named_resource;
use crate::resolve::{Found, Place, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::Node;
use crate::template::Entry;

pub(super) static RULE: Rule = Rule {
    code: "ECS511",
    name: "bad-cidr",
    severity: Severity::Error,
    summary: "a range of addresses is none, or does not fit",
    page: include_str!("../../rules/ECS511.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

/// Properties that hold a range, by type.
const RANGES: [(&str, &[&str]); 7] = [
    ("AWS::EC2::VPC", &["CidrBlock"]),
    ("AWS::EC2::Subnet", &["CidrBlock", "Ipv6CidrBlock"]),
    ("AWS::EC2::Route", &["DestinationCidrBlock", "DestinationIpv6CidrBlock"]),
    ("AWS::EC2::NetworkAclEntry", &["CidrBlock", "Ipv6CidrBlock"]),
    ("AWS::EC2::SecurityGroupIngress", &["CidrIp", "CidrIpv6"]),
    ("AWS::EC2::SecurityGroupEgress", &["CidrIp", "CidrIpv6"]),
    ("AWS::EC2::VPCCidrBlock", &["CidrBlock"]),
];

/// A subnet whose range is known.
struct Subnet<'w, 't> {
    resource: &'w Entry<'t>,
    range: Ipv4Net,
    place: Place,
    vpc: Option<&'w Entry<'t>>,
}

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    let template = facts.template();
    // Networks without a cluster are other tools' business.
    if template.transforms.macros || !facts.has_cluster_fleet(scenario) {
        return;
    }
    for (type_name, keys) in RANGES {
        for resource in template.resources_of(&[type_name]) {
            let Some(node) = resource.properties().filter(|_| scenario.exists(resource) == Some(true)) else {
                continue;
            };
            none(cx, scenario, resource.id, node, keys);
        }
    }
    for group in template.resources_of(&["AWS::EC2::SecurityGroup"]) {
        if scenario.exists(group) != Some(true) {
            continue;
        }
        for key in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            let Found::Node(list) = scenario.property(group, &[key]) else { continue };
            for rule in scenario.items(list).unwrap_or_default() {
                if let Found::Node(rule) = rule {
                    none(cx, scenario, group.id, rule, &["CidrIp", "CidrIpv6"]);
                }
            }
        }
    }
    fit(cx, scenario);
}

/// Reports texts that are no range.
fn none<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, id: &str, node: Node<'t>, keys: &[&str]) {
    for key in keys {
        let Found::Node(value) = scenario.find(node, &[key]) else { continue };
        let Some(text) = scenario.text(value) else { continue };
        let (Some(known), Some(place)) = (text.known(), text.whole_place()) else { continue };
        if known.trim().parse::<IpNet>().is_ok() || known.is_empty() {
            continue;
        }
        let help = match known.trim().parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(address)) => format!("for this one address write `{address}/32`"),
            Ok(std::net::IpAddr::V6(address)) => format!("for this one address write `{address}/128`"),
            Err(_) => "write it as `10.0.0.0/16`".to_owned(),
        };
        cx.report(
            Finding::at(place.span, format!("`{known}` is no range of addresses"))
                .on(id)
                .because_at(place.used, "used here")
                .help(help),
        );
    }
}

/// Reports subnets that lie outside of their VPC, or in each other.
fn fit<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let template = cx.facts().template();
    let range = |resource: &Entry<'t>| {
        let text = scenario.property_text(resource, &["CidrBlock"])?;
        Some((text.known()?.trim().parse::<Ipv4Net>().ok()?, text.whole_place()?))
    };
    let subnet = |resource| {
        if scenario.exists(resource) != Some(true) {
            return None;
        }
        let (range, place) = range(resource)?;
        let vpc = scenario.property_text(resource, &["VpcId"]);
        let vpc = vpc.as_ref().and_then(|it| named_resource(scenario, it, &["VpcId"]));
        Some(Subnet { resource, range, place, vpc: vpc.filter(|it| it.type_name() == "AWS::EC2::VPC") })
    };
    let mut subnets: Vec<_> = template.resources_of(&["AWS::EC2::Subnet"]).filter_map(subnet).collect();
    // More ranges may be added to a VPC.
    let has_more = template.resources_of(&["AWS::EC2::VPCCidrBlock"]).next().is_some();
    for it in &subnets {
        let Some((vpc, (whole, _))) = it.vpc.and_then(|vpc| Some((vpc, range(vpc)?))) else { continue };
        if has_more || whole.contains(&it.range) {
            continue;
        }
        let message = format!("`{}` lies outside of `{}`, which has {whole}", it.range, vpc.id);
        cx.report(
            Finding::at(it.place.span, message)
                .on(it.resource.id)
                .because_at(it.place.used, "used here")
                .because(vpc.key.span(), "this is its VPC")
                .help("take a range inside of that of the VPC"),
        );
    }
    // Sorted by their beginnings, ranges that overlap stand beside each other.
    subnets.retain(|it| it.vpc.is_some());
    subnets.sort_by_key(|it| (it.vpc.map(|it| it.id), it.range.network(), it.resource.key.span().start));
    for pair in subnets.windows(2) {
        let [first, second] = pair else { continue };
        let same = first.vpc.map(|it| it.id) == second.vpc.map(|it| it.id);
        if !same || !(first.range.contains(&second.range) || second.range.contains(&first.range)) {
            continue;
        }
        let (early, late) = if first.resource.key.span().start < second.resource.key.span().start {
            (first, second)
        } else {
            (second, first)
        };
        let message = format!("`{}` overlaps `{}` of `{}`", late.range, early.range, early.resource.id);
        cx.report(
            Finding::at(late.place.span, message)
                .on(late.resource.id)
                .because_at(late.place.used, "used here")
                .because(early.place.span, "the range of the other subnet")
                .help("take a range that no other subnet of the VPC has"),
        );
    }
}
