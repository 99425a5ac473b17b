//! The order in which CloudFormation creates resources: by `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub`, and at once
//! what has no order
//! ([DependsOn](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html)).

use std::collections::{HashMap, HashSet};

use crate::rule::Facts;
use crate::template::{Block, Target};

/// The resources that come after one of `ids`, by whatever they name, and those themselves.
pub(super) fn after<'t>(facts: &Facts<'_, 't>, ids: impl Iterator<Item = &'t str>) -> HashSet<&'t str> {
    reached(named(facts).map(|(by, name)| (name, by)), ids)
}

/// The resources that `id` waits for, and itself.
pub(super) fn before<'t>(facts: &Facts<'_, 't>, id: &'t str) -> HashSet<&'t str> {
    reached(named(facts), std::iter::once(id))
}

/// Each resource with each name in it.
fn named<'t>(facts: &Facts<'_, 't>) -> impl Iterator<Item = (&'t str, &'t str)> {
    let in_resources = facts.references().iter().filter(|it| it.site.block == Block::Resources);
    in_resources.filter_map(|reference| match reference.target {
        Target::Value(name) | Target::Resource(name) => Some((reference.site.id, name.text)),
        Target::Attribute { resource, .. } => Some((reference.site.id, resource.text)),
        _ => None,
    })
}

/// What is reached from `ids`, step by step.
fn reached<'t>(
    steps: impl Iterator<Item = (&'t str, &'t str)>,
    ids: impl Iterator<Item = &'t str>,
) -> HashSet<&'t str> {
    let mut next: HashMap<&str, Vec<&'t str>> = HashMap::new();
    for (from, to) in steps {
        next.entry(from).or_default().push(to);
    }
    let mut open: Vec<&'t str> = ids.collect();
    let mut res: HashSet<&'t str> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        for id in next.get(at).into_iter().flatten() {
            if res.insert(id) {
                open.push(id);
            }
        }
    }
    res
}
