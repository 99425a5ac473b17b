//! The shapes of resource types: which property holds what.
//!
//! A row of the table is a mapping: `TYPE` for the properties of a resource, `TYPE#NAME` for one inside. It lists
//! properties as `NAME=KIND`, `NAME!=KIND` for one that must be there, `*=KIND` for any other name. A kind is letters
//! for the scalars that may stand there (`s` string, `n` number, `b` boolean), then what else may: `o` a mapping of
//! no known shape, `@NAME` a mapping of this row, `{}KIND` a mapping of names to this, `[]KIND` a list of this.

use super::sources::{self, Source};
use super::table::Table;

const SCHEMAS: Table = Table(include_str!("data/schemas.tsv"));

/// What may stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// A string.
    pub string: bool,
    /// A number, whole or not.
    pub number: bool,
    /// A boolean.
    pub boolean: bool,
    /// A mapping or a list.
    pub structure: bool,
}

/// Whether a scalar at a path of properties can only be a string; `None` when the type or the path is not listed.
///
/// Lists do not count in the path: what is said of a list's path is true of its items. An index in it does no harm.
#[must_use]
pub fn wants_string(type_name: &str, path: &[&str]) -> Option<bool> {
    let kinds = Kinds::of(items(kind(type_name, path)?));
    (kinds.string || kinds.number || kinds.boolean).then_some(kinds.string && !kinds.number && !kinds.boolean)
}

/// What may stand at a path of properties; `None` when the type or the path is not listed.
#[must_use]
pub fn kinds(type_name: &str, path: &[&str]) -> Option<Kinds> {
    Some(Kinds::of(kind(type_name, path)?))
}

/// The properties that the mapping at a path must have; `None` when the type or the path is not listed, or no mapping
/// of a known shape is there.
#[must_use]
pub fn required(type_name: &str, path: &[&str]) -> Option<Vec<&'static str>> {
    let properties = match path {
        [] => row(type_name, "")?,
        _ => row(type_name, items(kind(type_name, path)?).split_once('@')?.1)?,
    };
    let required = |it: &'static str| it.split_once('=')?.0.strip_suffix('!');
    Some(properties.split(' ').filter_map(required).collect())
}

/// The properties of the mapping at a path; `None` when the type or the path is not listed, or no mapping of a known
/// shape is there.
#[must_use]
pub fn names(type_name: &str, path: &[&str]) -> Option<Vec<&'static str>> {
    let mapping = match path {
        [] => "",
        _ => items(kind(type_name, path)?).split_once('@')?.1,
    };
    let name = |it: &'static str| it.split_once('=').map(|it| it.0.trim_end_matches('!'));
    Some(row(type_name, mapping)?.split(' ').filter_map(name).filter(|it| *it != "*").collect())
}

/// The properties of a resource; `None` when the type is not listed.
pub fn properties(type_name: &str) -> Option<impl Iterator<Item = &'static str>> {
    let name = |it: &'static str| it.split_once('=').map(|it| it.0.trim_end_matches('!'));
    Some(row(type_name, "")?.split(' ').filter_map(name).filter(|it| *it != "*"))
}

/// The resource types that are listed, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    SCHEMAS.rows().map(|it| it.key).filter(|it| !it.contains('#'))
}

/// Where the shapes come from, and their date.
#[must_use]
pub fn source() -> Source {
    sources::of_table("schemas")
}

impl Kinds {
    fn of(kind: &str) -> Kinds {
        let scalars = scalars(kind);
        Kinds {
            string: scalars.contains('s'),
            number: scalars.contains('n'),
            boolean: scalars.contains('b'),
            structure: scalars.len() < kind.len(),
        }
    }
}

/// The kind of what stands at a path.
fn kind(type_name: &str, path: &[&str]) -> Option<&'static str> {
    row(type_name, "")?;
    let mut here = "@";
    for name in path {
        let is_index = name.bytes().all(|it| it.is_ascii_digit());
        if is_index && structure(here).starts_with("[]") {
            here = &structure(here)[2..];
            continue;
        }
        here = structure(items(here));
        here = match here.strip_prefix('@') {
            Some(mapping) => property(row(type_name, mapping)?, name)?,
            None => here.strip_prefix("{}")?,
        };
    }
    Some(here)
}

/// The properties of a mapping by its name; the resource itself has the empty name.
fn row(type_name: &str, mapping: &str) -> Option<&'static str> {
    // A name that no type can have would otherwise find the mapping inside a type.
    if type_name.contains('#') {
        return None;
    }
    let key = if mapping.is_empty() { type_name.to_owned() } else { format!("{type_name}#{mapping}") };
    Some(SCHEMAS.find(&key)?.fields().text())
}

/// The kind of a property in a list of properties.
fn property(properties: &'static str, name: &str) -> Option<&'static str> {
    let kind_of = |wanted: &str| {
        properties.split(' ').find_map(|it| {
            let (key, kind) = it.split_once('=')?;
            (key.strip_suffix('!').unwrap_or(key) == wanted).then_some(kind)
        })
    };
    kind_of(name).or_else(|| kind_of("*"))
}

/// The letters of a kind that stand for scalars.
fn scalars(kind: &str) -> &str {
    &kind[..kind.len() - structure(kind).len()]
}

/// What is left of a kind without its scalars.
fn structure(kind: &str) -> &str {
    kind.trim_start_matches(['s', 'n', 'b'])
}

/// The kind of the items, where a kind is a list.
fn items(mut kind: &'static str) -> &'static str {
    while let Some(item) = structure(kind).strip_prefix("[]") {
        kind = item;
    }
    kind
}

#[cfg(test)]
mod tests;
