//! Lists of names of resources: security groups, subnets, roles, policies.

use crate::resolve::{Found, Scenario, Symbol, Text, Value};
use crate::syntax::Node;
use crate::template::{Entry, Expr, expr};

/// The names in a list property, in whatever form it is written.
#[derive(Clone, Debug, Default)]
pub struct Listed<'t> {
    /// Each name, with its place.
    pub names: Vec<Text<'t>>,
    /// There may be more that only deployment can tell.
    pub unknown: bool,
}

impl<'t> Listed<'t> {
    /// The names in `found`: a list, a text with commas, or a list of mappings that have the name under `key`.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, found: Found<'t>, key: &str) -> Listed<'t> {
        let mut res = Listed::default();
        res.extend(scenario, found, key);
        res
    }

    /// Adds the names in `found`.
    pub fn extend(&mut self, scenario: &Scenario<'_, 't>, found: Found<'t>, key: &str) {
        match found {
            Found::Node(node) => self.add(scenario, node, key),
            Found::Unknown => self.unknown = true,
            Found::Absent => {}
        }
    }

    /// Whether nothing is named, as far as the template tells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.unknown
    }

    fn add(&mut self, scenario: &Scenario<'_, 't>, node: Node<'t>, key: &str) {
        match (scenario.value(node), expr(node)) {
            // The items of a symbol are not known, but those beside it are, and nobody asks for their order.
            (Value::Unknown, Expr::Split { delimiter, text }) => match scenario.text(text) {
                Some(text) => self.add_parts(&text, delimiter.text()),
                None => self.unknown = true,
            },
            (value, _) => self.add_value(scenario, value, key),
        }
    }

    fn add_value(&mut self, scenario: &Scenario<'_, 't>, value: Value<'t>, key: &str) {
        match value {
            Value::Text(text) => self.add_parts(&text, ","),
            Value::List(values) => values.into_iter().for_each(|it| self.add_value(scenario, it, key)),
            Value::Map(node) => {
                if let Found::Node(name) = scenario.find(node, &[key])
                    && let Some(text) = scenario.text(name)
                {
                    self.names.push(text);
                } else {
                    self.unknown = true;
                }
            }
            Value::Nothing => {}
            Value::Unknown => self.unknown = true,
        }
    }

    fn add_parts(&mut self, text: &Text<'t>, delimiter: &str) {
        if delimiter.is_empty() {
            return self.unknown = true;
        }
        let mut start = 0;
        for part in text.as_str().split(delimiter) {
            let from = start + (part.len() - part.trim_start().len());
            let to = from + part.trim().len();
            if from < to {
                self.names.push(text.slice(from..to));
            }
            start += part.len() + delimiter.len();
        }
    }
}

/// The resource that a text names by `Ref`, or by one of `attributes`.
#[must_use]
pub fn named_resource<'w, 't>(
    scenario: &Scenario<'w, 't>,
    text: &Text<'t>,
    attributes: &[&str],
) -> Option<&'w Entry<'t>> {
    match text.only_symbol()? {
        Symbol::Resource(id) => scenario.template().resource(id),
        Symbol::Attribute { resource, attribute } if attributes.contains(attribute) => {
            scenario.template().resource(resource)
        }
        _ => None,
    }
}

/// Whether something outside the text may change these resources: a nested stack, a custom resource or a macro
/// that gets one of them.
#[must_use]
pub fn may_be_changed(scenario: &Scenario<'_, '_>, ids: &[&str]) -> bool {
    let template = scenario.template();
    template.transforms.macros || ids.iter().any(|it| template.is_handed_on(it))
}
