//! The order in which resources are made.

use std::collections::HashSet;

use crate::rule::Facts;
use crate::template::{Block, MAX_REFERENCES};

/// The resources that may come after one of `ids`, by whatever they name, and those themselves. All of them where the
/// way is too long to follow.
pub(super) fn after<'t>(facts: &Facts<'_, 't>, ids: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    let mut waiting: Vec<&'t str> = ids.collect();
    let mut res: HashSet<&'t str> = waiting.iter().copied().collect();
    let all = || facts.template().resources.iter().map(|it| it.id).collect();
    if facts.references().len() >= MAX_REFERENCES {
        return all();
    }
    while let Some(at) = waiting.pop() {
        if !facts.world.spend(1) {
            return all();
        }
        for reference in facts.references_to(at).filter(|it| it.site.block == Block::Resources) {
            if res.insert(reference.site.id) {
                waiting.push(reference.site.id);
            }
        }
    }
    res
}
