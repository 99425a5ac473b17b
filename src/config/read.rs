//! The shapes that a setting can have: one value, a list, a mapping.

use serde_json::json;

use super::values::Value;
use super::{By, Problem, Said, problem};
use crate::syntax::{Kind, Node};

/// Something that stands behind a key.
pub trait Setting {
    /// Reads it; what is wrong goes to `problems`.
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>);

    /// Its schema.
    fn schema() -> serde_json::Value;

    /// Its lines as YAML; one of depth 0 stands behind its key.
    fn show(&self) -> Vec<Line>;
}

/// A line of YAML.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// How deep it is indented.
    pub depth: usize,
    /// The line.
    pub text: String,
    /// Who said it; nobody where it is only a heading.
    pub by: Option<By>,
}

/// Keys that the user names, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<K, V>(Vec<(Said<K>, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map(Vec::new())
    }
}

impl<K: PartialEq, V> Map<K, V> {
    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = (&Said<K>, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|it| &mut it.1)
    }

    /// Sets an entry.
    pub fn set(&mut self, key: Said<K>, value: V) {
        self.0.retain(|it| it.0.value != key.value);
        self.0.push((key, value));
    }

    /// The entries of both; of those with the same key the one in `self`.
    #[must_use]
    pub fn over(self, mut below: Map<K, V>) -> Map<K, V> {
        for (key, value) in self.0 {
            below.set(key, value);
        }
        below
    }
}

impl<T: Value> Setting for Option<Said<T>> {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        *self = one(key, node, problems);
    }

    fn schema() -> serde_json::Value {
        T::schema()
    }

    fn show(&self) -> Vec<Line> {
        self.iter().map(|it| Line { depth: 0, text: yaml(&it.value), by: Some(it.by) }).collect()
    }
}

impl<T: Value> Setting for Vec<Said<T>> {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() != Kind::Sequence {
            problems.push(problem(node, format!("`{key}` has to be a list, each {}", T::WANTED)));
        }
        self.extend(node.items().filter_map(|it| one(key, it, problems)));
    }

    fn schema() -> serde_json::Value {
        json!({"type": "array", "items": T::schema()})
    }

    fn show(&self) -> Vec<Line> {
        let line = |it: &Said<T>| Line { depth: 1, text: format!("- {}", yaml(&it.value)), by: Some(it.by) };
        self.iter().map(line).collect()
    }
}

impl<K: Value + PartialEq, V: Setting + Default> Setting for Map<K, V> {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() != Kind::Mapping {
            problems.push(problem(node, format!("`{key}` has to be a mapping; a key is {}", K::WANTED)));
        }
        for (name, node) in entries(node, problems) {
            let mut value = V::default();
            value.read(name.text(), node, problems);
            if let Some(name) = one(key, name, problems) {
                self.set(name, value);
            }
        }
    }

    fn schema() -> serde_json::Value {
        let mut keys = K::schema();
        if let Some(keys) = keys.as_object_mut() {
            // A key is text whatever it says.
            keys.remove("type");
        }
        json!({"type": "object", "propertyNames": keys, "additionalProperties": V::schema()})
    }

    fn show(&self) -> Vec<Line> {
        let mut res = Vec::new();
        for (key, value) in &self.0 {
            let name = yaml(&key.value);
            match value.show().as_slice() {
                [] => {}
                [one] if one.depth == 0 => {
                    res.push(Line { depth: 1, text: format!("{name}: {}", one.text), by: one.by });
                }
                many => {
                    res.push(Line { depth: 1, text: format!("{name}:"), by: None });
                    res.extend(many.iter().map(|it| Line { depth: it.depth + 1, ..it.clone() }));
                }
            }
        }
        res
    }
}

/// The entries of a mapping; a key that stands twice is a problem.
pub(super) fn entries<'t>(node: Node<'t>, problems: &mut Vec<Problem>) -> Vec<(Node<'t>, Node<'t>)> {
    let mut seen: Vec<&str> = Vec::new();
    let mut res = Vec::new();
    for (key, value) in node.entries() {
        if seen.contains(&key.text()) {
            problems.push(problem(key, "this key stands twice"));
        } else {
            seen.push(key.text());
            res.push((key, value));
        }
    }
    res
}

pub(super) fn one<T: Value>(key: &str, node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Said<T>> {
    let read = if node.kind() == Kind::Scalar && node.tag().is_none() {
        T::parse(node.text())
    } else {
        Err(String::new())
    };
    match read {
        Ok(value) => return Some(Said { value, by: By::Text(node.span()) }),
        Err(why) if why.is_empty() => {
            problems.push(problem(node, format!("`{key}` has to be {}", T::WANTED)));
        }
        Err(why) => problems.push(problem(node, why)),
    }
    None
}

/// A value as YAML reads it back.
pub(super) fn yaml(value: &impl Value) -> String {
    let text = value.show();
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/' | ':');
    let first = text.chars().next().unwrap_or(' ');
    let bare = !value.is_text()
        || (first.is_ascii_alphabetic() && text.chars().all(is_plain) && !text.ends_with(':'))
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                .contains(&text.to_ascii_lowercase().as_str());
    // JSON is YAML, and has an escape for everything.
    if bare { text } else { json!(text).to_string() }
}
