//! All that rules may ask about a template, worked out once.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::access::Access;
use super::house::{House, OPEN};
use super::purpose;
use crate::boot::{self, Boot, Joining, Signalling};
use crate::model::{
    Answer, Capacity, Cluster, Cost, Fleet, Image, Launch, Model, Money, Signals, Source, Unknowable,
    Waiting, capacity, clusters, cost, image, instances_for, may_wait, units_of, waiting,
};
use crate::resolve::{Facet, Scenario, Symbol, World};
use crate::syntax::{Node, Parse};
use crate::template::{Block, Entry, MAX_REFERENCES, Reference, Target, Template};

/// A template, its model, and the answers that several rules need.
pub struct Facts<'a, 't> {
    /// The text and its tree.
    pub parse: &'a Parse<'t>,
    /// The template with parameter values and region.
    pub world: &'a World<'t>,
    /// The fleets.
    pub model: Model<'t>,
    /// What decides about money.
    pub money: Money<'a>,
    /// What the project allows.
    pub house: &'a House,
    references: OnceCell<Vec<Reference<'t>>>,
    /// The references in each resource, as indexes into `references`.
    naming_in: OnceCell<HashMap<&'t str, Vec<usize>>>,
    /// The references to each resource or parameter, as indexes into `references`.
    naming: OnceCell<HashMap<&'t str, Vec<usize>>>,
    /// All words in capacity providers.
    provided: OnceCell<HashSet<&'t str>>,
    foreign: OnceCell<bool>,
    launches: Facet<'t, &'t str, Launch<'t>>,
    boots: Facet<'t, Vec<u32>, Vec<(Boot<'t>, Image)>>,
    meant: Facet<'t, &'t str, Answer>,
    untold: Facet<'t, (), Option<Waiting<'t>>>,
    waiting: Facet<'t, (), Option<Vec<Waiting<'t>>>>,
    joining: Facet<'t, &'t str, Vec<Joining<'t>>>,
    signalling: Facet<'t, &'t str, Vec<Signalling<'t>>>,
    pub(super) access: Access<'t>,
}

impl<'a, 't> Facts<'a, 't> {
    /// Gathers the facts of a template.
    #[must_use]
    pub fn new(parse: &'a Parse<'t>, world: &'a World<'t>, money: Money<'a>) -> Facts<'a, 't> {
        let model = Model::new(&world.template);
        Facts {
            parse,
            world,
            model,
            money,
            house: &OPEN,
            references: OnceCell::new(),
            naming_in: OnceCell::new(),
            naming: OnceCell::new(),
            provided: OnceCell::new(),
            foreign: OnceCell::new(),
            launches: Facet::default(),
            boots: Facet::default(),
            meant: Facet::default(),
            untold: Facet::default(),
            waiting: Facet::default(),
            joining: Facet::default(),
            signalling: Facet::default(),
            access: Access::default(),
        }
    }

    /// The same, in a house with these rules.
    #[must_use]
    pub fn in_house(self, house: &'a House) -> Facts<'a, 't> {
        Facts { house, ..self }
    }

    /// The template.
    #[must_use]
    pub fn template(&self) -> &'a Template<'t> {
        &self.world.template
    }

    /// The places where the template names something of its own.
    #[must_use]
    pub fn references(&self) -> &[Reference<'t>] {
        self.references.get_or_init(|| self.template().references())
    }

    /// Whether parts of the template come from elsewhere than the text.
    #[must_use]
    pub fn has_foreign_parts(&self) -> bool {
        *self.foreign.get_or_init(|| self.template().has_foreign_parts())
    }

    /// Whether something may name a thing without a reference that is known: it comes from elsewhere than the text, or
    /// there are too many.
    #[must_use]
    pub fn may_be_named_elsewhere(&self) -> bool {
        self.template().takes_names_from_elsewhere() || self.references().len() >= MAX_REFERENCES
    }

    /// The references to the resource or parameter of this name.
    pub fn references_to(&self, name: &str) -> impl Iterator<Item = &Reference<'t>> {
        let naming = self.naming.get_or_init(|| {
            let mut res: HashMap<&str, Vec<usize>> = HashMap::new();
            for (idx, reference) in self.references().iter().enumerate() {
                if let Some(name) = reference.target.named() {
                    res.entry(name).or_default().push(idx);
                }
            }
            res
        });
        naming.get(name).into_iter().flatten().map(|it| &self.references()[*it])
    }

    /// The references in the resource of this logical id.
    pub fn references_in(&self, id: &str) -> impl Iterator<Item = &Reference<'t>> {
        let naming = self.naming_in.get_or_init(|| {
            let mut res: HashMap<&str, Vec<usize>> = HashMap::new();
            for (idx, reference) in self.references().iter().enumerate() {
                if reference.site.block == Block::Resources {
                    res.entry(reference.site.id).or_default().push(idx);
                }
            }
            res
        });
        naming.get(id).into_iter().flatten().map(|it| &self.references()[*it])
    }

    /// Whether a capacity provider names this group.
    pub(super) fn is_provided(&self, id: &str) -> bool {
        let provided = self.provided.get_or_init(|| {
            let providers = self.template().resources_of(&["AWS::ECS::CapacityProvider"]);
            providers.filter_map(Entry::properties).flat_map(Node::descendants).map(Node::text).collect()
        });
        provided.contains(id)
    }

    /// What a fleet is started from.
    #[must_use]
    pub fn launch(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Launch<'t>> {
        self.launches.get(scenario, fleet.id(), || Launch::of(scenario, fleet))
    }

    /// The clusters of the template.
    #[must_use]
    pub fn clusters(&self, scenario: &Scenario<'_, 't>) -> Vec<Cluster<'t>> {
        clusters(scenario)
    }

    /// The boot and the image of each launch source of a fleet.
    #[must_use]
    pub fn boots(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Vec<(Boot<'t>, Image)>> {
        let launch = self.launch(scenario, fleet);
        // Fleets that are started from the same boot the same.
        let sources = launch.sources.iter().flat_map(Source::nodes).collect();
        self.boots.get(scenario, sources, || {
            let boot = |source| {
                let image = image(scenario, source);
                (Boot::of(scenario, source, image), image)
            };
            launch.sources.iter().map(boot).collect()
        })
    }

    /// What a fleet costs.
    #[must_use]
    pub fn cost(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Cost {
        let launch = self.launch(scenario, fleet);
        let mut types: Vec<String> = Vec::new();
        for known in launch.types.iter().filter_map(|it| it.text.known()) {
            if !types.iter().any(|it| it == known) {
                types.push(known.to_owned());
            }
        }
        // A type that is not known comes first: the price of another one is not the fleet's.
        let priced = launch.types.first().is_some_and(|it| it.text.known().is_some());
        // The first type is what is paid for, so it says how many instances the capacity takes.
        let units = launch.types.first().and_then(|it| units_of(scenario, fleet, it));
        let size = capacity(scenario, fleet);
        let n_instances = |it: Option<u32>| instances_for(it?, units);
        let size = Capacity {
            min: n_instances(size.min),
            desired: n_instances(size.desired),
            max: n_instances(size.max),
        };
        let mut res = cost(&types, size, &self.money);
        if !priced {
            res = Cost { instance_types: res.instance_types, region: res.region, ..Cost::default() };
        }
        res
    }

    /// Whether a fleet is meant for a cluster.
    #[must_use]
    pub fn meant_for_cluster(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Answer {
        *self.meant.get(scenario, fleet.id(), || {
            let roles = self.instance_roles(scenario, fleet);
            purpose::meant_for_cluster(self, scenario, fleet, &roles)
        })
    }

    /// Whether a fleet that exists is meant for a cluster.
    #[must_use]
    pub fn has_cluster_fleet(&self, scenario: &Scenario<'_, 't>) -> bool {
        let meant = |it: &Fleet<'t>| {
            scenario.exists(&it.resource) == Some(true) && self.meant_for_cluster(scenario, it) == Answer::Yes
        };
        self.model.fleets.iter().any(meant)
    }

    /// Whether the instances of each launch source join.
    #[must_use]
    pub fn joining(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Vec<Joining<'t>>> {
        self.joining.get(scenario, fleet.id(), || {
            let clusters = self.clusters(scenario);
            let boots = self.boots(scenario, fleet);
            let mut res: Vec<_> = boots
                .iter()
                .map(|(boot, image)| boot::joins(boot, *image, &clusters, self.template()))
                .collect();
            // What is refused starts nothing.
            res.extend(self.launch(scenario, fleet).nowhere.map(Joining::nothing_starts));
            res
        })
    }

    /// What the fleet waits for.
    ///
    /// # Errors
    /// [`Unknowable`] when only deployment can tell.
    pub fn waiting(
        &self,
        scenario: &Scenario<'_, 't>,
        fleet: &Fleet<'t>,
    ) -> Result<Option<Waiting<'t>>, Unknowable> {
        waiting(scenario, &fleet.resource)
    }

    /// All that waits in this scenario. `None` when only deployment can tell.
    #[must_use]
    pub fn all_waiting(&self, scenario: &Scenario<'_, 't>) -> Rc<Option<Vec<Waiting<'t>>>> {
        self.waiting.get(scenario, (), || {
            // Which of the others are there, decides nothing.
            let waiters = self.template().resources.iter().filter(|it| may_wait(it));
            let there = waiters.filter(|it| scenario.exists(it) != Some(false));
            let found: Result<Vec<_>, _> = there.map(|it| waiting(scenario, it)).collect();
            Some(found.ok()?.into_iter().flatten().collect())
        })
    }

    /// A wait condition of whose handle nothing else knows: nobody can tell it.
    #[must_use]
    pub fn untold(&self, scenario: &Scenario<'_, 't>) -> Option<Waiting<'t>> {
        *self.untold.get(scenario, (), || self.find_untold(scenario))
    }

    fn find_untold(&self, scenario: &Scenario<'_, 't>) -> Option<Waiting<'t>> {
        let template = self.template();
        if self.may_be_named_elsewhere() {
            return None;
        }
        let all = self.all_waiting(scenario);
        let alone = |it: &&Waiting<'t>| {
            let condition = template.resource(it.id)?;
            let handle = scenario.property_text(condition, &["Handle"])?;
            let Some(Symbol::Resource(handle)) = handle.only_symbol() else { return None };
            let named = self.references_to(handle).any(|reference| match reference.target {
                Target::Value(_) | Target::Resource(_) => {
                    let by = template.resource(reference.site.id).map_or("", Entry::type_name);
                    by != "AWS::CloudFormation::WaitCondition"
                }
                _ => false,
            });
            (!named).then_some(())
        };
        all.as_ref().as_ref()?.iter().filter(|it| it.by_url).find(|it| alone(it).is_some()).copied()
    }

    /// Whether what waits is told by each launch source.
    #[must_use]
    pub fn signalling(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Vec<Signalling<'t>>> {
        self.signalling.get(scenario, fleet.id(), || {
            let (own, all) = (self.waiting(scenario, fleet), self.all_waiting(scenario));
            let boots = self.boots(scenario, fleet);
            let answer = |boot: &Boot<'t>| match (&own, &*all) {
                (Ok(own), Some(all)) => boot::signals(boot, *own, all, scenario),
                _ => Signalling::unknown(),
            };
            let mut res: Vec<_> = boots.iter().map(|(boot, _)| answer(boot)).collect();
            if let (Ok(None), Some(untold)) = (&own, self.untold(scenario)) {
                for (told, (boot, _)) in res.iter_mut().zip(boots.iter()) {
                    if told.verdict.verdict == Signals::NotNeeded && !boot.anything {
                        *told = Signalling::untold(&untold);
                    }
                }
            }
            if let (Some(nowhere), Ok(own)) = (self.launch(scenario, fleet).nowhere, &own) {
                res.push(Signalling::nothing_starts(nowhere, own.is_some()));
            }
            res
        })
    }
}
