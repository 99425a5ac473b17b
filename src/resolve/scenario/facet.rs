//! The memory of answers: what one rule has asked, the others need not work out again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;

use super::Scenario;
use crate::resolve::Assumed;

/// Answers that are worked out once for each set of conditions that they rest on.
#[derive(Debug)]
pub struct Facet<'t, K, T> {
    known: RefCell<HashMap<K, Known<'t, T>>>,
}

/// The answers about one thing.
#[derive(Debug)]
struct Known<'t, T> {
    /// What each rests on: they hold wherever that is assumed.
    settled: Vec<(Assumed<'t>, Rc<T>)>,
    /// Those that hold only where just this is assumed: all else was unknown, or a condition was asked for that is
    /// open. The question will be asked again then, but each rule asks it.
    exact: HashMap<Assumed<'t>, Exact<'t, T>>,
}

#[derive(Debug)]
struct Exact<'t, T> {
    closed: bool,
    /// The condition that is open, and what it is by default.
    open: Option<(&'t str, bool)>,
    value: Rc<T>,
}

impl<K, T> Default for Facet<'_, K, T> {
    fn default() -> Self {
        Facet { known: RefCell::default() }
    }
}

impl<T> Default for Known<'_, T> {
    fn default() -> Self {
        Known { settled: Vec::new(), exact: HashMap::new() }
    }
}

impl<'t, K: Hash + Eq, T> Facet<'t, K, T> {
    /// The answer for `key` in this scenario, from memory or worked out by `compute`.
    pub fn get(&self, scenario: &Scenario<'_, 't>, key: K, compute: impl FnOnce() -> T) -> Rc<T> {
        if let Some(value) = self.known.borrow().get(&key).and_then(|it| it.recall(scenario)) {
            return value;
        }
        let was_open = scenario.open.get().is_some();
        let before = scenario.used.take();
        let value = Rc::new(compute());
        let mut used = scenario.used.borrow_mut();
        let open = scenario.open.get();
        if !was_open {
            let mut known = self.known.borrow_mut();
            let known = known.entry(key).or_default();
            let value = Rc::clone(&value);
            if scenario.closed || open.is_some() {
                used.all = true;
                known.exact.insert(scenario.assumed.clone(), Exact { closed: scenario.closed, open, value });
            } else {
                let assumed =
                    scenario.assumed.iter().filter(|(name, _)| used.all || used.names.contains(*name));
                known.settled.push((assumed.map(|(name, value)| (*name, *value)).collect(), value));
            }
        }
        used.all |= before.all;
        used.names.extend(before.names);
        value
    }
}

impl<'t, T> Known<'t, T> {
    fn recall(&self, scenario: &Scenario<'_, 't>) -> Option<Rc<T>> {
        let holds = |assumed: &Assumed<'t>| {
            assumed.iter().all(|(name, value)| scenario.assumed.get(name) == Some(value))
        };
        if let Some((assumed, value)) = self.settled.iter().find(|(assumed, _)| holds(assumed)) {
            scenario.used.borrow_mut().names.extend(assumed.keys());
            return Some(Rc::clone(value));
        }
        let exact = self.exact.get(&scenario.assumed).filter(|it| it.closed == scenario.closed)?;
        scenario.used.borrow_mut().all = true;
        if scenario.open.get().is_none() {
            scenario.open.set(exact.open);
        }
        Some(Rc::clone(&exact.value))
    }
}
