//! Ignores that ignore nothing; the engine knows when all rules have spoken.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS019",
    name: "unused-suppression",
    severity: Severity::Warning,
    summary: "an ignore ignores nothing",
    page: include_str!("../../rules/ECS019.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(|_| {}),
};
