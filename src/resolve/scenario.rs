//! Scenarios: one question, asked once for every reachable way in which the conditions behind it can stand.
//!
//! A question is a function that asks a [`Scenario`]. When it asks for a condition that may hold or not, its answer
//! is thrown away and it is asked twice again, with the condition assumed either way. So only the conditions that
//! matter to the question multiply, and each scenario names just those.

mod facet;

pub use facet::Facet;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::condition::{self, Assumed, Compared, Possible, Valuation};
use super::eval::{Choice, Eval, Lookup, Variable};
use super::{MAX_EFFORT, MAX_SCENARIOS, Text, Value};
use crate::diagnostic::Assumptions;
use crate::syntax::{Kind, Node};
use crate::template::{Entry, Expr, Operand, Template, expr};

/// A template with what the user said about it.
#[derive(Debug)]
pub struct World<'t> {
    /// The template.
    pub template: Template<'t>,
    given: BTreeMap<String, String>,
    region: Option<String>,
    compared: Compared<'t>,
    /// The steps that were taken for all answers so far.
    effort: Cell<u64>,
}

/// One way in which the conditions may stand.
pub struct Scenario<'w, 't> {
    world: &'w World<'t>,
    assumed: Assumed<'t>,
    /// Values behind what is assumed; worked out when the first parameter is asked for.
    witness: OnceCell<Valuation<'t>>,
    /// A condition that was asked for and may hold or not.
    open: Cell<Option<(&'t str, bool)>>,
    /// Too many scenarios: what is not assumed stays unknown.
    closed: bool,
    used: RefCell<Used<'t>>,
    decided: RefCell<HashMap<&'t str, Option<bool>>>,
}

/// The assumptions that were asked for.
#[derive(Default)]
struct Used<'t> {
    names: BTreeSet<&'t str>,
    /// An answer may rest on any of them.
    all: bool,
}

/// What stands at a path of properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'t> {
    /// This.
    Node(Node<'t>),
    /// Nothing, or `AWS::NoValue`.
    Absent,
    /// Only deployment can tell.
    Unknown,
}

/// The answers to one question.
#[derive(Debug)]
pub struct Explored<'t, T> {
    /// An answer for each scenario, the default one first. The scenarios cover all that is reachable.
    pub answers: Vec<(Assumed<'t>, T)>,
    /// There were more than [`MAX_SCENARIOS`]: some answers were given with unknown conditions.
    pub bounded: bool,
}

impl<'t> World<'t> {
    /// A template with parameter values and a region that were given.
    #[must_use]
    pub fn new(template: Template<'t>, given: BTreeMap<String, String>, region: Option<String>) -> World<'t> {
        let compared = Compared::new(&template);
        World { template, given, region, compared, effort: Cell::new(0) }
    }

    /// The region that was given.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The value of a parameter before any scenario: given, else its default.
    #[must_use]
    pub fn parameter_value(&self, name: &str) -> Option<Text<'t>> {
        let parameter = self.template.parameters.get(name)?;
        match self.given.get(name) {
            Some(value) => Some(Text::decoded(value, parameter.key.span())),
            None => {
                let default = parameter.node.get("Default").filter(|it| it.kind() == Kind::Scalar)?;
                Some(Text::of(default))
            }
        }
    }

    /// Whether the user gave the parameter a value.
    #[must_use]
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// `Type` of a parameter; empty when there is none.
    #[must_use]
    pub fn parameter_type(&self, name: &str) -> &'t str {
        self.template.parameters.get(name).and_then(|it| it.node.get("Type")).map_or("", Node::text)
    }

    /// Whether a part of the text is the value of a parameter that `NoEcho` hides.
    #[must_use]
    pub fn hides(&self, text: &Text<'_>) -> bool {
        let hidden =
            |it: &&Entry<'_>| it.node.get("NoEcho").is_some_and(|it| it.text().eq_ignore_ascii_case("true"));
        let mut hidden = self.template.parameters.iter().filter(hidden);
        hidden.any(|it| {
            let whole = it.key.span().to(it.node.span());
            text.pieces().iter().any(|it| whole.to(it.source) == whole)
        })
    }

    /// Whether CloudFormation refuses an empty value for the parameter.
    pub(super) fn must_not_be_empty(&self, name: &str) -> bool {
        let min = self.template.parameters.get(name).and_then(|it| it.node.get("MinLength"));
        min.is_some_and(|it| it.text() != "0") || self.parameter_type(name).starts_with("AWS::")
    }

    /// Takes some steps, and says whether there were any left. Where there were none the answer is unknown.
    pub fn spend(&self, steps: usize) -> bool {
        let spent = self.effort.get().saturating_add(steps as u64);
        self.effort.set(spent);
        spent <= MAX_EFFORT
    }

    /// Whether [`MAX_EFFORT`] was reached: what was asked since then is unknown.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.effort.get() > MAX_EFFORT
    }

    /// The steps that were taken so far.
    #[must_use]
    pub fn effort(&self) -> u64 {
        self.effort.get()
    }

    pub(super) fn compared(&self) -> &Compared<'t> {
        &self.compared
    }
}

/// What is assumed, with names of its own.
#[must_use]
pub fn assumptions(assumed: &Assumed<'_>) -> Assumptions {
    assumed.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

/// Asks `question` in every reachable scenario.
pub fn explore<'t, T>(
    world: &World<'t>,
    mut question: impl FnMut(&Scenario<'_, 't>) -> T,
) -> Explored<'t, T> {
    let mut res = Explored { answers: Vec::new(), bounded: false };
    let mut waiting = vec![Assumed::new()];
    while let Some(assumed) = waiting.pop() {
        let closed = res.answers.len() + waiting.len() >= MAX_SCENARIOS || world.is_spent();
        let scenario = Scenario::new(world, assumed, closed);
        let answer = question(&scenario);
        match scenario.open.get() {
            Some((name, by_default)) => {
                for value in [!by_default, by_default] {
                    let mut assumed = scenario.assumed.clone();
                    assumed.insert(name, value);
                    waiting.push(assumed);
                }
            }
            None => {
                res.bounded |= closed;
                res.answers.push((scenario.assumed, answer));
            }
        }
    }
    res
}

/// Asks `question` in the default scenario only: the first that [`explore`] answers.
pub fn by_default<'t, T>(
    world: &World<'t>,
    mut question: impl FnMut(&Scenario<'_, 't>) -> T,
) -> (Assumptions, T) {
    let mut assumed = Assumed::new();
    loop {
        let closed = assumed.len() >= MAX_SCENARIOS || world.is_spent();
        let scenario = Scenario::new(world, assumed.clone(), closed);
        let answer = question(&scenario);
        match scenario.open.get() {
            Some((name, value)) => {
                assumed.insert(name, value);
            }
            None => return (assumptions(&scenario.assumed), answer),
        }
    }
}

impl<'w, 't> Scenario<'w, 't> {
    fn new(world: &'w World<'t>, assumed: Assumed<'t>, closed: bool) -> Scenario<'w, 't> {
        world.spend(4 * (1 + assumed.len()));
        Scenario {
            world,
            assumed,
            witness: OnceCell::new(),
            open: Cell::new(None),
            closed,
            used: RefCell::default(),
            decided: RefCell::default(),
        }
    }

    /// The template and what was given.
    #[must_use]
    pub fn world(&self) -> &'w World<'t> {
        self.world
    }

    /// The template.
    #[must_use]
    pub fn template(&self) -> &'w Template<'t> {
        &self.world.template
    }

    /// The conditions that are assumed.
    #[must_use]
    pub fn assumed(&self) -> &Assumed<'t> {
        &self.assumed
    }

    /// Whether a condition holds; `None` when only deployment can tell.
    #[must_use]
    pub fn holds(&self, name: &str) -> Option<bool> {
        let name = self.world.template.conditions.get(name)?.id;
        if let Some(value) = self.assumed.get(name) {
            self.used.borrow_mut().names.insert(name);
            return Some(*value);
        }
        if let Some(value) = self.decided.borrow().get(name) {
            self.used.borrow_mut().all = true;
            return *value;
        }
        let value = match condition::possible(self.world, &self.assumed, name) {
            Possible::Only(value) => {
                // It may be so because of what is assumed.
                self.used.borrow_mut().all = true;
                Some(value)
            }
            Possible::Both(by_default) => {
                if !self.closed && self.open.get().is_none() {
                    self.open.set(Some((name, by_default)));
                }
                None
            }
            Possible::Unknown => None,
        };
        self.decided.borrow_mut().insert(name, value);
        value
    }

    /// Whether a resource is created; `None` when only deployment can tell.
    #[must_use]
    pub fn exists(&self, resource: &Entry<'t>) -> Option<bool> {
        resource.condition().map_or(Some(true), |it| self.holds(it.text()))
    }

    /// What stands under `path` below `node`, each `Fn::If` on the way decided.
    #[must_use]
    pub fn find(&self, node: Node<'t>, path: &[&str]) -> Found<'t> {
        let mut at = self.settle(node);
        for key in path {
            let Found::Node(node) = at else { return at };
            if !self.world.spend(1) {
                return Found::Unknown;
            }
            let Expr::Map(map) = expr(node) else { return Found::Unknown };
            at = match map.get(key) {
                Some(child) => self.settle(child),
                // A macro may add anything here.
                None if map.get("Fn::Transform").is_some() => Found::Unknown,
                None => Found::Absent,
            };
        }
        at
    }

    /// A property of a resource.
    #[must_use]
    pub fn property(&self, resource: &Entry<'t>, path: &[&str]) -> Found<'t> {
        match resource.properties() {
            Some(node) => self.find(node, path),
            None if resource.node.get("Fn::Transform").is_some() => Found::Unknown,
            None => Found::Absent,
        }
    }

    /// The items below a list, each `Fn::If` decided; `None` when it is no plain list.
    #[must_use]
    pub fn items(&self, list: Node<'t>) -> Option<Vec<Found<'t>>> {
        let Found::Node(list) = self.settle(list) else { return None };
        let Expr::List(list) = expr(list) else { return None };
        Some(list.items().map(|it| self.settle(it)).filter(|it| *it != Found::Absent).collect())
    }

    /// The value of a node.
    #[must_use]
    pub fn value(&self, operand: impl Into<Operand<'t>>) -> Value<'t> {
        Eval { world: self.world, lookup: self }.value(operand)
    }

    /// The text of a node; `None` when it is none, or unknown as a whole.
    #[must_use]
    pub fn text(&self, operand: impl Into<Operand<'t>>) -> Option<Text<'t>> {
        match self.value(operand) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a property.
    #[must_use]
    pub fn property_text(&self, resource: &Entry<'t>, path: &[&str]) -> Option<Text<'t>> {
        match self.property(resource, path) {
            Found::Node(node) => self.text(node),
            _ => None,
        }
    }

    /// Decides the `Fn::If`s at the top of a node.
    fn settle(&self, node: Node<'t>) -> Found<'t> {
        let mut node = node;
        loop {
            match expr(node) {
                Expr::If { condition, then, otherwise } => match self.holds(condition.text()) {
                    Some(true) => node = then,
                    Some(false) => node = otherwise,
                    None => return Found::Unknown,
                },
                Expr::Ref(name) if name.node.text() == "AWS::NoValue" => return Found::Absent,
                Expr::Alias(_) => return Found::Unknown,
                _ => return Found::Node(node),
            }
        }
    }
}

impl<'t> Lookup<'t> for Scenario<'_, 't> {
    fn choice(&self, variable: Variable<'t>) -> Option<Choice<'t>> {
        // A pseudo parameter keeps its name: what it is called decides what is compared with it.
        let named = matches!(variable, Variable::Pseudo(_));
        if named {
            return None;
        }
        let witness = self.witness.get_or_init(|| condition::witness(self.world, &self.assumed));
        witness.get(&variable).cloned()
    }

    fn condition(&self, name: &'t str) -> Option<bool> {
        self.holds(name)
    }
}
