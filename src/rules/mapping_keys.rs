//! The keys of all mappings, for `Fn::FindInMap`.

use std::collections::{HashMap, HashSet};

use crate::syntax::{Kind, Node};
use crate::template::{Expr, Name, Template, counting, expr};

/// The mappings of a template by their keys. What is no mapping, as far as the text tells, is `None`: it says nothing
/// about its keys.
pub(super) struct MappingKeys<'t> {
    maps: HashMap<&'t str, Option<Map<'t>>>,
}

struct Map<'t> {
    node: Node<'t>,
    rows: HashMap<&'t str, Option<Row<'t>>>,
    /// The second level keys of all rows; `None` where a row may have others.
    all_keys: Option<HashSet<&'t str>>,
}

struct Row<'t> {
    node: Node<'t>,
    keys: HashSet<&'t str>,
}

/// A key that is not there.
pub(super) struct Missing<'t> {
    /// The key.
    pub(super) name: Name<'t>,
    /// The fact.
    pub(super) message: String,
    /// The mapping whose keys are there instead.
    pub(super) instead: Option<Node<'t>>,
}

impl<'t> MappingKeys<'t> {
    pub(super) fn new(template: &Template<'t>) -> MappingKeys<'t> {
        let maps = template.mappings.iter().map(|it| (it.id, Map::new(it.node))).collect();
        MappingKeys { maps }
    }

    /// The first key of `Fn::FindInMap` that is certainly not there.
    pub(super) fn missing(&self, keys: [Node<'t>; 3], has_default: bool) -> Option<Missing<'t>> {
        let [map, first, second] = keys.map(literal);
        let map_name = map?;
        let Some(map) = self.maps.get(map_name.text) else {
            let message = format!("there is no mapping `{}`", map_name.text);
            return Some(Missing { name: map_name, message, instead: None });
        };
        let map = map.as_ref().filter(|_| !has_default)?;
        let Some(first) = first else {
            // With a top level key that only deployment tells, the second one has to be somewhere.
            let name = second?;
            let message = format!("nothing in the mapping `{}` has a key `{}`", map_name.text, name.text);
            let instead = map.node.entries().next().map(|(_, it)| it);
            return (!map.all_keys.as_ref()?.contains(name.text)).then_some(Missing {
                name,
                message,
                instead,
            });
        };
        let Some(row) = map.rows.get(first.text) else {
            let message = format!("the mapping `{}` has no key `{}`", map_name.text, first.text);
            return Some(Missing { name: first, message, instead: Some(map.node) });
        };
        let (row, name) = (row.as_ref()?, second?);
        let message =
            format!("`{}` of the mapping `{}` has no key `{}`", first.text, map_name.text, name.text);
        (!row.keys.contains(name.text)).then_some(Missing { name, message, instead: Some(row.node) })
    }
}

impl<'t> Map<'t> {
    fn new(node: Node<'t>) -> Option<Map<'t>> {
        let mut rows = HashMap::new();
        let mut all_keys = Some(HashSet::new());
        for (key, row) in keys(node)? {
            let row = Row::new(row);
            match (&mut all_keys, &row) {
                (Some(all), Some(row)) => all.extend(&row.keys),
                _ => all_keys = None,
            }
            rows.insert(key, row);
        }
        Some(Map { node, rows, all_keys })
    }
}

impl<'t> Row<'t> {
    fn new(node: Node<'t>) -> Option<Row<'t>> {
        let keys = keys(node)?.into_iter().map(|(key, _)| key).collect();
        Some(Row { node, keys })
    }
}

/// The entries by key; `None` where there may be others.
fn keys<'t>(node: Node<'t>) -> Option<Vec<(&'t str, Node<'t>)>> {
    let entries = counting(node);
    let plain = |(key, _): &(Node<'_>, Node<'_>)| key.kind() == Kind::Scalar && key.text() != "<<";
    let closed = node.kind() == Kind::Mapping && entries.clone().all(|it| plain(&it));
    closed.then(|| entries.map(|(key, value)| (key.text(), value)).collect())
}

/// The text of a key that is no function.
fn literal(node: Node<'_>) -> Option<Name<'_>> {
    match expr(node) {
        Expr::Scalar(node) => Some(Name::of(node)),
        _ => None,
    }
}
