//! The template that was deployed, as far as a failure may be about it: where things stand in it.

use std::collections::BTreeMap;

use super::script::Script;
use super::{Checked, Place};
use crate::boot::Boot;
use crate::diagnostic::Diagnostic;
use crate::lint::Outcome;
use crate::model::{self, Fleet, Source};
use crate::resolve::{Found, Scenario, Text, World, by_default};
use crate::rule::Facts;
use crate::syntax::{self, Kind, Node};
use crate::template::{Entry, Expr, Template, expr};
use crate::text::{Span, decode};

/// Properties of a launch source that AWS complains about, and where an instance or a group has its own.
const LAUNCH: [&str; 10] = [
    "ImageId",
    "InstanceType",
    "KeyName",
    "IamInstanceProfile",
    "SecurityGroups",
    "SecurityGroupIds",
    "NetworkInterfaces",
    "BlockDeviceMappings",
    "InstanceMarketOptions",
    "UserData",
];

/// The template and what is said about it.
pub(super) struct Sight<'a, 't> {
    pub(super) template: &'a Template<'t>,
    world: &'a World<'t>,
    pub(super) outcome: &'a Outcome,
    pub(super) fleets: Vec<FleetSight<'t>>,
}

/// A property: its value, and where that comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    /// The words of the value.
    pub(super) span: Span,
    /// Where the words are that it gets: a parameter's default, an entry of a mapping.
    pub(super) from: Option<Span>,
}

/// What waits for a signal, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    /// The value of `Timeout` or `PauseTime`, else the key of the policy.
    pub(super) span: Span,
    /// How it is written: `PT15M`.
    pub(super) seconds: Option<u64>,
}

/// A fleet with what its instances start from, in the default scenario.
pub(super) struct FleetSight<'a> {
    pub(super) id: &'a str,
    pub(super) key: Span,
    /// The resources that it is made of: itself and its launch source.
    pub(super) ids: Vec<&'a str>,
    pub(super) properties: BTreeMap<&'static str, Property>,
    /// `DesiredCapacity`, else `MinSize`.
    pub(super) capacity: Option<Property>,
    /// Where its subnets are named.
    pub(super) subnets: Option<Span>,
    pub(super) script: Option<Script<'a>>,
}

/// Calls `then` with the template; with nothing where the bytes are none that can be read to its end.
pub(super) fn with<R>(checked: Option<&Checked<'_>>, then: impl FnOnce(Option<&Sight<'_, '_>>) -> R) -> R {
    let Some((checked, source)) = checked.and_then(|it| Some((it, decode(it.bytes).ok()?))) else {
        return then(None);
    };
    let parse = syntax::parse(source);
    let root = parse.tree.roots().find(|it| Template::is_one(*it)).filter(|_| !parse.is_cut());
    let Some(root) = root else { return then(None) };
    let options = checked.options;
    let world = World::new(Template::new(root), options.parameters.clone(), options.region.clone());
    let facts = Facts::new(&parse, &world, options.money());
    let (_, fleets) = by_default(&world, |scenario| {
        let there = facts.model.fleets.iter().filter(|it| scenario.exists(&it.resource) != Some(false));
        there.map(|it| fleet_sight(&facts, scenario, it)).collect::<Vec<_>>()
    });
    then(Some(&Sight { template: &world.template, world: &world, outcome: checked.outcome, fleets }))
}

fn fleet_sight<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> FleetSight<'t> {
    let launch = facts.launch(scenario, fleet);
    let source = launch.sources.first();
    let mut ids = vec![fleet.id()];
    ids.extend(launch.sources.iter().map(|it| it.id).filter(|it| *it != fleet.id()));
    let mut properties = BTreeMap::new();
    for name in LAUNCH {
        let found = source.map_or(Found::Absent, |it| it.find(scenario, &[name]));
        if let Found::Node(node) = found {
            let mut property = property(scenario, node);
            // A value of many lines is shown by its key.
            if property.span.slice(facts.parse.tree.source()).contains('\n') {
                property.span = source.and_then(|it| it.key_of(scenario, name)).unwrap_or(property.span);
            }
            properties.insert(name, property);
        }
    }
    // What the fleet offers wins over what its source says.
    if let Some(offered) = launch.types.first().and_then(|it| it.text.whole_place()) {
        let (span, from) = (offered.used.unwrap_or(offered.span), offered.used.map(|_| offered.span));
        properties.insert("InstanceType", Property { span, from });
    }
    let own = |name: &str| match scenario.property(&fleet.resource, &[name]) {
        Found::Node(node) => Some(node),
        _ => None,
    };
    let capacity = ["DesiredCapacity", "MinSize"].iter().find_map(|it| own(it));
    let subnets = ["VPCZoneIdentifier", "SubnetId", "AvailabilityZones"].iter().find_map(|it| own(it));
    let boots = facts.boots(scenario, fleet);
    FleetSight {
        id: fleet.id(),
        key: fleet.resource.key.span(),
        ids,
        properties,
        capacity: capacity.map(|it| property(scenario, it)),
        subnets: subnets.map(Node::full_span),
        script: boots.first().zip(source).and_then(|((boot, _), source)| script(scenario, boot, source)),
    }
}

fn script<'t>(scenario: &Scenario<'_, 't>, boot: &Boot<'t>, source: &Source<'t>) -> Option<Script<'t>> {
    let text = boot.text.clone()?;
    let key = source.key_of(scenario, "UserData").unwrap_or(source.key);
    Some(Script::new(text, boot, key))
}

fn property<'t>(scenario: &Scenario<'_, 't>, node: Node<'t>) -> Property {
    let place = scenario.text(node).as_ref().and_then(Text::whole_place);
    Property { span: node.full_span(), from: place.and_then(|it| it.used.map(|_| it.span)) }
}

impl<'a, 't> Sight<'a, 't> {
    /// The fleet of this logical id, or that whose launch source it is.
    pub(super) fn fleet(&self, id: &str) -> Option<&FleetSight<'t>> {
        let own = self.fleets.iter().find(|it| it.id == id);
        own.or_else(|| self.fleets.iter().find(|it| it.ids.contains(&id)))
    }

    /// The fleet that a wait condition waits for: the one whose user data signals through a URL, else the only one.
    pub(super) fn signaller(&self) -> Option<&FleetSight<'t>> {
        let by_url = self.fleets.iter().find(|it| it.script.as_ref().is_some_and(Script::signals_by_url));
        by_url.or_else(|| self.fleets.first())
    }

    /// A resource by its logical id.
    pub(super) fn resource(&self, id: &str) -> Option<&Entry<'t>> {
        self.template.resource(id)
    }

    /// Where the logical id of a resource stands.
    pub(super) fn key(&self, id: &str) -> Option<Span> {
        self.resource(id).map(|it| it.key.span())
    }

    /// The value of the first of these properties that a resource has.
    pub(super) fn property(&self, id: &str, names: &[&str]) -> Option<Span> {
        let properties = self.resource(id)?.properties()?;
        names.iter().find_map(|it| properties.get(it)).map(Node::full_span)
    }

    /// Where the value of `Type` of a resource stands.
    pub(super) fn type_of(&self, id: &str) -> Option<Span> {
        self.resource(id)?.node.get("Type").map(Node::span)
    }

    /// Where a property stands that has this very value, without what functions make.
    pub(super) fn value(&self, id: &str, value: &str) -> Option<Span> {
        let properties = self.resource(id)?.properties()?;
        let same = |it: &Node<'_>| it.kind() == Kind::Scalar && it.text() == value;
        properties.descendants().find(same).map(Node::span)
    }

    /// Where a path leads: `Resources`, `Vpc`, `Properties`, `CidrBlock`. A value, or the key of what is more than one; where
    /// it ends below a resource, the last that is there.
    pub(super) fn path(&self, path: &[String]) -> Option<Span> {
        let mut at = self.template.root;
        let mut res = None;
        for (depth, step) in path.iter().enumerate() {
            let child = match at.kind() {
                Kind::Sequence => {
                    step.parse().ok().and_then(|idx: usize| at.items().nth(idx)).map(|it| (it, it))
                }
                _ => at.entry(step),
            };
            let Some((key, node)) = child else { return res.filter(|_| depth > 1) };
            res = Some(if node.kind() == Kind::Scalar && !node.span().is_empty() {
                node.full_span()
            } else {
                key.span()
            });
            at = node;
        }
        res
    }

    /// What a resource waits for.
    pub(super) fn wait(&self, id: &str, verb: &str) -> Option<Wait> {
        let resource = self.resource(id)?;
        let creation: &[&str] = match resource.type_name() {
            "AWS::CloudFormation::WaitCondition" => &["Properties", "Timeout"],
            _ => &["CreationPolicy", "ResourceSignal", "Timeout"],
        };
        let update: &[&str] = &["UpdatePolicy", "AutoScalingRollingUpdate", "PauseTime"];
        let paths = if verb == "created" { [creation, update] } else { [update, creation] };
        paths.into_iter().find_map(|path| {
            let policy = resource.node.entry(path[0])?;
            let node = path[1..].iter().try_fold(policy.1, |at, key| at.get(key));
            let span = node.map_or(policy.0.span(), Node::full_span);
            let value = node.and_then(|it| match expr(it) {
                Expr::Ref(name) => self.world.parameter_value(name.node.text())?.known().map(str::to_owned),
                _ => Some(it.text().to_owned()),
            });
            let seconds = value.and_then(|it| model::seconds(&it).or_else(|| it.trim().parse().ok()));
            // Five minutes where nothing is said (CreationPolicy attribute in the CloudFormation user guide).
            Some(Wait { span, seconds: seconds.or_else(|| node.is_none().then_some(300)) })
        })
    }

    /// The values that `NoEcho` parameters have, and where they are written in the template.
    pub(super) fn secrets(&self) -> Vec<(String, Option<Span>)> {
        let is_secret = |it: &&Entry<'t>| {
            it.node.get("NoEcho").is_some_and(|it| !it.text().eq_ignore_ascii_case("false"))
        };
        let mut res = Vec::new();
        for it in self.template.parameters.iter().filter(is_secret) {
            res.extend(it.node.get("Default").map(|it| (it.text().to_owned(), Some(it.span()))));
            let given = self.world.is_given(it.id).then(|| self.world.parameter_value(it.id)).flatten();
            res.extend(given.map(|it| (it.as_str().to_owned(), None)));
        }
        res
    }

    /// What the check has found of these kinds: first what it found about `ids`, errors before the rest. Where there are
    /// several fleets, it has to be about this one.
    pub(super) fn foreseen(&self, codes: &[&str], ids: &[&str]) -> Option<&'a Diagnostic> {
        let inside: Vec<Span> = ids
            .iter()
            .filter_map(|it| self.resource(it))
            .map(|it| it.key.span().to(it.node.span()))
            .collect();
        let about = |it: &Diagnostic| {
            let mut spans = std::iter::once(it.finding.span).chain(it.finding.because.iter().map(|it| it.0));
            it.finding.resource.as_deref().is_some_and(|it| ids.contains(&it))
                || spans.any(|span| inside.iter().any(|it| it.to(span) == *it))
        };
        let fitting = self.outcome.diagnostics.iter().filter(|it| codes.contains(&&*it.code));
        let fitting = fitting.filter(|it| self.fleets.len() < 2 || about(it));
        // Of the same rank the first one, in the order of the codes.
        let order = |it: &&Diagnostic| {
            let code = codes.iter().position(|code| *code == it.code);
            (std::cmp::Reverse(it.severity), !about(it), code)
        };
        fitting.min_by_key(order)
    }
}

impl FleetSight<'_> {
    /// The first of these properties of the launch source, else the key of the fleet.
    pub(super) fn place(&self, names: &[&str], label: &str) -> Vec<Place> {
        let Some(found) = names.iter().find_map(|it| self.properties.get(it)) else {
            return vec![Place::new(self.key, label)];
        };
        found.places(label)
    }
}

impl Property {
    /// The words with what is to be said of them, and where their value comes from.
    pub(super) fn places(&self, label: &str) -> Vec<Place> {
        let mut res = vec![Place::new(self.span, label)];
        res.extend(self.from.map(|it| Place::new(it, "its value comes from here")));
        res
    }
}
