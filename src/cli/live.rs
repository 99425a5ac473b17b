//! `--prices live`: asks AWS for prices by the aws CLI, at most once a day for each type and region.
//!
//! Invariants: the program is one in an absolute folder of PATH, gets its arguments as a vector and nothing from a
//! template but the name of a type that has the form of one; time and output are bounded; after the first failure
//! nothing more is asked, the tables are used, and one line on standard error says so.

mod ask;
mod cache;

use std::sync::Mutex;

use super::clock;
use super::output::note;
use crate::catalog::prices::Price;
use crate::lint::Options;
use ask::Failure;
use cache::Cache;

/// More types of one run are not asked for.
const MAX_ASKED: usize = 50;

/// Prices of today.
pub(super) struct Live {
    now: u64,
    state: Mutex<State>,
}

struct State {
    cache: Cache,
    n_asked: usize,
    gave_up: bool,
}

impl Live {
    pub(super) fn new() -> Live {
        let now = clock::now();
        Live { now, state: Mutex::new(State { cache: Cache::load(now), n_asked: 0, gave_up: false }) }
    }

    /// Puts today's prices of some types into the options, as far as they are to be had.
    pub(super) fn learn(&self, options: &mut Options, types: &[String]) {
        let region = options.money().region().to_owned();
        // One at a time: the aws CLI is heavy, and the next file wants the same types.
        let Ok(mut state) = self.state.lock() else { return };
        for name in types.iter().filter(|it| has_form(it)) {
            let known = state.cache.get(&region, name).or_else(|| self.ask(&mut state, name, &region));
            let Some((usd_per_hour, at)) = known else { continue };
            let price = Price {
                usd_per_hour,
                as_of: clock::date(at).into(),
                source: "AWS Price List, aws pricing get-products".into(),
                estimate: false,
            };
            options.prices.learn(name, &region, price);
        }
    }

    /// Writes down what was learned.
    pub(super) fn finish(self) {
        if let Ok(state) = self.state.into_inner() {
            state.cache.store();
        }
    }

    fn ask(&self, state: &mut State, name: &str, region: &str) -> Option<(f64, u64)> {
        if state.gave_up {
            return None;
        }
        if state.n_asked == MAX_ASKED {
            state.gave_up = true;
            note(format_args!("AWS was asked for {MAX_ASKED} prices: the others are those of the tables"));
            return None;
        }
        state.n_asked += 1;
        match ask::price(name, region) {
            Ok(Some(usd)) => {
                state.cache.put(region, name, usd);
                Some((usd, self.now))
            }
            Ok(None) => {
                note(format_args!("AWS names no price of {name} in {region}: that of the tables is used"));
                None
            }
            Err(failure) => {
                state.gave_up = true;
                note(format_args!(
                    "prices are those of the tables, not of today: {}",
                    Failure::shown(&failure)
                ));
                None
            }
        }
    }
}

/// Whether a name may be that of an instance type: nothing else of a template is handed on.
fn has_form(name: &str) -> bool {
    let is_part = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
    };
    let parts = name.split_once('.');
    name.len() <= 40 && !name.starts_with('-') && parts.is_some_and(|(one, two)| is_part(one) && is_part(two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_types_are_handed_on() {
        for good in ["t3.micro", "u-6tb1.112xlarge", "m5.metal"] {
            assert!(has_form(good), "{good}");
        }
        let long = format!("m5.{}", "x".repeat(50));
        for bad in
            ["", "t3", "t3.", ".micro", "a.b.c", "T3.micro", "t3.micro,Field=x", "-a.b", "a.b c", &long]
        {
            assert!(!has_form(bad), "{bad}");
        }
    }
}
