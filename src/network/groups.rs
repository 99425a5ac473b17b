//! Security groups: which a fleet has, whom they let in, and where they let it out.

use super::address::{Origin, are_the_world};
use crate::model::{Because, Launch, Listed, Port22, Source, may_be_changed, named_resource};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::syntax::Node;
use crate::template::Entry;
use crate::text::Span;

/// The port of SSH.
pub const SSH: u16 = 22;

/// The security groups of a fleet in one scenario.
#[derive(Clone, Debug, Default)]
pub struct Groups<'t> {
    /// What names them, each once.
    pub names: Vec<Text<'t>>,
    /// There are others, or the rules of some are not in the template.
    pub unknown: bool,
}

/// A rule that lets somebody in at a port, or lets the instances out to it.
#[derive(Clone, Debug)]
pub struct Opening<'t> {
    /// The security group of the template, by logical id.
    pub group: Option<&'t str>,
    /// The other end: who is let in, or whom they reach.
    pub origin: Origin,
    /// The words that say who.
    pub span: Span,
    /// Where those words are used, when they came through a parameter or a mapping.
    pub used: Option<Span>,
}

impl<'t> Groups<'t> {
    /// The groups of a fleet's instances.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, launch: &Launch<'t>) -> Groups<'t> {
        let mut res = Groups { names: Vec::new(), unknown: launch.unknown || launch.sources.is_empty() };
        for source in &launch.sources {
            res.add(scenario, of_source(scenario, source));
        }
        res
    }

    /// The groups of the instances from one launch source.
    #[must_use]
    pub fn of_source(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Groups<'t> {
        Groups::listed(scenario, of_source(scenario, source))
    }

    /// The groups of a list.
    #[must_use]
    pub fn listed(scenario: &Scenario<'_, 't>, listed: Listed<'t>) -> Groups<'t> {
        let mut res = Groups::default();
        res.add(scenario, listed);
        res
    }

    fn add(&mut self, scenario: &Scenario<'_, 't>, listed: Listed<'t>) {
        // Without any the instance gets the default group of its VPC, and that may be changed anywhere.
        self.unknown |= listed.unknown || listed.names.is_empty();
        for name in listed.names {
            if !scenario.world().spend(self.names.len()) {
                self.unknown = true;
            } else if !self.names.iter().any(|it| is_same(scenario, it, &name)) {
                self.names.push(name);
            }
        }
    }

    /// The rules of the template that let somebody in at `port`, and whether there may be others.
    #[must_use]
    pub fn openings(&self, scenario: &Scenario<'_, 't>, port: u16) -> (Vec<Opening<'t>>, bool) {
        let mut seen = self.rules(scenario, &IN, port);
        if are_the_world(seen.openings.iter().map(|it| it.origin)) {
            for opening in seen.openings.iter_mut().filter(|it| matches!(it.origin, Origin::Range(_))) {
                opening.origin = Origin::World;
            }
        }
        (seen.openings, seen.unknown)
    }

    /// The rules of the template that let the instances out to `port`, and whether there may be others.
    ///
    /// A group without a rule for the way out has one that lets everything out; the first rule of its own, inline or as
    /// a resource, takes its place
    /// ([SecurityGroup](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html); of
    /// rules that are resources <https://github.com/aws/aws-cdk/issues/987> tells).
    #[must_use]
    pub fn exits(&self, scenario: &Scenario<'_, 't>, port: u16) -> (Vec<Opening<'t>>, bool) {
        let mut seen = self.rules(scenario, &OUT, port);
        for group in self.own(scenario) {
            if !seen.ruled.contains(&group.id) {
                let (span, used) = (group.key.span(), None);
                seen.openings.push(Opening { group: Some(group.id), origin: Origin::World, span, used });
            }
            seen.unknown |= may_be_changed(scenario, &[group.id]);
        }
        (seen.openings, seen.unknown)
    }

    /// The groups that the template makes.
    pub fn own<'w>(&self, scenario: &Scenario<'w, 't>) -> impl Iterator<Item = &'w Entry<'t>> {
        self.names.iter().filter_map(|it| own(scenario, it))
    }

    fn rules(&self, scenario: &Scenario<'_, 't>, direction: &'static Direction, port: u16) -> Rules<'t> {
        let mut seen =
            Rules { direction, port, openings: Vec::new(), ruled: Vec::new(), unknown: self.unknown };
        for name in &self.names {
            match own(scenario, name) {
                Some(group) => seen.inline(scenario, group),
                None => seen.unknown = true,
            }
        }
        for resource in scenario.template().resources_of(&[direction.resource]) {
            seen.separate(scenario, &self.names, resource);
        }
        seen
    }
}

/// Which way packets go.
struct Direction {
    /// The property of a group.
    property: &'static str,
    /// The type of a rule that is a resource.
    resource: &'static str,
    /// The properties of a rule that say who the other end is, other than addresses.
    ends: [&'static str; 3],
}

static IN: Direction = Direction {
    property: "SecurityGroupIngress",
    resource: "AWS::EC2::SecurityGroupIngress",
    ends: ["SourceSecurityGroupId", "SourceSecurityGroupName", "SourcePrefixListId"],
};

static OUT: Direction = Direction {
    property: "SecurityGroupEgress",
    resource: "AWS::EC2::SecurityGroupEgress",
    ends: ["DestinationSecurityGroupId", "DestinationSecurityGroupName", "DestinationPrefixListId"],
};

/// Who may reach port 22: the worst that is proved.
#[must_use]
pub fn port_22<'t>(scenario: &Scenario<'_, 't>, groups: &Groups<'t>) -> Because<Port22> {
    let (openings, unknown) = groups.openings(scenario, SSH);
    let find = |wanted: fn(Origin) -> bool| openings.iter().find(|it| wanted(it.origin));
    let group = |it: &Opening<'_>| it.group.map_or_else(String::new, |it| format!(" of `{it}`"));
    if let Some(opening) = find(|it| it == Origin::World) {
        let because = format!("a rule{} lets everybody in", group(opening));
        return Because::new(Port22::World, because, Some(opening.span));
    }
    if let Some(opening) = find(|it| it != Origin::Unknown) {
        let because = format!("a rule{} lets some in", group(opening));
        return Because::new(Port22::Restricted, because, Some(opening.span));
    }
    if let Some(opening) = find(|it| it == Origin::Unknown) {
        let because = "whom a rule lets in is known at deployment only";
        return Because::new(Port22::Unknown, because, Some(opening.span));
    }
    if unknown {
        let because = "the rules of a security group are not in the template";
        return Because::new(Port22::Unknown, because, None);
    }
    let place = groups.names.first().and_then(Text::whole_place);
    Because::new(Port22::Closed, "no rule opens it", place.map(|it| it.used.unwrap_or(it.span)))
}

/// The groups that one launch source gives: its own lists, or those of its network interfaces.
fn of_source<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Listed<'t> {
    let mut res = Listed::default();
    for key in ["SecurityGroupIds", "SecurityGroups"] {
        res.extend(scenario, source.find(scenario, &[key]), "GroupId");
    }
    let interfaces = match source.find(scenario, &["NetworkInterfaces"]) {
        Found::Node(node) => scenario.items(node),
        Found::Unknown => None,
        Found::Absent => return res,
    };
    let Some(interfaces) = interfaces else {
        res.unknown = true;
        return res;
    };
    for interface in interfaces {
        let Found::Node(interface) = interface else {
            res.unknown = true;
            continue;
        };
        for key in ["Groups", "GroupSet"] {
            res.extend(scenario, scenario.find(interface, &[key]), "GroupId");
        }
        if let Found::Node(id) = scenario.find(interface, &["NetworkInterfaceId"]) {
            let text = scenario.text(id);
            let own = text.as_ref().and_then(|it| named_resource(scenario, it, &["Id"]));
            match own {
                Some(own) => res.extend(scenario, scenario.property(own, &["GroupSet"]), "GroupId"),
                None => res.unknown = true,
            }
        }
    }
    res
}

/// The group of the template that a text names.
fn own<'w, 't>(scenario: &Scenario<'w, 't>, name: &Text<'t>) -> Option<&'w Entry<'t>> {
    let named = named_resource(scenario, name, &["GroupId"]).or_else(|| by_name(scenario, name));
    named.filter(|it| it.type_name() == "AWS::EC2::SecurityGroup")
}

/// The group of the template that was given this very name.
fn by_name<'w, 't>(scenario: &Scenario<'w, 't>, name: &Text<'t>) -> Option<&'w Entry<'t>> {
    scenario
        .template()
        .resources_of(&["AWS::EC2::SecurityGroup"])
        .find(|it| scenario.property_text(it, &["GroupName"]).as_ref() == Some(name))
}

/// Whether two texts name the same group: `Ref` and `GetAtt` of `GroupId` do.
fn is_same<'t>(scenario: &Scenario<'_, 't>, left: &Text<'t>, right: &Text<'t>) -> bool {
    let id = |text| named_resource(scenario, text, &["GroupId"]).map(|it| it.id);
    left == right || id(left).is_some_and(|it| id(right) == Some(it))
}

/// The rules that have been seen.
struct Rules<'t> {
    direction: &'static Direction,
    port: u16,
    openings: Vec<Opening<'t>>,
    /// The groups that have rules of their own, by logical id.
    ruled: Vec<&'t str>,
    unknown: bool,
}

impl<'t> Rules<'t> {
    /// The rules in a group; one rule without a list is taken for a list of one.
    fn inline(&mut self, scenario: &Scenario<'_, 't>, group: &Entry<'t>) {
        let node = match scenario.property(group, &[self.direction.property]) {
            Found::Node(node) => node,
            Found::Unknown => return self.unknown = true,
            Found::Absent => return,
        };
        for item in scenario.items(node).unwrap_or_else(|| vec![Found::Node(node)]) {
            match item {
                // An `Fn::If` among the items may stand for a list.
                Found::Node(item) => match scenario.items(item) {
                    Some(inner) => inner.into_iter().for_each(|it| self.found(scenario, it, group)),
                    None => self.found(scenario, Found::Node(item), group),
                },
                other => self.found(scenario, other, group),
            }
        }
    }

    fn found(&mut self, scenario: &Scenario<'_, 't>, rule: Found<'t>, group: &Entry<'t>) {
        self.ruled.push(group.id);
        match rule {
            Found::Node(rule) => self.rule(scenario, rule, Some(group.id)),
            _ => self.unknown = true,
        }
    }

    /// A rule that is a resource, when it belongs to one of the groups.
    fn separate(&mut self, scenario: &Scenario<'_, 't>, groups: &[Text<'t>], resource: &Entry<'t>) {
        let Some(node) = resource.properties() else { return };
        let name = match scenario.find(node, &["GroupId"]) {
            Found::Absent => scenario.find(node, &["GroupName"]),
            found => found,
        };
        let name = match name {
            Found::Node(name) => scenario.text(name),
            _ => None,
        };
        let Some(name) = name.filter(|it| !it.symbols().any(|it| *it == Symbol::Unknown)) else {
            return self.unknown = true;
        };
        if !scenario.world().spend(groups.len()) {
            return self.unknown = true;
        }
        if !groups.iter().any(|it| is_same(scenario, it, &name)) {
            return;
        }
        match scenario.exists(resource) {
            Some(true) => {
                let group = named_resource(scenario, &name, &["GroupId"]).map(|it| it.id);
                self.ruled.extend(group);
                self.rule(scenario, node, group);
            }
            Some(false) => {}
            None => self.unknown = true,
        }
    }

    fn rule(&mut self, scenario: &Scenario<'_, 't>, rule: Node<'t>, group: Option<&'t str>) {
        let admits = admits(scenario, rule, self.port);
        if admits == Some(false) {
            return;
        }
        let (found, cidr) = source(scenario, rule, self.direction);
        let Some(words) = found else { return self.unknown = true };
        let text = scenario.text(words);
        let origin = match (&text, cidr) {
            _ if admits.is_none() => Origin::Unknown,
            (_, false) => Origin::Some,
            (Some(text), true) => Origin::of_cidr(text),
            (None, true) => Origin::Unknown,
        };
        let place = text.and_then(|it| it.whole_place());
        let (span, used) = place.map_or((words.full_span(), None), |it| (it.span, it.used));
        self.openings.push(Opening { group, origin, span, used });
    }
}

/// Whether the protocol and the ports of a rule take in a TCP port; `None` when that cannot be told.
///
/// `-1` is every protocol, and its ports are ignored. Of other protocols than TCP, UDP and ICMP the user guide says
/// that the ports are ignored too, but TCP is not among them: unknown (SecurityGroupRule in the user guide).
fn admits<'t>(scenario: &Scenario<'_, 't>, rule: Node<'t>, port: u16) -> Option<bool> {
    let text = |key| match scenario.find(rule, &[key]) {
        Found::Node(node) => scenario.text(node),
        _ => None,
    };
    let protocol = text("IpProtocol")?;
    match protocol.known()?.trim().to_ascii_lowercase().as_str() {
        "-1" | "all" => return Some(true),
        "tcp" | "6" => {}
        "udp" | "17" | "icmp" | "1" | "icmpv6" | "58" => return Some(false),
        _ => return None,
    }
    let number = |key| text(key)?.known()?.trim().parse::<i64>().ok().filter(|it| *it >= 0);
    let port = i64::from(port);
    let (from, to) = (number("FromPort"), number("ToPort"));
    if from.is_some_and(|it| it > port) || to.is_some_and(|it| it < port) {
        return Some(false);
    }
    (from.is_some() && to.is_some()).then_some(true)
}

/// The words that say who the other end of a rule is, and whether they are addresses.
fn source<'t>(
    scenario: &Scenario<'_, 't>,
    rule: Node<'t>,
    direction: &Direction,
) -> (Option<Node<'t>>, bool) {
    let keys = ["CidrIp", "CidrIpv6"].into_iter().map(|it| (it, true));
    for (key, cidr) in keys.chain(direction.ends.into_iter().map(|it| (it, false))) {
        if let Found::Node(node) = scenario.find(rule, &[key]) {
            return (Some(node), cidr);
        }
    }
    (None, true)
}
