//! The order in which resources are made.

use std::collections::{HashMap, HashSet};

use crate::rule::Facts;
use crate::template::{Block, Target};

/// The resources that come after one of `ids`, by whatever they name, and those themselves.
pub(super) fn after<'t>(facts: &Facts<'_, 't>, ids: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    let mut named_by: HashMap<&str, Vec<&'t str>> = HashMap::new();
    for reference in facts.references().iter().filter(|it| it.site.block == Block::Resources) {
        let name = match reference.target {
            Target::Value(name) | Target::Resource(name) => name.text,
            Target::Attribute { resource, .. } => resource.text,
            _ => continue,
        };
        named_by.entry(name).or_default().push(reference.site.id);
    }
    let mut waiting: Vec<&'t str> = ids.collect();
    let mut res: HashSet<&'t str> = waiting.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        for id in named_by.get(at).into_iter().flatten() {
            if res.insert(id) {
                waiting.push(id);
            }
        }
    }
    res
}
