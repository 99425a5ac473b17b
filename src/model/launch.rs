//! What the instances of a fleet are started from.
//!
//! Launch configurations, launch templates, instances and Spot specifications say the same things in slightly
//! different places; a [`Source`] hides where.

use super::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario, Symbol, Text, World};
use crate::syntax::Node;
use crate::template::{Entry, Expr, Template, expr};
use crate::text::Span;

/// The launch sources of a fleet in one scenario.
#[derive(Clone, Debug, Default)]
pub struct Launch<'t> {
    /// Those that the template holds.
    pub sources: Vec<Source<'t>>,
    /// Some source is not in the template, or only deployment can tell which one it is.
    pub unknown: bool,
    /// Where the fleet names a resource that is not there: CloudFormation refuses the template, nothing starts.
    pub nowhere: Option<Span>,
    /// The instance types that may start, the likeliest first.
    pub types: Vec<InstanceType<'t>>,
}

/// An instance type with its place.
#[derive(Clone, Debug)]
pub struct InstanceType<'t> {
    /// The type as text; symbolic where only deployment can tell.
    pub text: Text<'t>,
    /// How many units of capacity one instance counts for; `None` where only deployment can tell.
    pub weight: Option<f64>,
}

impl<'t> InstanceType<'t> {
    /// The parameter that gives the type.
    #[must_use]
    pub fn parameter<'w>(&self, world: &'w World<'t>) -> Option<&'w Entry<'t>> {
        let place = self.text.whole_place().filter(|it| it.used.is_some());
        world.template.parameters.iter().find(|it| match self.text.only_symbol() {
            Some(symbol) => *symbol == Symbol::Parameter(it.id),
            // A value that was given has the place of the name.
            None => place.is_some_and(|place| {
                let whole = it.key.span().to(it.node.span());
                whole.to(place.span) == whole
            }),
        })
    }
}

/// One launch source.
#[derive(Clone, Debug)]
pub struct Source<'t> {
    /// The logical id of the resource that holds it.
    pub id: &'t str,
    /// Where the id stands.
    pub key: Span,
    /// The mappings that hold the properties; what an earlier one says wins.
    layers: Vec<Node<'t>>,
}

impl<'t> Launch<'t> {
    /// What `fleet` is started from.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Launch<'t> {
        let mut res = Launch::default();
        match fleet.kind {
            FleetKind::AutoScalingGroup => res.group(scenario, fleet),
            FleetKind::Instance => res.instance(scenario, fleet),
            FleetKind::SpotFleet => res.spot_fleet(scenario, fleet),
            FleetKind::Ec2Fleet => match fleet.resource.properties() {
                Some(node) => res.template_configs(scenario, node),
                None => res.unknown = true,
            },
        }
        // Types of the sources themselves count when no override names others.
        if res.types.is_empty() {
            for source in res.sources.clone() {
                res.add_type(scenario, source.find(scenario, &["InstanceType"]), source.weight(scenario));
            }
        }
        res
    }

    fn group(&mut self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
        let Some(properties) = fleet.resource.properties() else { return self.unknown = true };
        match scenario.find(properties, &["LaunchConfigurationName"]) {
            Found::Node(node) => {
                self.referenced(scenario, node, "AWS::AutoScaling::LaunchConfiguration", None)
            }
            Found::Unknown => self.unknown = true,
            Found::Absent => {}
        }
        self.specification(scenario, scenario.find(properties, &["LaunchTemplate"]), None);
        match scenario.find(properties, &["MixedInstancesPolicy", "LaunchTemplate"]) {
            Found::Node(node) => {
                self.overrides(scenario, node);
                self.specification(scenario, scenario.find(node, &["LaunchTemplateSpecification"]), None);
            }
            Found::Unknown => self.unknown = true,
            Found::Absent => {}
        }
        self.unknown |= scenario.find(properties, &["InstanceId"]) != Found::Absent;
    }

    fn instance(&mut self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
        let Some(properties) = fleet.resource.properties() else { return self.unknown = true };
        let before = self.sources.len();
        let template = scenario.find(properties, &["LaunchTemplate"]);
        self.specification(scenario, template, Some(properties));
        if self.sources.len() == before {
            self.sources.push(Source::of(&fleet.resource, vec![properties]));
        }
    }

    fn spot_fleet(&mut self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
        let Found::Node(data) = scenario.property(&fleet.resource, &["SpotFleetRequestConfigData"]) else {
            return self.unknown = true;
        };
        match scenario.find(data, &["LaunchSpecifications"]) {
            Found::Node(list) => match scenario.items(list) {
                Some(items) => {
                    for item in items {
                        match item {
                            Found::Node(node) => self.sources.push(Source::of(&fleet.resource, vec![node])),
                            _ => self.unknown = true,
                        }
                    }
                }
                None => self.unknown = true,
            },
            Found::Unknown => self.unknown = true,
            Found::Absent => {}
        }
        self.template_configs(scenario, data);
    }

    /// `LaunchTemplateConfigs` of Spot and EC2 fleets.
    fn template_configs(&mut self, scenario: &Scenario<'_, 't>, node: Node<'t>) {
        let configs = match scenario.find(node, &["LaunchTemplateConfigs"]) {
            Found::Node(list) => scenario.items(list),
            Found::Unknown => None,
            Found::Absent => return,
        };
        let Some(configs) = configs else { return self.unknown = true };
        for config in configs {
            let Found::Node(config) = config else {
                self.unknown = true;
                continue;
            };
            self.overrides(scenario, config);
            self.specification(scenario, scenario.find(config, &["LaunchTemplateSpecification"]), None);
        }
    }

    /// `Overrides`: other types, and sometimes another launch template.
    fn overrides(&mut self, scenario: &Scenario<'_, 't>, node: Node<'t>) {
        let Found::Node(list) = scenario.find(node, &["Overrides"]) else { return };
        for item in scenario.items(list).unwrap_or_default() {
            let Found::Node(item) = item else { continue };
            self.add_type(
                scenario,
                scenario.find(item, &["InstanceType"]),
                weight(scenario, scenario.find(item, &["WeightedCapacity"])),
            );
            // Then it starts another image.
            self.unknown |= scenario.find(item, &["ImageId"]) != Found::Absent;
            let own = scenario.find(item, &["LaunchTemplateSpecification"]);
            if own != Found::Absent {
                self.specification(scenario, own, None);
            }
        }
    }

    /// `LaunchTemplateId` or `LaunchTemplateName`.
    fn specification(&mut self, scenario: &Scenario<'_, 't>, found: Found<'t>, above: Option<Node<'t>>) {
        let node = match found {
            Found::Node(node) => node,
            Found::Unknown => return self.unknown = true,
            Found::Absent => return,
        };
        for key in ["LaunchTemplateId", "LaunchTemplateName"] {
            match scenario.find(node, &[key]) {
                Found::Node(name) => self.referenced(scenario, name, "AWS::EC2::LaunchTemplate", above),
                Found::Unknown => self.unknown = true,
                Found::Absent => {}
            }
        }
    }

    /// The launch configuration or template that `name` names.
    fn referenced(
        &mut self,
        scenario: &Scenario<'_, 't>,
        name: Node<'t>,
        type_name: &str,
        above: Option<Node<'t>>,
    ) {
        let template = scenario.template();
        let text = scenario.text(name);
        let resource = match text.as_ref().and_then(Text::only_symbol) {
            Some(Symbol::Resource(id) | Symbol::Attribute { resource: id, .. }) => template.resource(id),
            _ => named(scenario, text.as_ref(), type_name),
        };
        let Some(resource) = resource.filter(|it| it.type_name() == type_name) else {
            self.nowhere = self.nowhere.or(missing(template, name));
            return self.unknown = true;
        };
        let data: &[&str] =
            if type_name == "AWS::EC2::LaunchTemplate" { &["LaunchTemplateData"] } else { &[] };
        match scenario.property(resource, data) {
            Found::Node(node) => {
                let layers = above.into_iter().chain([node]).collect();
                self.sources.push(Source::of(resource, layers));
            }
            _ => self.unknown = true,
        }
    }

    fn add_type(&mut self, scenario: &Scenario<'_, 't>, found: Found<'t>, weight: Option<f64>) {
        let Found::Node(node) = found else { return };
        if let Some(text) = scenario.text(node) {
            self.types.push(InstanceType { text, weight });
        }
    }
}

/// A weight; an instance without one counts for one.
fn weight<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>) -> Option<f64> {
    match found {
        Found::Absent => Some(1.0),
        Found::Unknown => None,
        Found::Node(node) => {
            let text = scenario.text(node)?;
            text.known()?.trim().parse().ok().filter(|it: &f64| it.is_finite() && *it > 0.0)
        }
    }
}

/// Where `node` refers to something that the template, all of which is written out, does not have.
fn missing(template: &Template<'_>, node: Node<'_>) -> Option<Span> {
    let Expr::Ref(name) = expr(node) else { return None };
    let id = name.node.text();
    let there = template.resource(id).is_some()
        || template.parameters.get(id).is_some()
        || id.starts_with("AWS::")
        || template.takes_names_from_elsewhere();
    (!there).then(|| name.node.span())
}

/// The resource that was given this very name.
fn named<'w, 't>(
    scenario: &Scenario<'w, 't>,
    name: Option<&Text<'t>>,
    type_name: &str,
) -> Option<&'w Entry<'t>> {
    let key = if type_name == "AWS::EC2::LaunchTemplate" {
        "LaunchTemplateName"
    } else {
        "LaunchConfigurationName"
    };
    let name = name?;
    let same = |it: &&Entry<'t>| scenario.property_text(it, &[key]).as_ref() == Some(name);
    scenario.template().resources_of(&[type_name]).find(same)
}

impl<'t> Source<'t> {
    fn of(resource: &Entry<'t>, layers: Vec<Node<'t>>) -> Source<'t> {
        Source { id: resource.id, key: resource.key.span(), layers }
    }

    /// The numbers of the mappings that hold its properties, and a mark behind them: what it is known by.
    pub fn nodes(&self) -> impl Iterator<Item = u32> + use<'_, 't> {
        self.layers.iter().map(|it| it.index()).chain([u32::MAX])
    }

    /// What stands at a path of properties that all kinds of sources share: `UserData`, `ImageId`, `KeyName`,
    /// `InstanceType`, `MetadataOptions`, `IamInstanceProfile`, `NetworkInterfaces`, `SecurityGroupIds` ...
    #[must_use]
    pub fn find(&self, scenario: &Scenario<'_, 't>, path: &[&str]) -> Found<'t> {
        self.layers
            .iter()
            .map(|layer| scenario.find(*layer, path))
            .find(|it| *it != Found::Absent)
            .unwrap_or(Found::Absent)
    }

    /// How many units of capacity one instance counts for; only the specifications of Spot fleets say it.
    fn weight(&self, scenario: &Scenario<'_, 't>) -> Option<f64> {
        weight(scenario, self.find(scenario, &["WeightedCapacity"]))
    }

    /// The text at such a path.
    #[must_use]
    pub fn text(&self, scenario: &Scenario<'_, 't>, path: &[&str]) -> Option<Text<'t>> {
        match self.find(scenario, path) {
            Found::Node(node) => scenario.text(node),
            _ => None,
        }
    }

    /// Where the key of a property stands.
    #[must_use]
    pub fn key_of(&self, scenario: &Scenario<'_, 't>, name: &str) -> Option<Span> {
        let layer = self.layers.iter().find(|it| scenario.find(**it, &[name]) != Found::Absent)?;
        layer.entry(name).map(|(key, _)| key.span())
    }

    /// Whether a property is, as a whole, the text of `Fn::Sub`, so that `${Name}` may be written into it.
    #[must_use]
    pub fn is_substituted(&self, scenario: &Scenario<'_, 't>, name: &str) -> bool {
        let Found::Node(node) = self.find(scenario, &[name]) else { return false };
        let inner = match expr(node) {
            Expr::Base64(operand) => expr(operand),
            other => other,
        };
        matches!(inner, Expr::Sub { .. })
    }

    /// Where its properties stand.
    #[must_use]
    pub fn span(&self) -> Span {
        self.layers.last().map_or(self.key, |it| it.span())
    }
}
