//! The order in which CloudFormation creates resources: by `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub`, and at once
//! what has no order
//! ([DependsOn](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html)).

use std::collections::HashSet;

use crate::rule::Facts;
use crate::template::{Block, MAX_REFERENCES};

/// The resources that may come after one of `ids`, by whatever they name, and those themselves. All of them where the
/// way is too long to follow.
pub(super) fn after<'t>(facts: &Facts<'_, 't>, ids: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    reached(facts, ids.collect(), |at, found| {
        let named = facts.references_to(at).filter(|it| it.site.block == Block::Resources);
        named.for_each(|it| found(it.site.id));
    })
}

/// The resources that `id` waits for, and itself. All of them where the way is too long to follow.
pub(super) fn before<'t>(facts: &Facts<'_, 't>, id: &'t str) -> HashSet<&'t str> {
    reached(facts, vec![id], |at, found| {
        facts.references_in(at).filter_map(|it| it.target.named()).for_each(found);
    })
}

/// What is reached step by step.
fn reached<'t>(
    facts: &Facts<'_, 't>,
    mut waiting: Vec<&'t str>,
    step: impl Fn(&'t str, &mut dyn FnMut(&'t str)),
) -> HashSet<&'t str> {
    let mut res: HashSet<&'t str> = waiting.iter().copied().collect();
    let is_short = facts.references().len() < MAX_REFERENCES;
    while let Some(at) = waiting.pop() {
        if !(is_short && facts.world.spend(1)) {
            return facts.template().resources.iter().map(|it| it.id).collect();
        }
        step(at, &mut |id| {
            if res.insert(id) {
                waiting.push(id);
            }
        });
    }
    res
}
