//! All that rules may ask about a template, worked out once.

use std::rc::Rc;

use crate::model::{Answer, Cluster, Fleet, Launch, Model, clusters};
use crate::resolve::{Facet, Scenario, World};
use crate::syntax::Parse;
use crate::template::Template;

/// A template, its model, and the answers that several rules need.
pub struct Facts<'a, 't> {
    /// The text and its tree.
    pub parse: &'a Parse<'t>,
    /// The template with parameter values and region.
    pub world: &'a World<'t>,
    /// The fleets.
    pub model: Model<'t>,
    /// The region that decides about prices only.
    pub price_region: Option<&'a str>,
    launches: Facet<'t, &'t str, Launch<'t>>,
}

impl<'a, 't> Facts<'a, 't> {
    /// Gathers the facts of a template.
    #[must_use]
    pub fn new(parse: &'a Parse<'t>, world: &'a World<'t>, price_region: Option<&'a str>) -> Facts<'a, 't> {
        let model = Model::new(&world.template);
        Facts { parse, world, model, price_region, launches: Facet::default() }
    }

    /// The template.
    #[must_use]
    pub fn template(&self) -> &'a Template<'t> {
        &self.world.template
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

    /// Whether a fleet is meant for a cluster.
    #[must_use]
    pub fn meant_for_cluster(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Answer {
        let _ = (scenario, fleet);
        Answer::Unknown
    }
}
