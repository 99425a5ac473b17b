//! The order in which resources are made.

use std::collections::HashSet;

use crate::rule::Facts;
use crate::template::Block;

/// The resources that come after one of `ids`, by whatever they name, and those themselves.
pub(super) fn after<'t>(facts: &Facts<'_, 't>, ids: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    let mut waiting: Vec<&'t str> = ids.collect();
    let mut res: HashSet<&'t str> = waiting.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        for reference in facts.references_to(at).filter(|it| it.site.block == Block::Resources) {
            if res.insert(reference.site.id) {
                waiting.push(reference.site.id);
            }
        }
    }
    res
}
