//! Mappings whose keys are known: each key is one row of a table, from which reading, the schema for editors and
//! `ecslint config` are made.

use serde_json::json;

use super::read::{Line, Setting, entries};
use super::{Problem, problem};
use crate::syntax::{Kind, Node};
use crate::text::near;

/// A mapping whose keys are known.
pub(super) trait Keyed: Sized + 'static {
    /// What it is: "a policy".
    const WHAT: &'static str;
    /// Its keys.
    const KEYS: &'static [Key<Self>];
}

/// A key: what it is for, and its place in what is read.
pub(super) struct Key<C: 'static> {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) read: fn(&mut C, Node<'_>, &mut Vec<Problem>),
    pub(super) schema: fn() -> serde_json::Value,
    pub(super) show: fn(&C) -> Vec<Line>,
}

/// The table of keys of a type, each with its field.
macro_rules! keys {
    ($owner:ty; $($name:literal $field:ident: $help:literal,)*) => {
        &[$($crate::config::keys::Key {
            name: $name,
            help: $help,
            read: |owner: &mut $owner, node, problems| owner.$field.read($name, node, problems),
            schema: || $crate::config::keys::schema_of(|owner: &$owner| &owner.$field),
            show: |owner: &$owner| owner.$field.show(),
        },)*]
    };
}

pub(super) use keys;

pub(super) fn schema_of<C, T: Setting>(_: fn(&C) -> &T) -> serde_json::Value {
    T::schema()
}

impl<C: Keyed> Setting for C {
    fn read(&mut self, _key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() != Kind::Mapping {
            return problems.push(problem(node, format!("{} is a mapping: `KEY: VALUE`", C::WHAT)));
        }
        for (key, value) in entries(node, problems) {
            match C::KEYS.iter().find(|it| it.name == key.text()) {
                Some(known) => (known.read)(self, value, problems),
                None => problems.push(unknown::<C>(key)),
            }
        }
    }

    fn schema() -> serde_json::Value {
        let property = |key: &Key<C>| {
            let mut schema = (key.schema)();
            schema["description"] = key.help.into();
            (key.name.to_owned(), schema)
        };
        let properties: serde_json::Map<_, _> = C::KEYS.iter().map(property).collect();
        json!({"type": "object", "properties": properties, "additionalProperties": false})
    }

    fn show(&self) -> Vec<Line> {
        let mut res = Vec::new();
        for key in C::KEYS {
            match (key.show)(self).as_slice() {
                [] => {}
                [one] if one.depth == 0 => {
                    res.push(Line { text: format!("{}: {}", key.name, one.text), ..one.clone() });
                }
                many => {
                    res.push(Line { depth: 0, text: format!("{}:", key.name), by: None });
                    res.extend(many.iter().cloned());
                }
            }
        }
        res
    }
}

fn unknown<C: Keyed>(key: Node<'_>) -> Problem {
    let names = C::KEYS.iter().map(|it| it.name);
    let help = match near(key.text(), names.clone(), 1).first() {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Problem { span: key.span(), message: format!("unknown key `{}`; {help}", key.text()) }
}
