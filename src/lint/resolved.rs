//! The template as it will be: its resources with the values that are known, for programs of other people.
//!
//! It is that of the default scenario: parameters as given or by default, conditions as they follow from them.

use super::story::{Story, stories};
use super::{Options, read, verdicts};
use crate::diagnostic::Assumptions;
use crate::model::{FleetReport, clusters};
use crate::resolve::{Found, Scenario, Symbol, Text, Value, World, by_default};
use crate::rule::Facts;
use crate::syntax::{Meaning, Node, Parse, meaning};
use crate::template::{Entry, Expr, Operand, Template, counting, expr};
use crate::text::Span;

/// No more values than this are shown; those behind it are unknown, and a flag says so.
pub const MAX_VALUES: usize = 100_000;

/// A template with its values.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The region that it is for, when that was said.
    pub region: Option<String>,
    /// What is assumed: the conditions of the default scenario, as far as they matter.
    pub assumptions: Assumptions,
    /// The resources that are there, in the order of the text.
    pub resources: Vec<Member>,
    /// The fleets, over all scenarios.
    pub fleets: Vec<FleetReport>,
    /// The clusters, by logical id, each with its name as far as it is known; none: AWS makes one up.
    pub clusters: Vec<(String, Option<Known>)>,
    /// What each launch source does when it boots.
    pub boots: Vec<Story>,
    /// Not all values are there: there were too many, or it was too much work.
    pub is_cut: bool,
}

/// A key and what stands behind it.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub value: Known,
}

/// A value, as far as it is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it stands; of a value from a parameter or mapping, where that is used.
    pub span: Span,
    /// What it is.
    pub is: Is,
}

/// What a [`Known`] is.
#[derive(Clone, Debug)]
pub enum Is {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Known>),
    /// A mapping, in the order of the text.
    Map(Vec<Member>),
    /// Only deployment can tell, or it is secret.
    Unknown {
        /// As far as it is known: `${Env}-web`.
        text: Option<String>,
        /// The resource that it names, when it is nothing but its name or an attribute.
        resource: Option<String>,
        /// The attribute of that resource.
        attribute: Option<String>,
        /// `NoEcho` hides it.
        secret: bool,
    },
}

/// The values of a template; `None` when the bytes are no template that can be read to its end.
#[must_use]
pub fn resolved(bytes: &[u8], options: &Options) -> Option<Resolved> {
    let boots = stories(bytes, options)?;
    read(bytes, |parse, root| Resolved { boots, ..of(parse, root, options) })
}

/// All but what boots do.
fn of<'t>(parse: &Parse<'t>, root: Node<'t>, options: &Options) -> Resolved {
    let world = World::new(Template::new(root), options.parameters.clone(), options.region.clone());
    let facts = Facts::new(parse, &world, options.money()).in_house(&options.house);
    // What is reckoned first is known best.
    let fleets = verdicts::fleets(&facts);
    let (assumptions, (resources, clusters, left)) = by_default(&world, |scenario| {
        let mut reader = Reader { scenario, left: MAX_VALUES };
        let there = world.template.resources.iter().filter(|it| scenario.exists(it) != Some(false));
        let resources: Vec<_> = there.map(|it| reader.resource(it)).collect();
        let name = |it: &crate::model::Cluster<'_>| {
            let id = it.id.to_owned();
            (id, it.name.as_ref().map(|name| Known { span: it.span, is: text(scenario, name) }))
        };
        (resources, clusters(scenario).iter().map(name).collect(), reader.left)
    });
    Resolved {
        region: options.region.clone(),
        assumptions,
        resources,
        fleets,
        clusters,
        boots: Vec::new(),
        is_cut: left == 0 || world.is_spent(),
    }
}

struct Reader<'s, 'w, 't> {
    scenario: &'s Scenario<'w, 't>,
    /// How many values may follow.
    left: usize,
}

impl<'t> Reader<'_, '_, 't> {
    fn resource(&mut self, entry: &Entry<'t>) -> Member {
        // Its own mapping is never a call, whatever it has for keys.
        let value = Known { span: entry.node.span(), is: self.map(entry.node) };
        Member { key: entry.id.to_owned(), span: entry.key.span(), value }
    }

    /// The value of a node; `None` for `AWS::NoValue`.
    fn node(&mut self, node: Node<'t>) -> Option<Known> {
        let span = node.full_span();
        let known = |is| Some(Known { span, is });
        if self.left == 0 {
            return known(nothing_known());
        }
        self.left -= 1;
        let settled = match self.scenario.find(node, &[]) {
            Found::Absent => return None,
            Found::Unknown => return known(nothing_known()),
            Found::Node(settled) => settled,
        };
        known(match expr(settled) {
            Expr::Scalar(scalar) => match meaning(scalar) {
                Meaning::Null => Is::Null,
                Meaning::Bool(it) => Is::Bool(it),
                Meaning::Integer(it) => i64::try_from(it).map_or_else(|_| plain(scalar), Is::Integer),
                Meaning::Float => number(scalar.text()).unwrap_or_else(|| plain(scalar)),
                Meaning::Timestamp | Meaning::Text => return self.value(span, scalar),
            },
            Expr::List(list) => Is::List(list.items().filter_map(|it| self.node(it)).collect()),
            Expr::Map(map) => self.map(map),
            Expr::Ref(Operand { node: name, .. })
                if self.scenario.world().parameter_type(name.text()) == "Number" =>
            {
                let value = self.value(span, settled)?;
                match &value.is {
                    Is::Text(text) => number(text).unwrap_or(value.is),
                    _ => value.is,
                }
            }
            _ => return self.value(span, settled),
        })
    }

    fn map(&mut self, map: Node<'t>) -> Is {
        let member = |(key, value): (Node<'t>, Node<'t>)| {
            let value = self.node(value)?;
            Some(Member { key: key.text().to_owned(), span: key.span(), value })
        };
        Is::Map(counting(map).filter_map(member).collect())
    }

    /// The value of a text or a function.
    fn value(&mut self, span: Span, node: Node<'t>) -> Option<Known> {
        self.known(span, self.scenario.value(node))
    }

    fn known(&mut self, span: Span, value: Value<'t>) -> Option<Known> {
        let is = match value {
            Value::Text(it) => text(self.scenario, &it),
            Value::List(values) => {
                let n_values = values.len();
                self.left = self.left.saturating_sub(n_values);
                Is::List(values.into_iter().filter_map(|it| self.known(span, it)).collect())
            }
            Value::Map(node) => return self.node(node).map(|it| Known { span, ..it }),
            Value::Nothing => return None,
            Value::Unknown => nothing_known(),
        };
        Some(Known { span, is })
    }
}

/// A scalar as it is written.
fn plain(node: Node<'_>) -> Is {
    Is::Text(node.text().to_owned())
}

fn number(text: &str) -> Option<Is> {
    let text = text.trim();
    let float = || text.parse().ok().filter(|it: &f64| it.is_finite()).map(Is::Float);
    text.parse().ok().map(Is::Integer).or_else(float)
}

fn nothing_known() -> Is {
    Is::Unknown { text: None, resource: None, attribute: None, secret: false }
}

fn text(scenario: &Scenario<'_, '_>, text: &Text<'_>) -> Is {
    if scenario.world().hides(text) {
        return Is::Unknown { text: None, resource: None, attribute: None, secret: true };
    }
    if let Some(known) = text.known() {
        return Is::Text(known.to_owned());
    }
    let (resource, attribute) = match text.only_symbol() {
        Some(Symbol::Resource(id)) => (Some((*id).to_owned()), None),
        Some(Symbol::Attribute { resource, attribute }) => {
            (Some((*resource).to_owned()), Some((*attribute).to_owned()))
        }
        _ => (None, None),
    };
    Is::Unknown { text: Some(text.display()), resource, attribute, secret: false }
}
