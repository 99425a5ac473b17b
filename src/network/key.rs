//! Whether the instances get an SSH key.

use crate::model::{Answer, Launch};
use crate::resolve::{Found, Scenario};
use crate::template::{Expr, expr};

/// Whether every instance of a fleet gets a key name in this scenario.
///
/// A parameter counts as set, whatever its default: who deploys fills it in. An empty text written out is none.
#[must_use]
pub fn key<'t>(scenario: &Scenario<'_, 't>, launch: &Launch<'t>) -> Answer {
    let one = |found: Found<'t>| match found {
        Found::Node(node) => match expr(node) {
            Expr::Scalar(node) if node.text().is_empty() => Answer::No,
            _ => Answer::Yes,
        },
        Found::Absent => Answer::No,
        Found::Unknown => Answer::Unknown,
    };
    let mut answers = launch.sources.iter().map(|it| one(it.find(scenario, &["KeyName"])));
    let Some(first) = answers.next().filter(|_| !launch.unknown) else { return Answer::Unknown };
    if answers.all(|it| it == first) { first } else { Answer::Unknown }
}
