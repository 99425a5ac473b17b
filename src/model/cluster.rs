//! The clusters of a template.

use crate::resolve::{Found, Scenario, Text};
use crate::template::Entry;
use crate::text::Span;

/// A cluster that the template creates, in one scenario.
#[derive(Clone, Debug)]
pub struct Cluster<'t> {
    /// Its logical id.
    pub id: &'t str,
    /// Where the id stands.
    pub span: Span,
    /// `ClusterName`: `None` when AWS makes the name up, an unknown symbol when only deployment can tell.
    pub name: Option<Text<'t>>,
}

/// The clusters that exist in this scenario, and those of which it cannot be told.
#[must_use]
pub fn clusters<'t>(scenario: &Scenario<'_, 't>) -> Vec<Cluster<'t>> {
    let all = scenario.template().resources_of(&["AWS::ECS::Cluster"]);
    all.filter(|it| scenario.exists(it) != Some(false)).map(|it| cluster(scenario, it)).collect()
}

fn cluster<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Cluster<'t> {
    let unknown = || Text::symbol(crate::resolve::Symbol::Unknown, resource.key.span());
    let name = match scenario.property(resource, &["ClusterName"]) {
        Found::Absent => None,
        Found::Node(node) => Some(scenario.text(node).unwrap_or_else(unknown)),
        Found::Unknown => Some(unknown()),
    };
    Cluster { id: resource.id, span: resource.key.span(), name }
}
