//! What a template builds, as its fleets see it: things, and the ways between them. To be drawn for a person.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{
    Answer, Because, ClusterName, Egress, Fleet, Joins, Listed, Port22, Signals, named_resource,
};
use crate::network::{Origin, SSH};
use crate::resolve::{Found, Scenario, Text, World, explore};
use crate::rule::Facts;
use crate::syntax::{Node, Parse};
use crate::template::{Entry, Template};
use crate::text::Span;

use super::{Options, Outcome, read};

/// More fleets are not drawn: nobody would find anything.
pub const MAX_FLEETS: usize = 24;
/// More subnets of one fleet are not drawn.
const MAX_SUBNETS: usize = 12;
/// What stands for everything outside.
const WORLD: &str = "the world";
/// Where packets end that have no way out.
const NOWHERE: &str = "nowhere";
/// More ports of one security group are not named.
const MAX_PORTS: usize = 6;

/// Things and the ways between them, in the default scenario.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The things, in the order in which the fleets need them.
    pub things: Vec<Thing>,
    /// The ways between them.
    pub ways: Vec<Way>,
    /// How many fleets there are besides.
    pub n_left_out: usize,
}

/// A thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// The logical id, or a word for what stands outside of the template.
    pub name: String,
    /// What is to know about it, in a few words; may be empty.
    pub detail: String,
    /// Where the logical id stands.
    pub span: Option<Span>,
    /// The VPC it is in, by logical id.
    pub vpc: Option<String>,
    /// What was found about it, the worst first: codes without repetition.
    pub findings: Vec<(Severity, Cow<'static, str>)>,
}

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Everything outside.
    World,
    /// What leads there: a gateway, endpoints, something else.
    Exit,
    /// A route.
    Route,
    /// A subnet.
    Subnet,
    /// A security group.
    SecurityGroup,
    /// What starts instances.
    Fleet,
    /// What they are started from.
    Launch,
    /// What they join.
    Cluster,
    /// Their role.
    Role,
    /// What a signal goes to.
    Waiting,
}

/// A way from one thing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where it begins, as an index into [`Picture::things`].
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether it can be gone.
    pub state: State,
    /// What is said about it; may be empty.
    pub label: String,
    /// Why, as a sentence.
    pub because: Option<String>,
    /// The words that decide.
    pub span: Option<Span>,
    /// What was found about it: codes without repetition.
    pub findings: Vec<(Severity, Cow<'static, str>)>,
}

/// What a way is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Instances start from it.
    Start,
    /// Instances join it.
    Join,
    /// A signal goes to it.
    Signal,
    /// Packets to the world.
    Out,
    /// Who logs in.
    LogIn,
    /// What instances may do.
    Rights,
}

/// Whether a way can be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It can.
    Open,
    /// Only deployment can tell.
    Unknown,
    /// It can, and that may be too much.
    Careful,
    /// It cannot.
    Broken,
}

/// Draws what a template builds; `None` when the bytes are no template that can be read to its end. The findings of
/// `outcome` stand at what they are about.
#[must_use]
pub fn picture(bytes: &[u8], options: &Options, outcome: &Outcome) -> Option<Picture> {
    read(bytes, |parse, root| all(parse, root, options, outcome))
}

fn all<'t>(parse: &Parse<'t>, root: Node<'t>, options: &Options, outcome: &Outcome) -> Picture {
    let world = World::new(Template::new(root), options.parameters.clone(), options.region.clone());
    let facts = Facts::new(parse, &world, options.money());
    let mut drawing = Drawing { outcome, res: Picture::default(), known: HashMap::new() };
    let fleets = &facts.model.fleets;
    for fleet in fleets.iter().take(MAX_FLEETS) {
        // The default scenario comes first; what is drawn of another one is thrown away.
        let drawn = explore(&world, |scenario| {
            let there = scenario.exists(&fleet.resource) != Some(false);
            there.then(|| Seen::of(&facts, scenario, fleet))
        });
        if let Some(seen) = drawn.answers.into_iter().find_map(|it| it.1) {
            drawing.fleet(fleet, seen);
        }
    }
    let mut res = drawing.res;
    res.n_left_out = facts.model.n_left_out + fleets.len().saturating_sub(MAX_FLEETS);
    for thing in &mut res.things {
        let own = |it: &&Diagnostic| it.finding.resource.as_deref() == Some(&thing.name);
        thing.findings = codes(outcome.diagnostics.iter().filter(own).filter(|_| thing.span.is_some()));
    }
    res
}

fn codes<'d>(all: impl Iterator<Item = &'d Diagnostic>) -> Vec<(Severity, Cow<'static, str>)> {
    let mut res: Vec<_> = all.map(|it| (it.severity, it.code.clone())).collect();
    res.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    res.dedup();
    res
}

/// A thing as one scenario shows it.
struct Shown {
    kind: Kind,
    name: String,
    detail: String,
    span: Option<Span>,
    vpc: Option<String>,
}

/// What stands around a fleet in one scenario.
struct Seen {
    /// Whether it is meant for a cluster: what is not neither joins one nor lacks the rights to.
    ecs: Answer,
    detail: String,
    launch: Vec<Shown>,
    joins: Because<Joins>,
    cluster: Option<Shown>,
    signals: Because<Signals>,
    signalled: Option<Shown>,
    paths: Vec<(Vec<Shown>, Because<Egress>)>,
    groups: Vec<(Shown, Vec<Origin>)>,
    port_22: Because<Port22>,
    role: Option<Shown>,
    registers: Because<Answer>,
    logs: Because<Answer>,
}

impl Seen {
    fn of<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Seen {
        let launch = facts.launch(scenario, fleet);
        let (joining, signalling) = (facts.joining(scenario, fleet), facts.signalling(scenario, fleet));
        let joining = joining.iter().min_by_key(|it| it.verdict.verdict);
        let signalling = signalling.iter().min_by_key(|it| it.verdict.verdict);
        let resource = |id: &str| scenario.template().resource(id);
        let cluster = joining.and_then(|it| it.cluster.clone()).map(|it| match it {
            ClusterName::Resource(id) => {
                let span = resource(&id).map(|it| it.key.span());
                Shown { kind: Kind::Cluster, name: id, detail: String::new(), span, vpc: None }
            }
            ClusterName::Parameter(id) => outside(Kind::Cluster, id, "named by a parameter"),
            ClusterName::Import(id) => outside(Kind::Cluster, id, "of another stack"),
            ClusterName::Name(id) => outside(Kind::Cluster, id, "not in this template"),
        });
        let signal = signalling.and_then(|it| it.signal.as_ref()?.resource.as_ref()?.known());
        let signalled = signal.filter(|it| *it != fleet.id()).map(|id| match resource(id) {
            Some(entry) => own(Kind::Waiting, entry),
            None => outside(Kind::Waiting, id.to_owned(), "not in this template"),
        });
        let role = facts.instance_roles(scenario, fleet).iter().find_map(|it| match it {
            crate::iam::InstanceRole::Own { role, .. } => resource(role).map(|it| own(Kind::Role, it)),
            _ => None,
        });
        let groups = facts.groups(scenario, fleet);
        let (openings, _) = groups.openings(scenario, SSH);
        let in_group = |entry: &Entry<'t>| {
            let here = openings.iter().filter(|it| it.group == Some(entry.id)).map(|it| it.origin).collect();
            let shown = Shown { detail: ports(scenario, entry), ..own(Kind::SecurityGroup, entry) };
            (Shown { vpc: vpc(scenario, entry), ..shown }, here)
        };
        let unknown = || Because { verdict: Joins::Unknown, because: None, span: None };
        let no_signal = || Because { verdict: Signals::Unknown, because: None, span: None };
        let cost = facts.cost(scenario, fleet);
        Seen {
            ecs: facts.meant_for_cluster(scenario, fleet),
            detail: cost.instance_types.first().cloned().unwrap_or_default(),
            launch: launch
                .sources
                .iter()
                .filter(|it| it.id != fleet.id())
                .filter_map(|it| resource(it.id).map(|it| own(Kind::Launch, it)))
                .collect(),
            joins: joining.map_or_else(unknown, |it| it.verdict.clone()),
            cluster,
            signals: signalling.map_or_else(no_signal, |it| it.verdict.clone()),
            signalled,
            paths: paths(facts, scenario, fleet),
            groups: groups.own(scenario).map(in_group).collect(),
            port_22: Because::clone(&facts.port_22(scenario, fleet)),
            role,
            registers: Because::clone(&facts.registers(scenario, fleet)),
            logs: Because::clone(&facts.logs(scenario, fleet)),
        }
    }
}

/// The ways out, each from its subnet to what leads to the world.
fn paths<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
) -> Vec<(Vec<Shown>, Because<Egress>)> {
    let all = facts.paths(scenario, fleet);
    let mut seen = Vec::new();
    let mut res = Vec::new();
    for path in all.iter() {
        if seen.contains(&path.subnet) || seen.len() == MAX_SUBNETS {
            continue;
        }
        seen.push(path.subnet);
        let why = crate::network::egress(std::slice::from_ref(path));
        let mut hops = Vec::new();
        let subnet = path.subnet.and_then(|it| scenario.template().resource(it));
        let home = subnet.and_then(|it| vpc(scenario, it));
        if let Some(entry) = subnet {
            let range = scenario.property_text(entry, &["CidrBlock"]);
            let range = range.as_ref().and_then(Text::known).unwrap_or_default().to_owned();
            hops.push(Shown { detail: range, vpc: home.clone(), ..own(Kind::Subnet, entry) });
        }
        let routes = path.way.hops.iter().filter(|it| it.resource.type_name() == "AWS::EC2::Route");
        for hop in routes {
            hops.push(Shown { vpc: home.clone(), ..own(Kind::Route, &hop.resource) });
        }
        let (name, detail) = match path.way.egress {
            Egress::InternetGateway => ("internet gateway", ""),
            Egress::Nat => ("NAT gateway", ""),
            Egress::Endpoints => ("endpoints of ECS", "no internet"),
            Egress::Other => ("another way", "transit, peering, VPN, proxy"),
            Egress::None => (NOWHERE, ""),
            Egress::Unknown => ("unknown way", "known at deployment"),
        };
        hops.push(outside(Kind::Exit, name.to_owned(), detail));
        res.push((hops, why));
    }
    res
}

/// The ports that a security group opens by itself: `22, 80, 32768-65535`.
fn ports<'t>(scenario: &Scenario<'_, 't>, group: &Entry<'t>) -> String {
    let Found::Node(rules) = scenario.property(group, &["SecurityGroupIngress"]) else {
        return String::new();
    };
    let mut res: Vec<String> = Vec::new();
    for rule in rules.items() {
        let text = |key: &str| match scenario.find(rule, &[key]) {
            Found::Node(node) => scenario.text(node).as_ref().and_then(Text::known).map(str::to_owned),
            _ => None,
        };
        let range = match (text("IpProtocol").as_deref(), text("FromPort"), text("ToPort")) {
            (Some("-1"), ..) => "all".to_owned(),
            (_, Some(from), Some(to)) if from == to => from,
            (_, Some(from), Some(to)) => format!("{from}-{to}"),
            _ => continue,
        };
        if !res.contains(&range) {
            res.push(range);
        }
        if res.len() > MAX_PORTS {
            res[MAX_PORTS] = "...".to_owned();
            break;
        }
    }
    if res.is_empty() { res.concat() } else { format!("in: {}", res.join(", ")) }
}

fn vpc<'t>(scenario: &Scenario<'_, 't>, entry: &Entry<'t>) -> Option<String> {
    let listed = Listed::of(scenario, scenario.property(entry, &["VpcId"]), "");
    let named = named_resource(scenario, listed.names.first()?, &["VpcId"])?;
    Some(named.id.to_owned())
}

fn own(kind: Kind, entry: &Entry<'_>) -> Shown {
    let detail = if kind == Kind::Waiting { short_type(entry.type_name()) } else { String::new() };
    Shown { kind, name: entry.id.to_owned(), detail, span: Some(entry.key.span()), vpc: None }
}

fn short_type(name: &str) -> String {
    name.rsplit("::").next().unwrap_or(name).to_owned()
}

fn outside(kind: Kind, name: String, detail: &str) -> Shown {
    Shown { kind, name, detail: detail.to_owned(), span: None, vpc: None }
}

/// The picture as it grows.
struct Drawing<'a> {
    outcome: &'a Outcome,
    res: Picture,
    known: HashMap<(Kind, String), usize>,
}

impl Drawing<'_> {
    fn thing(&mut self, it: Shown) -> usize {
        *self.known.entry((it.kind, it.name.clone())).or_insert_with(|| {
            let Shown { kind, name, detail, span, vpc } = it;
            self.res.things.push(Thing { kind, name, detail, span, vpc, findings: Vec::new() });
            self.res.things.len() - 1
        })
    }

    /// Adds a way, once: the worst that is said of it. Its findings are about one of
    /// `ids`, or about the words that decide; `codes_of` is how they begin.
    fn way(&mut self, ids: &[String], way: Way, codes_of: &[&str]) {
        let about = |it: &&Diagnostic| {
            let is_here = way.span.is_some_and(|span| {
                it.finding.span.start < span.end.max(span.start + 1) && span.start < it.finding.span.end
            });
            codes_of.iter().any(|code| it.code.starts_with(code))
                && (it.finding.resource.as_ref().is_some_and(|it| ids.contains(it)) || is_here)
        };
        let ends_badly = matches!(way.state, State::Broken | State::Careful);
        let findings = codes(self.outcome.diagnostics.iter().filter(|_| ends_badly).filter(about));
        let way = Way { findings, ..way };
        let is_same = |it: &&mut Way| (it.from, it.to, it.purpose) == (way.from, way.to, way.purpose);
        match self.res.ways.iter_mut().find(is_same) {
            Some(known) if known.state < way.state => *known = way,
            Some(_) => {}
            None => self.res.ways.push(way),
        }
    }

    fn fleet(&mut self, fleet: &Fleet<'_>, seen: Seen) {
        // What is said of the launch source is said of the fleet.
        let mut ids = vec![fleet.id().to_owned()];
        ids.extend(seen.launch.iter().map(|it| it.name.clone()));
        let here = self.thing(Shown { detail: seen.detail, ..own(Kind::Fleet, &fleet.resource) });
        let plain = |from, to, purpose| Way {
            from,
            to,
            purpose,
            state: State::Open,
            label: String::new(),
            because: None,
            span: None,
            findings: Vec::new(),
        };
        for launch in seen.launch {
            let to = self.thing(launch);
            self.way(&ids, Way { label: "starts from".to_owned(), ..plain(here, to, Purpose::Start) }, &[]);
        }

        for (hops, why) in seen.paths {
            self.path(&ids, here, hops, &why);
        }

        let world = |it: &mut Self| it.thing(outside(Kind::World, WORLD.to_owned(), ""));
        for (group, origins) in seen.groups {
            let to = self.thing(group);
            self.way(&ids, plain(to, here, Purpose::LogIn), &[]);
            let (state, label) = if origins.contains(&Origin::World) {
                (State::Careful, "SSH, from everywhere")
            } else if origins.is_empty() {
                continue;
            } else {
                (State::Open, "SSH, from some")
            };
            let from = world(self);
            let (because, span) = (seen.port_22.because.clone(), seen.port_22.span);
            let way = plain(from, to, Purpose::LogIn);
            self.way(&ids, Way { state, label: label.to_owned(), because, span, ..way }, &["ECS3"]);
        }

        if seen.ecs == Answer::No {
            return;
        }
        let (state, label) = match seen.joins.verdict {
            Joins::Yes => (State::Open, "joins"),
            Joins::Unknown => (State::Unknown, "may join"),
            Joins::WrongCluster => (State::Broken, "joins another one"),
            Joins::No => (State::Broken, "does not join"),
        };
        let none = if seen.joins.verdict == Joins::Unknown { "unknown cluster" } else { "no cluster" };
        let nowhere = || outside(Kind::Cluster, none.to_owned(), "");
        let to = self.thing(seen.cluster.unwrap_or_else(nowhere));
        let (because, span) = (seen.joins.because, seen.joins.span);
        let way = plain(here, to, Purpose::Join);
        self.way(&ids, Way { state, label: label.to_owned(), because, span, ..way }, &["ECS1"]);

        let signal = match seen.signals.verdict {
            Signals::Ok => Some((State::Open, "signals")),
            Signals::WrongResource => Some((State::Broken, "signals the wrong one")),
            Signals::Missing => Some((State::Broken, "waits in vain")),
            Signals::Unknown => Some((State::Unknown, "may signal")),
            Signals::NotAwaited => Some((State::Careful, "signals, nothing waits")),
            Signals::NotNeeded => None,
        };
        if let Some((state, label)) = signal {
            let to = seen.signalled.map_or(here, |it| self.thing(it));
            let (because, span) = (seen.signals.because, seen.signals.span);
            let way = plain(here, to, Purpose::Signal);
            self.way(&ids, Way { state, label: label.to_owned(), because, span, ..way }, &["ECS2"]);
        }

        let no_role = || outside(Kind::Role, "no role known".to_owned(), "");
        let to = self.thing(seen.role.unwrap_or_else(no_role));
        let (state, label) = match (seen.registers.verdict, seen.logs.verdict) {
            (Answer::No, _) => (State::Broken, "may not register"),
            (_, Answer::No) => (State::Careful, "no logs"),
            (Answer::Unknown, _) | (_, Answer::Unknown) => (State::Unknown, "rights unknown"),
            (Answer::Yes, Answer::Yes) => (State::Open, "registers, logs"),
        };
        let why = if seen.registers.verdict == Answer::No { seen.registers } else { seen.logs };
        let way = plain(here, to, Purpose::Rights);
        let way = Way { state, label: label.to_owned(), because: why.because, span: why.span, ..way };
        self.way(&ids, way, &["ECS4"]);
    }

    /// Draws one way out. Where it breaks, it breaks behind its subnet: others may lead through the same gateway.
    fn path(&mut self, ids: &[String], fleet: usize, hops: Vec<Shown>, why: &Because<Egress>) {
        let leads_nowhere = hops.last().is_none_or(|it| it.name == NOWHERE);
        let breaks_at = usize::from(hops.first().is_some_and(|it| it.kind == Kind::Subnet));
        let mut all = vec![fleet];
        all.extend(hops.into_iter().map(|it| self.thing(it)).collect::<Vec<_>>());
        if why.verdict != Egress::Endpoints && !leads_nowhere {
            all.push(self.thing(outside(Kind::World, WORLD.to_owned(), "")));
        }
        for (idx, pair) in all.windows(2).enumerate() {
            let (state, label) = match why.verdict {
                Egress::None if idx == breaks_at => (State::Broken, "no way out"),
                Egress::Unknown => (State::Unknown, ""),
                _ => (State::Open, ""),
            };
            let way = Way {
                from: pair[0],
                to: pair[1],
                purpose: Purpose::Out,
                state,
                label: label.to_owned(),
                because: why.because.clone(),
                span: why.span,
                findings: Vec::new(),
            };
            self.way(ids, way, &["ECS5"]);
        }
    }
}
