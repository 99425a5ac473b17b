//! Which truth values conditions can have together.
//!
//! Two conditions on one parameter are not independent. So instead of trying all combinations of conditions, this
//! looks for values of the parameters behind them, defaults first, and only for those that are asked for.

mod behind;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use behind::{islands, variables};

use super::eval::{Choice, Eval, Lookup, Variable};
use super::{MAX_STEPS, Symbol, Text, Value, World};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, Template, expr};

/// Values for the variables behind some conditions.
pub(super) type Valuation<'t> = BTreeMap<Variable<'t>, Choice<'t>>;

/// Conditions that are taken to hold or not.
pub type Assumed<'t> = BTreeMap<&'t str, bool>;

/// Parameters have at most so many values that are tried.
const MAX_CHOICES: usize = 24;

/// How deep conditions may name each other; also ends circles.
const MAX_NESTING: usize = 40;

/// What a condition can be when others are assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Possible {
    /// Nothing else.
    Only(bool),
    /// Both; this one comes by the defaults.
    Both(bool),
    /// The search became too long, or the condition is not there.
    Unknown,
}

/// What conditions rest on, read once from the text.
#[derive(Debug, Default)]
pub(super) struct Compared<'t> {
    /// The texts that a variable is compared with.
    texts: HashMap<Variable<'t>, BTreeSet<&'t str>>,
    /// The variables behind the conditions that were asked for.
    behind: RefCell<HashMap<&'t str, Rc<BTreeSet<Variable<'t>>>>>,
    /// For each condition those that it has to do with, perhaps.
    islands: HashMap<&'t str, Rc<BTreeSet<&'t str>>>,
    /// What was found out already.
    known: RefCell<HashMap<(Assumed<'t>, &'t str), Possible>>,
    /// Values that make conditions true that have to do with each other.
    witnesses: RefCell<HashMap<Assumed<'t>, Rc<Valuation<'t>>>>,
}

impl std::hash::Hash for Variable<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Variable::Parameter(name) | Variable::Pseudo(name) => name.hash(state),
            Variable::Comparison(node) => node.hash(state),
        }
    }
}

impl<'t> Compared<'t> {
    pub(super) fn new(template: &Template<'t>) -> Compared<'t> {
        let mut res = Compared::default();
        for condition in &template.conditions {
            for node in condition.node.descendants() {
                if let Expr::Equals(left, right) = expr(node) {
                    res.add(template, left, right);
                }
            }
        }
        res.islands = islands(template);
        res
    }

    /// The variables behind a condition, through other conditions as well.
    fn behind(&self, template: &Template<'t>, name: &'t str) -> Rc<BTreeSet<Variable<'t>>> {
        let known = self.behind.borrow().get(name).cloned();
        known.unwrap_or_else(|| {
            let condition = template.conditions.get(name);
            let res = Rc::new(condition.map(|it| variables(template, it.node)).unwrap_or_default());
            self.behind.borrow_mut().insert(name, Rc::clone(&res));
            res
        })
    }

    /// Those of the assumed conditions that have to do with `name`: they share variables with it, or with others
    /// that do.
    fn related(&self, template: &Template<'t>, assumed: &Assumed<'t>, name: &'t str) -> Assumed<'t> {
        let mut res = Assumed::new();
        let island = self.islands.get(name).into_iter().flat_map(|it| it.iter());
        let mut left: Vec<_> = island.filter_map(|it| assumed.get_key_value(it)).collect();
        if left.is_empty() {
            return res;
        }
        let mut reached = BTreeSet::clone(&self.behind(template, name));
        while let Some(next) =
            left.iter().position(|(name, _)| !self.behind(template, name).is_disjoint(&reached))
        {
            let (name, value) = left.remove(next);
            res.insert(name, *value);
            reached.extend(self.behind(template, name).iter());
        }
        res
    }

    fn add(&mut self, template: &Template<'t>, left: Node<'t>, right: Node<'t>) {
        let mut variables = Vec::new();
        let mut texts = Vec::new();
        for node in left.descendants().chain(right.descendants()) {
            match expr(node) {
                Expr::Ref(name) => variables.push(Variable::of(name.node.text())),
                Expr::FindInMap { keys, .. } => {
                    let map = template.mappings.get(keys[0].text());
                    texts.extend(map.into_iter().flat_map(|it| it.node.entries()).map(|(key, _)| key.text()));
                }
                Expr::Scalar(node) => texts.push(node.text()),
                _ => {}
            }
        }
        for variable in variables {
            self.texts.entry(variable).or_default().extend(texts.iter().take(MAX_CHOICES));
        }
    }
}

/// Values that make all that is assumed true, defaults first; what cannot be found has none.
pub(super) fn witness<'t>(world: &World<'t>, assumed: &Assumed<'t>) -> Valuation<'t> {
    let mut res = Valuation::new();
    let mut left = assumed.clone();
    // Conditions that have nothing to do with each other are solved each on its own.
    while let Some((name, value)) = left.pop_first() {
        let mut group = world.compared().related(&world.template, &left, name);
        if !group.is_empty() {
            left.retain(|name, _| !group.contains_key(name));
        }
        group.insert(name, value);
        res.extend(solved(world, group).iter().map(|(variable, choice)| (*variable, choice.clone())));
    }
    res
}

/// The witness of conditions that have to do with each other.
fn solved<'t>(world: &World<'t>, group: Assumed<'t>) -> Rc<Valuation<'t>> {
    let known = world.compared().witnesses.borrow().get(&group).cloned();
    known.unwrap_or_else(|| {
        let mut search = Search { world, assumed: &group, steps: 0 };
        let res = Rc::new(search.run(&mut Valuation::new()).unwrap_or_default());
        world.compared().witnesses.borrow_mut().insert(group, Rc::clone(&res));
        res
    })
}

/// What the condition `name` can be when others, which can hold together, are assumed.
pub(super) fn possible<'t>(world: &World<'t>, assumed: &Assumed<'t>, name: &'t str) -> Possible {
    if world.template.conditions.get(name).is_none() {
        return Possible::Unknown;
    }
    let compared = world.compared();
    let key = (compared.related(&world.template, assumed, name), name);
    if let Some(known) = compared.known.borrow().get(&key) {
        return *known;
    }
    let res = search(world, &key.0, name);
    compared.known.borrow_mut().insert(key, res);
    res
}

fn search<'t>(world: &World<'t>, assumed: &Assumed<'t>, name: &'t str) -> Possible {
    let mut can_be = [false; 2];
    for value in [false, true] {
        let mut assumed = assumed.clone();
        assumed.insert(name, value);
        let mut search = Search { world, assumed: &assumed, steps: 0 };
        can_be[usize::from(value)] = search.run(&mut Valuation::new()).is_some();
        if search.steps > MAX_STEPS || world.is_spent() {
            return Possible::Unknown;
        }
    }
    match can_be {
        [true, true] => Possible::Both(by_default(world, assumed, name)),
        [false, true] => Possible::Only(true),
        [true, false] => Possible::Only(false),
        [false, false] => Possible::Unknown,
    }
}

fn by_default<'t>(world: &World<'t>, assumed: &Assumed<'t>, name: &'t str) -> bool {
    let valuation = witness(world, assumed);
    let solver = Solver::new(world, &valuation, true);
    solver.condition(name).unwrap_or(false)
}

struct Search<'a, 't> {
    world: &'a World<'t>,
    assumed: &'a Assumed<'t>,
    steps: usize,
}

impl<'t> Search<'_, 't> {
    /// Tries the conditions; when one needs a variable that has no value yet, tries its values in turn.
    fn run(&mut self, valuation: &mut Valuation<'t>) -> Option<Valuation<'t>> {
        self.steps += 1;
        if self.steps > MAX_STEPS || !self.world.spend(4) {
            return None;
        }
        let mut needs = None;
        for (name, wanted) in self.assumed {
            let solver = Solver::new(self.world, valuation, false);
            let holds = solver.condition(name);
            needs = solver.needs.get();
            if needs.is_some() {
                break;
            }
            if holds != Some(*wanted) {
                return None;
            }
        }
        let Some(variable) = needs else { return Some(valuation.clone()) };
        for choice in choices(self.world, variable) {
            valuation.insert(variable, choice);
            if let Some(found) = self.run(valuation) {
                return Some(found);
            }
        }
        valuation.remove(&variable);
        None
    }
}

/// The values that a variable may have, its default first.
fn choices<'t>(world: &World<'t>, variable: Variable<'t>) -> Vec<Choice<'t>> {
    let compared = world.compared().texts.get(&variable).into_iter().flatten().copied();
    match variable {
        Variable::Comparison(_) => vec![Choice::Outcome(false), Choice::Outcome(true)],
        Variable::Pseudo(name) => {
            let known = match name {
                "AWS::Region" => world.region(),
                "AWS::Partition" => Some("aws"),
                "AWS::URLSuffix" => Some("amazonaws.com"),
                _ => None,
            };
            let text = |text: &str| Choice::Known(Text::decoded(text, world.template.root.span()));
            let first = known.map_or(Choice::Other, text);
            // A region that was given has no other value.
            let fixed = name == "AWS::Region" && known.is_some();
            let rest = compared.filter(|it| !fixed && Some(*it) != known).map(text);
            let other = (known.is_some() && !fixed).then_some(Choice::Other);
            std::iter::once(first).chain(other).chain(rest).take(MAX_CHOICES).collect()
        }
        Variable::Parameter(name) => {
            let first = world.parameter_value(name);
            if first.is_some() && world.is_given(name) {
                return first.into_iter().map(Choice::Known).collect();
            }
            let Some(parameter) = world.template.parameters.get(name) else { return vec![Choice::Other] };
            let known = first.as_ref().and_then(|it| it.known().map(str::to_owned));
            let mut res: Vec<_> = first.into_iter().map(Choice::Known).collect();
            match parameter.node.get("AllowedValues") {
                Some(allowed) => {
                    let all: Vec<_> = allowed.items().filter(|it| it.kind() == Kind::Scalar).collect();
                    let compared: BTreeSet<_> = compared.collect();
                    // Of a long list only what is compared with, and one other.
                    let many = all.len() > MAX_CHOICES;
                    let mut others = 0;
                    for node in all.iter().filter(|it| Some(it.text()) != known.as_deref()) {
                        let other = !compared.contains(node.text());
                        others += usize::from(other);
                        if !many || !other || others == 1 {
                            res.push(Choice::Known(Text::of(*node)));
                        }
                    }
                }
                None => {
                    let fits = |text: &&str| !(text.is_empty() && world.must_not_be_empty(name));
                    let at = parameter.key.span();
                    let compared = compared.filter(fits).filter(|it| Some(*it) != known.as_deref());
                    if known.is_none() {
                        res.push(Choice::Other);
                    }
                    res.extend(compared.map(|it| Choice::Known(Text::decoded(it, at))));
                    if known.is_some() {
                        res.push(Choice::Other);
                    }
                }
            }
            res.truncate(MAX_CHOICES);
            res
        }
    }
}

/// Evaluates conditions under a valuation.
struct Solver<'a, 't> {
    world: &'a World<'t>,
    valuation: &'a Valuation<'t>,
    /// The first variable that was asked for and has no value.
    needs: Cell<Option<Variable<'t>>>,
    /// Take the default for what has no value, instead of asking.
    defaults: bool,
    depth: Cell<usize>,
    /// Conditions that were worked out; `None` while one is, which ends circles.
    known: RefCell<HashMap<&'t str, Option<bool>>>,
}

impl<'t> Lookup<'t> for Solver<'_, 't> {
    fn choice(&self, variable: Variable<'t>) -> Option<Choice<'t>> {
        let found = self.valuation.get(&variable).cloned();
        if found.is_none() && !self.defaults && self.needs.get().is_none() {
            self.needs.set(Some(variable));
        }
        found
    }

    fn condition(&self, name: &'t str) -> Option<bool> {
        let condition = self.world.template.conditions.get(name)?;
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        if self.depth.get() > MAX_NESTING {
            return None;
        }
        self.known.borrow_mut().insert(name, None);
        self.depth.set(self.depth.get() + 1);
        let res = self.truth(condition.node);
        self.depth.set(self.depth.get() - 1);
        self.known.borrow_mut().insert(name, res);
        res
    }
}

impl<'a, 't> Solver<'a, 't> {
    fn new(world: &'a World<'t>, valuation: &'a Valuation<'t>, defaults: bool) -> Solver<'a, 't> {
        Solver {
            world,
            valuation,
            needs: Cell::new(None),
            defaults,
            depth: Cell::new(0),
            known: RefCell::default(),
        }
    }

    fn truth(&self, node: Node<'t>) -> Option<bool> {
        if self.needs.get().is_some() || !self.world.spend(2) {
            return None;
        }
        match expr(node) {
            Expr::Equals(left, right) => self.equal(node, left, right),
            Expr::Not(condition) => self.truth(condition).map(|it| !it),
            Expr::And(list) => self.all(list, true),
            Expr::Or(list) => self.all(list, false),
            Expr::Condition(name) => self.condition(name.text()),
            _ => self.outcome(node),
        }
    }

    /// `And` for `wanted`, and `Or` for its opposite: one that is not as wanted decides alone.
    fn all(&self, list: Node<'t>, wanted: bool) -> Option<bool> {
        let mut res = Some(wanted);
        for node in list.items() {
            match self.truth(node) {
                Some(holds) if holds != wanted => return Some(!wanted),
                Some(_) => {}
                None => res = None,
            }
        }
        res
    }

    fn equal(&self, node: Node<'t>, left: Node<'t>, right: Node<'t>) -> Option<bool> {
        let eval = Eval { world: self.world, lookup: self };
        let (left, right) = (eval.value(left), eval.value(right));
        if self.needs.get().is_some() {
            return None;
        }
        if let (Value::Text(left), Value::Text(right)) = (&left, &right) {
            if left == right {
                return Some(true);
            }
            match (left.known(), right.known()) {
                (Some(_), Some(_)) => return Some(false),
                // Some other text is none that it is compared with.
                (Some(_), None) if self.is_other(right) => return Some(false),
                (None, Some(_)) if self.is_other(left) => return Some(false),
                _ => {}
            }
        }
        self.outcome(node)
    }

    fn is_other(&self, text: &Text<'t>) -> bool {
        let variable = match text.only_symbol() {
            Some(Symbol::Parameter(name)) => Variable::Parameter(name),
            Some(Symbol::Pseudo(name)) => Variable::Pseudo(name),
            _ => return false,
        };
        match self.valuation.get(&variable) {
            Some(Choice::Other) => true,
            None => self.defaults,
            _ => false,
        }
    }

    /// Both outcomes are possible as far as the text tells.
    fn outcome(&self, node: Node<'t>) -> Option<bool> {
        match self.choice(Variable::Comparison(node.index())) {
            Some(Choice::Outcome(value)) => Some(value),
            _ => None,
        }
    }
}
