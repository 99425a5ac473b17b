//! Stands for a rule that panicked; the engine reports it.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS000",
    name: "internal-error",
    severity: Severity::Error,
    summary: "a rule failed; the others have reported",
    page: include_str!("../../rules/ECS000.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(|_| {}),
};
