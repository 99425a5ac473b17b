//! The way out of a fleet: from its subnets over their route tables to the world.

use super::acl::Acls;
use super::barriers::{Exits, barrier};
use super::public::public_address;
use super::routes::{Missing, Way, way_out};
use crate::model::{Answer, Because, Egress, Fleet, FleetKind, Launch, Listed, Source, named_resource};
use crate::resolve::{Found, Scenario};
use crate::syntax::{Kind, Node};
use crate::template::Entry;
use crate::text::Span;

/// The way out from one subnet of a fleet.
#[derive(Clone, Debug)]
pub struct Path<'t> {
    /// The subnet, by logical id, when it is one of the template.
    pub subnet: Option<&'t str>,
    /// Where the fleet names it.
    pub named: Option<Span>,
    /// Where it leads, up to the gateway.
    pub way: Way<'t>,
    /// The verdict, the public address reckoned in.
    pub egress: Egress,
    /// The hop that is missing, when there is no way.
    pub missing: Option<Missing>,
    /// The words that decide.
    pub span: Option<Span>,
}

/// The ways out of a fleet, one for each subnet and launch source.
#[must_use]
pub fn paths<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>, launch: &Launch<'t>) -> Vec<Path<'t>> {
    let mut res = Vec::new();
    let acls = Acls::of(scenario);
    for source in &launch.sources {
        let subnets = subnets(scenario, fleet, source);
        let exits = Exits::of(scenario, source);
        for name in &subnets.names {
            let named = name.whole_place().map(|it| it.used.unwrap_or(it.span));
            let subnet = named_resource(scenario, name, &["SubnetId"]);
            let subnet = subnet.filter(|it| it.type_name() == "AWS::EC2::Subnet");
            let path = match subnet {
                Some(subnet) => from_subnet(scenario, fleet, source, subnet, named),
                None => unknown(named),
            };
            res.push(finished(scenario, source, (&acls, &exits), subnet, path));
        }
        if subnets.unknown || subnets.names.is_empty() {
            res.push(finished(scenario, source, (&acls, &exits), None, unknown(None)));
        }
    }
    if launch.unknown || res.is_empty() {
        res.push(unknown(None));
    }
    res
}

/// The way out of a subnet of the template, the public address reckoned in.
fn from_subnet<'t>(
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    source: &Source<'t>,
    subnet: &Entry<'t>,
    named: Option<Span>,
) -> Path<'t> {
    let way = way_out(scenario, subnet);
    let (egress, missing, span) = (way.egress, way.missing, way.span);
    let path = Path { subnet: Some(subnet.id), named, egress, missing, span, way };
    if path.egress != Egress::InternetGateway {
        return path;
    }
    match public_address(scenario, fleet, source, Some(subnet)) {
        (Answer::Yes, _) => path,
        (Answer::No, span) => path.ends(Missing::PublicAddress, span),
        (Answer::Unknown, span) => Path { egress: Egress::Unknown, span: Some(span), ..path },
    }
}

/// The path with what stops packets on it, and the proxy that leads around the gap.
fn finished<'t>(
    scenario: &Scenario<'_, 't>,
    source: &Source<'t>,
    (acls, exits): (&Acls<'t>, &Exits<'t>),
    subnet: Option<&Entry<'t>>,
    path: Path<'t>,
) -> Path<'t> {
    let path = match barrier(scenario, acls, exits, subnet, &path.way) {
        Some((missing, span)) if path.missing.is_none() => path.ends(missing, span),
        _ => path,
    };
    by_proxy(scenario, source, path)
}

impl<'t> Path<'t> {
    fn ends(self, missing: Missing, span: Span) -> Path<'t> {
        Path { egress: Egress::None, missing: Some(missing), span: Some(span), ..self }
    }
}

/// Whether the instances of a fleet get a public IPv4 address each; unknown also where some do and some do not.
#[must_use]
pub fn public_addresses<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>, launch: &Launch<'t>) -> Answer {
    let mut answers = Vec::new();
    for source in &launch.sources {
        let subnets = subnets(scenario, fleet, source);
        let own = |name| named_resource(scenario, name, &["SubnetId"]);
        for name in &subnets.names {
            let subnet = own(name).filter(|it| it.type_name() == "AWS::EC2::Subnet");
            answers.push(public_address(scenario, fleet, source, subnet).0);
        }
        if subnets.unknown || subnets.names.is_empty() {
            answers.push(public_address(scenario, fleet, source, None).0);
        }
    }
    match answers.first() {
        Some(first) if !launch.unknown && answers.iter().all(|it| it == first) => *first,
        _ => Answer::Unknown,
    }
}

/// The way out of a fleet as one answer: the worst that is proved of its paths.
#[must_use]
pub fn egress(paths: &[Path<'_>]) -> Because<Egress> {
    let Some(worst) = paths.iter().min_by_key(|it| it.egress) else {
        return Because { verdict: Egress::Unknown, because: None, span: None };
    };
    let subnet = worst.subnet.map_or_else(|| "a subnet".to_owned(), |it| format!("`{it}`"));
    let because = match (worst.egress, worst.missing) {
        (_, Some(Missing::Route)) => format!("{subnet} has no default route"),
        (_, Some(Missing::Attachment)) => {
            format!("the gateway of {subnet}'s default route is not attached to its VPC")
        }
        (_, Some(Missing::Nat)) => {
            format!("the NAT gateway of {subnet}'s default route has no way out itself")
        }
        (_, Some(Missing::Endpoint)) => {
            format!("{subnet} has no default route, and its VPC not all endpoints of ECS")
        }
        (_, Some(Missing::EndpointEntry)) => {
            format!("the endpoints of ECS let nobody in, and {subnet} has no default route")
        }
        (_, Some(Missing::Exit)) => "the security groups let nothing out at port 443".to_owned(),
        (_, Some(Missing::AclExit)) => {
            format!("the network ACL on the way from {subnet} lets nothing out at port 443")
        }
        (_, Some(Missing::AclReturn)) => {
            format!("the network ACL on the way from {subnet} lets no answers in")
        }
        (_, Some(Missing::PublicAddress)) => {
            format!("{subnet} leads to an internet gateway, and the instances get no public address")
        }
        (Egress::InternetGateway, None) => {
            format!("{subnet} leads to an internet gateway, and the instances get a public address")
        }
        (Egress::Nat, None) => format!("{subnet} leads to a NAT gateway"),
        (Egress::Endpoints, None) => format!("the VPC of {subnet} has the endpoints of ECS"),
        (Egress::Other, None) => format!("{subnet} leads to neither an internet nor a NAT gateway"),
        (Egress::Unknown | Egress::None, None) => {
            "the subnets or their routes are known at deployment only".to_owned()
        }
    };
    Because::new(worst.egress, because, worst.span)
}

fn unknown<'t>(named: Option<Span>) -> Path<'t> {
    let way = Way::unknown(named);
    Path { subnet: None, named, egress: Egress::Unknown, missing: None, span: named, way }
}

/// The subnets that instances from `source` may start in. None at all means those of the default VPC.
pub(super) fn subnets<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>, source: &Source<'t>) -> Listed<'t> {
    let mut res = Listed::default();
    if fleet.kind == FleetKind::AutoScalingGroup {
        res.extend(scenario, scenario.property(&fleet.resource, &["VPCZoneIdentifier"]), "");
    }
    if res.is_empty() {
        res.extend(scenario, overrides(scenario, fleet), "SubnetId");
    }
    if res.is_empty() {
        res.extend(scenario, source.find(scenario, &["SubnetId"]), "");
    }
    if res.is_empty() {
        res.extend(scenario, source.find(scenario, &["NetworkInterfaces"]), "SubnetId");
    }
    res
}

/// `Overrides` of the first launch template of a Spot or EC2 fleet.
fn overrides<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Found<'t> {
    let path: &[&str] = match fleet.kind {
        FleetKind::SpotFleet => &["SpotFleetRequestConfigData", "LaunchTemplateConfigs"],
        FleetKind::Ec2Fleet => &["LaunchTemplateConfigs"],
        _ => return Found::Absent,
    };
    let Found::Node(configs) = scenario.property(&fleet.resource, path) else { return Found::Absent };
    match scenario.items(configs).as_deref() {
        Some([Found::Node(config), ..]) => scenario.find(*config, &["Overrides"]),
        _ => Found::Absent,
    }
}

/// A proxy that the boot sets is a way out of its own.
fn by_proxy<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>, path: Path<'t>) -> Path<'t> {
    let names_proxy = |it: Node<'_>| {
        let text = it.text().as_bytes();
        let names = [b"http_proxy".as_slice(), b"https_proxy"];
        it.kind() == Kind::Scalar
            && names.iter().any(|name| text.windows(name.len()).any(|it| it.eq_ignore_ascii_case(name)))
    };
    if path.egress != Egress::None {
        return path;
    }
    match source.find(scenario, &["UserData"]) {
        Found::Node(node) if node.descendants().any(names_proxy) => {
            Path { egress: Egress::Other, missing: None, span: Some(node.full_span()), ..path }
        }
        _ => path,
    }
}
