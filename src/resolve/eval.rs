//! Works out the value of an expression.
//!
//! What parameters and conditions are, decides the [`Lookup`]: a scenario that assumes the conditions, or the
//! search for parameter values that make a condition true.

use std::ops::Range;

use super::{MAX_TEXT, Symbol, Text, Value, World};
use crate::syntax::{Kind, Meaning, Node, meaning};
use crate::template::{Expr, Function, Operand, SubPart, expr, sub_parts};
use crate::text::Span;

/// Something whose value is not in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variable<'t> {
    /// A parameter.
    Parameter(&'t str),
    /// `AWS::Region` and its like.
    Pseudo(&'t str),
    /// A comparison that cannot be decided, by its node.
    Comparison(u32),
}

impl<'t> Variable<'t> {
    /// What `Ref` of a name asks for.
    pub(super) fn of(name: &'t str) -> Variable<'t> {
        if name.starts_with("AWS::") { Variable::Pseudo(name) } else { Variable::Parameter(name) }
    }
}

/// A value for a [`Variable`].
#[derive(Clone, Debug)]
pub(super) enum Choice<'t> {
    /// This text.
    Known(Text<'t>),
    /// Some text that the template compares with nothing.
    Other,
    /// The outcome of a comparison.
    Outcome(bool),
}

/// What the evaluation has to ask somebody else.
pub(super) trait Lookup<'t> {
    /// The value that is assumed for a variable; `None` for its default.
    fn choice(&self, variable: Variable<'t>) -> Option<Choice<'t>>;
    /// Whether a condition holds; `None` when that cannot be told.
    fn condition(&self, name: &'t str) -> Option<bool>;
}

/// The evaluation of expressions in one [`World`] under one [`Lookup`].
pub(super) struct Eval<'a, 't> {
    pub(super) world: &'a World<'t>,
    pub(super) lookup: &'a dyn Lookup<'t>,
}

impl<'t> Eval<'_, 't> {
    /// The value of a node. Recursion is bounded by the depth of the tree.
    pub(super) fn value(&self, operand: impl Into<Operand<'t>>) -> Value<'t> {
        let operand = operand.into();
        let span = operand.node.full_span();
        // The texts that come of it are as long as those that go in, or are charged where they are made.
        if !self.world.spend(1 + operand.node.text().len() / 8) {
            return Value::Unknown;
        }
        match expr(operand) {
            Expr::Scalar(node) => scalar(node),
            Expr::List(node) => self.list(node),
            Expr::Map(node) => Value::Map(node),
            Expr::Ref(name) => self.reference_operand(name, span),
            Expr::GetAtt { resource, attribute } => {
                let attribute = attribute.map(|it| it.text);
                self.attribute(resource.text, attribute, span)
            }
            Expr::Sub { text, variables } => Value::Text(self.substitute(text, variables)),
            Expr::Join { delimiter, list } => self.join(delimiter, list),
            Expr::Select { index, list } => self.select(index, list),
            Expr::Split { delimiter, text } => self.split(delimiter, text),
            Expr::FindInMap { keys, default } => self.find_in_map(keys, default, span),
            Expr::If { condition, then, otherwise } => match self.lookup.condition(condition.text()) {
                Some(true) => self.value(then),
                Some(false) => self.value(otherwise),
                None => Value::Unknown,
            },
            Expr::Base64(operand) => self.value(operand),
            Expr::Opaque { function: Function::ImportValue | Function::GetStackOutput, operand } => {
                let name = self.text_or_symbol(operand).display();
                Value::Text(Text::symbol(Symbol::Import(name), span))
            }
            _ => Value::Unknown,
        }
    }

    /// The text of a node; an unknown symbol when it is no text or cannot be told.
    pub(super) fn text_or_symbol(&self, operand: impl Into<Operand<'t>>) -> Text<'t> {
        let operand = operand.into();
        match self.value(operand) {
            Value::Text(text) => text,
            Value::Nothing => Text::default(),
            _ => Text::symbol(Symbol::Unknown, operand.node.full_span()),
        }
    }

    fn list(&self, node: Node<'t>) -> Value<'t> {
        let values = node.items().map(|it| self.value(it));
        Value::List(values.filter(|it| !matches!(it, Value::Nothing)).collect())
    }

    fn reference_operand(&self, operand: Operand<'t>, span: Span) -> Value<'t> {
        match operand.node.kind() {
            Kind::Scalar => self.reference(operand.node.text(), span),
            _ => Value::Unknown,
        }
    }

    /// The value of `Ref name`, which stands at `span`.
    fn reference(&self, name: &'t str, span: Span) -> Value<'t> {
        if name == "AWS::NoValue" {
            return Value::Nothing;
        }
        if name.starts_with("AWS::") {
            return match self.lookup.choice(Variable::Pseudo(name)) {
                Some(Choice::Known(text)) => Value::Text(text.used_at(span)),
                _ => Value::Text(Text::symbol(Symbol::Pseudo(name), span)),
            };
        }
        if self.world.template.parameters.get(name).is_some() {
            return self.parameter(name, span);
        }
        match self.world.template.resource(name) {
            Some(resource) => Value::Text(Text::symbol(Symbol::Resource(resource.id), span)),
            None => Value::Unknown,
        }
    }

    fn parameter(&self, name: &'t str, span: Span) -> Value<'t> {
        let symbol = || Value::Text(Text::symbol(Symbol::Parameter(name), span));
        let text = match self.lookup.choice(Variable::Parameter(name)) {
            Some(Choice::Known(text)) => text,
            Some(Choice::Other | Choice::Outcome(_)) => return symbol(),
            None => match self.world.parameter_value(name) {
                Some(text) if self.world.spend(text.len() / 8) => text,
                Some(_) => return Value::Unknown,
                None => return symbol(),
            },
        };
        let text = text.used_at(span);
        match self.world.parameter_type(name) {
            // The value of an SSM parameter is known to AWS only; the text is its path.
            kind if kind.starts_with("AWS::SSM::Parameter::") => symbol(),
            kind if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
                Value::List(split_text(&text, ",").into_iter().map(Value::Text).collect())
            }
            _ => Value::Text(text),
        }
    }

    fn attribute(&self, resource: &'t str, attribute: Option<&'t str>, span: Span) -> Value<'t> {
        match (self.world.template.resource(resource), attribute) {
            (Some(_), Some(attribute)) => {
                Value::Text(Text::symbol(Symbol::Attribute { resource, attribute }, span))
            }
            _ => Value::Unknown,
        }
    }

    fn substitute(&self, node: Node<'t>, variables: Option<Node<'t>>) -> Text<'t> {
        let text = Text::of(node);
        let raw = node.text();
        let mut res = Text::default();
        let parts = sub_parts(raw);
        if !self.world.spend(4 * parts.len()) {
            return Text::symbol(Symbol::Unknown, node.span());
        }
        for part in parts {
            match part {
                SubPart::Text(range) => res.push(&dynamic(&text.slice(range))),
                SubPart::Escaped { mark, rest } => {
                    res.push(&text.slice(mark.start..mark.end - 1));
                    res.push(&text.slice(rest));
                }
                SubPart::Malformed(range) => res.push(&text.slice(range)),
                SubPart::Variable { whole, name } => {
                    let span = text.place(whole).map_or(node.span(), |it| it.span);
                    res.push(&self.variable(&raw[name], variables, span));
                }
            }
            if res.len() > MAX_TEXT {
                return Text::symbol(Symbol::Unknown, node.span());
            }
        }
        res
    }

    fn variable(&self, name: &'t str, variables: Option<Node<'t>>, span: Span) -> Text<'t> {
        if let Some(node) = variables.and_then(|it| it.get(name)) {
            return self.text_or_symbol(node);
        }
        let value = match name.split_once('.') {
            Some((resource, attribute)) => self.attribute(resource, Some(attribute), span),
            None => self.reference(name, span),
        };
        match value {
            Value::Text(text) => text,
            _ => Text::symbol(Symbol::Unknown, span),
        }
    }

    fn join(&self, delimiter: Node<'t>, list: Node<'t>) -> Value<'t> {
        let delimiter = Text::of(delimiter);
        let texts: Vec<Text<'t>> = match expr(list) {
            Expr::List(list) => {
                let text = |it: Node<'t>| match self.value(it) {
                    Value::Nothing => None,
                    Value::Text(text) => Some(text),
                    _ => Some(Text::symbol(Symbol::Unknown, it.full_span())),
                };
                list.items().filter_map(text).collect()
            }
            _ => match self.value(list) {
                Value::List(values) => values
                    .into_iter()
                    .map(|it| match it {
                        Value::Text(text) => text,
                        _ => Text::symbol(Symbol::Unknown, list.full_span()),
                    })
                    .collect(),
                _ => vec![Text::symbol(Symbol::Unknown, list.full_span())],
            },
        };
        let mut res = Text::default();
        for (idx, text) in texts.iter().enumerate() {
            if idx > 0 {
                res.push(&delimiter);
            }
            res.push(text);
            if res.len() > MAX_TEXT {
                return Value::Unknown;
            }
        }
        Value::Text(res)
    }

    fn select(&self, index: Node<'t>, list: Node<'t>) -> Value<'t> {
        let index = self.text_or_symbol(index);
        let Some(index) = index.known().and_then(|it| it.trim().parse::<usize>().ok()) else {
            return Value::Unknown;
        };
        match self.value(list) {
            Value::List(mut values) if index < values.len() => values.swap_remove(index),
            _ => Value::Unknown,
        }
    }

    fn split(&self, delimiter: Node<'t>, text: Node<'t>) -> Value<'t> {
        let text = self.text_or_symbol(text);
        // A symbol may hold the delimiter as well.
        if text.known().is_none() || delimiter.text().is_empty() {
            return Value::Unknown;
        }
        Value::List(split_text(&text, delimiter.text()).into_iter().map(Value::Text).collect())
    }

    fn find_in_map(&self, keys: [Node<'t>; 3], default: Option<Node<'t>>, span: Span) -> Value<'t> {
        let [map, first, second] = keys.map(|it| self.text_or_symbol(it));
        let Some(map) = map.known().and_then(|it| self.world.template.mappings.get(it)) else {
            return Value::Unknown;
        };
        let key = |text: &Text<'t>| match text.only_symbol() {
            Some(Symbol::Pseudo("AWS::Region")) => self.world.region().map(str::to_owned),
            _ => text.known().map(str::to_owned),
        };
        let (first, second) = (key(&first), key(&second));
        let below = |node: Node<'t>, key: &Option<String>| match key {
            Some(key) => node.get(key).into_iter().collect(),
            None => node.entries().map(|(_, value)| value).collect::<Vec<_>>(),
        };
        let rows = below(map.node, &first);
        if !self.world.spend(rows.len()) {
            return Value::Unknown;
        }
        let cells = rows.into_iter().flat_map(|row| below(row, &second));
        // No functions stand in mappings: one that names itself would never end.
        let plain =
            |node: Node<'t>| node.descendants().all(|it| matches!(expr(it), Expr::Scalar(_) | Expr::List(_)));
        let mut values = cells.map(|node| if plain(node) { self.value(node) } else { Value::Unknown });
        let found = values.next();
        let Some(found) = found else {
            return match default {
                Some(default) => self.value(default),
                None => Value::Unknown,
            };
        };
        // With a key that is not known, the value is known only when it is the same everywhere.
        let known = first.is_some() && second.is_some();
        if !known && values.any(|it| !same(&found, &it)) {
            return Value::Unknown;
        }
        used_at(found, span)
    }
}

/// A scalar as CloudFormation passes it on: booleans in lower case, `{{resolve:...}}` as a symbol.
fn scalar(node: Node<'_>) -> Value<'_> {
    match meaning(node) {
        Meaning::Null => Value::Nothing,
        Meaning::Bool(value) => {
            let text = if value { "true" } else { "false" };
            Value::Text(if node.text() == text { Text::of(node) } else { Text::decoded(text, node.span()) })
        }
        _ => Value::Text(dynamic(&Text::of(node))),
    }
}

/// Replaces dynamic references by symbols.
fn dynamic<'t>(text: &Text<'t>) -> Text<'t> {
    const START: &str = "{{resolve:";
    let raw = text.as_str();
    if !raw.contains(START) {
        return text.clone();
    }
    let mut res = Text::default();
    let mut done = 0;
    while let Some(start) = raw[done..].find(START).map(|it| done + it) {
        let Some(end) = raw[start..].find("}}").map(|it| start + it + 2) else { break };
        res.push(&text.slice(done..start));
        let span = text.place(start..end).map(|it| it.span);
        if let Some(span) = span {
            res.push(&Text::symbol(Symbol::Dynamic(raw[start..end].to_owned()), span));
        }
        done = end;
    }
    res.push(&text.slice(done..raw.len()));
    res
}

/// The parts of a text between delimiters, without blanks around them.
fn split_text<'t>(text: &Text<'t>, delimiter: &str) -> Vec<Text<'t>> {
    let raw = text.as_str();
    let mut start = 0;
    let mut res = Vec::new();
    for part in raw.split(delimiter) {
        let trimmed = part.trim_start();
        let from = start + (part.len() - trimmed.len());
        let range: Range<usize> = from..from + trimmed.trim_end().len();
        res.push(text.slice(range));
        start += part.len() + delimiter.len();
    }
    res
}

fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        _ => false,
    }
}

fn used_at(value: Value<'_>, span: Span) -> Value<'_> {
    match value {
        Value::Text(text) => Value::Text(text.used_at(span)),
        Value::List(values) => Value::List(values.into_iter().map(|it| used_at(it, span)).collect()),
        other => other,
    }
}
