//! Claims: what is said of the values at a path.

use regex::Regex;

use super::path::Path;
use super::subject::{Is, Item, Seen};
use crate::model::Answer;
use crate::resolve::{Place, Text, Value};
use crate::text::Span;

/// Something that holds for the values at a path, or does not.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where they stand.
    pub path: Path,
    /// For how many of them it must hold.
    pub over: Quantifier,
    /// What must hold, all of it.
    pub tests: Vec<Test>,
}

/// For how many values a claim must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// Each; so it holds where there is none.
    All,
    /// One at least.
    Any,
    /// Not one.
    None,
}

/// What one value must be. What is absent equals nothing and is of no size; only what begins with `Not` holds for it.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is there, or not.
    Exists(bool),
    /// It is one of these texts.
    In(Vec<String>),
    /// It is none of them.
    NotIn(Vec<String>),
    /// The expression is found in it.
    Matches(Regex),
    /// The expression is not found in it.
    NotMatches(Regex),
    /// A text with this in it, or a list that has it.
    Contains(String),
    /// Neither.
    NotContains(String),
    /// A number below this.
    LessThan(f64),
    /// A number that is not above this.
    AtMost(f64),
    /// A number above this.
    MoreThan(f64),
    /// A number that is not below this.
    AtLeast(f64),
}

/// A value for which a claim does not hold.
pub(super) struct Breach {
    /// The value, to be shown.
    pub(super) value: String,
    pub(super) place: Place,
}

impl Claim {
    /// Whether it holds.
    pub(super) fn answer(&self, seen: &Seen<'_>) -> Answer {
        let answers = seen.items.iter().map(|it| self.holds(it));
        // The order is yes, unknown, no.
        let known = match self.over {
            Quantifier::All => answers.max().unwrap_or(Answer::Yes),
            Quantifier::Any => answers.min().unwrap_or(Answer::No),
            Quantifier::None => answers.map(not).max().unwrap_or(Answer::Yes),
        };
        let settled = if self.over == Quantifier::Any { Answer::Yes } else { Answer::No };
        if seen.is_open && known != settled { Answer::Unknown } else { known }
    }

    /// The values that prove that it does not hold.
    pub(super) fn breaches(&self, seen: &Seen<'_>) -> Vec<Breach> {
        if self.answer(seen) != Answer::No {
            return Vec::new();
        }
        let wrong = match self.over {
            Quantifier::All => Answer::No,
            Quantifier::None => Answer::Yes,
            Quantifier::Any => {
                let values: Vec<_> = seen.items.iter().map(|it| it.shown.as_str()).collect();
                let value = if values.is_empty() { "nothing".to_owned() } else { values.join(", ") };
                return vec![Breach { value, place: seen.place }];
            }
        };
        let wrong = seen.items.iter().filter(|it| self.holds(it) == wrong);
        wrong.map(|it| Breach { value: it.shown.clone(), place: it.place }).collect()
    }

    fn holds(&self, item: &Item<'_>) -> Answer {
        self.tests.iter().map(|it| it.holds(&item.is)).max().unwrap_or(Answer::Yes)
    }
}

impl Test {
    fn holds(&self, is: &Is<'_>) -> Answer {
        match self {
            Test::Exists(wanted) => match is {
                Is::Unknown => Answer::Unknown,
                Is::Absent => yes_if(!wanted),
                _ => yes_if(*wanted),
            },
            Test::In(texts) => among(is, texts),
            Test::NotIn(texts) => not(among(is, texts)),
            Test::Matches(regex) => on_text(is, |it| regex.is_match(it)),
            Test::NotMatches(regex) => not(on_text(is, |it| regex.is_match(it))),
            Test::Contains(part) => contains(is, part),
            Test::NotContains(part) => not(contains(is, part)),
            Test::LessThan(bound) => compare(is, |it| it < *bound),
            Test::AtMost(bound) => compare(is, |it| it <= *bound),
            Test::MoreThan(bound) => compare(is, |it| it > *bound),
            Test::AtLeast(bound) => compare(is, |it| it >= *bound),
        }
    }
}

fn yes_if(it: bool) -> Answer {
    if it { Answer::Yes } else { Answer::No }
}

fn not(answer: Answer) -> Answer {
    match answer {
        Answer::Yes => Answer::No,
        Answer::No => Answer::Yes,
        Answer::Unknown => Answer::Unknown,
    }
}

/// What holds for a text; nothing else is one.
fn on_text(is: &Is<'_>, holds: impl Fn(&str) -> bool) -> Answer {
    match is {
        Is::Text(text) => text.known().map_or(Answer::Unknown, |it| yes_if(holds(it))),
        Is::Unknown => Answer::Unknown,
        Is::Absent | Is::List(_) | Is::Map => Answer::No,
    }
}

fn among(is: &Is<'_>, texts: &[String]) -> Answer {
    match is {
        Is::Text(text) => texts.iter().map(|it| equals(text, it)).min().unwrap_or(Answer::No),
        _ => on_text(is, |_| false),
    }
}

fn equals(text: &Text<'_>, wanted: &str) -> Answer {
    match text.known() {
        Some(known) => yes_if(known == wanted),
        None if text.differs_at_end(&Text::decoded(wanted, Span::at(0))) => Answer::No,
        None => Answer::Unknown,
    }
}

fn contains(is: &Is<'_>, part: &str) -> Answer {
    match is {
        // No text that is written out has a symbol in it.
        Is::Text(text) if text.as_str().contains(part) => Answer::Yes,
        Is::List(values) => {
            let one = |it: &Value<'_>| match it {
                Value::Text(text) => equals(text, part),
                Value::Unknown => Answer::Unknown,
                Value::List(_) | Value::Map(_) | Value::Nothing => Answer::No,
            };
            values.iter().map(one).min().unwrap_or(Answer::No)
        }
        _ => on_text(is, |_| false),
    }
}

fn compare(is: &Is<'_>, holds: impl Fn(f64) -> bool) -> Answer {
    on_text(is, |it| it.trim().parse().is_ok_and(&holds))
}
