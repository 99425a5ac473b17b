//! Ignores without a reason or with an unknown code; the engine reads them.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS018",
    name: "malformed-suppression",
    severity: Severity::Warning,
    summary: "an ignore has no reason, or a code that no rule has",
    page: include_str!("../../rules/ECS018.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(|_| {}),
};
