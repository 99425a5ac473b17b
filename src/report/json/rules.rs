//! The list of rules for programs.

use serde::Serialize;

use super::escape;
use crate::report::{severity_word, url};
use crate::rule::Rule;

/// All rules as one JSON document, one on a line.
#[must_use]
pub fn rules(rules: &[&Rule]) -> String {
    let rules: Vec<_> = rules.iter().map(|it| escape::to_string(&RuleOut::new(it))).collect();
    let version = env!("CARGO_PKG_VERSION");
    format!("{{\"version\":1,\"ecslint\":\"{version}\",\"rules\":[\n{}\n]}}\n", rules.join(",\n"))
}

#[derive(Serialize)]
struct RuleOut {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    summary: &'static str,
    since: &'static str,
    fix: Option<&'static str>,
    url: String,
}

impl RuleOut {
    fn new(rule: &Rule) -> RuleOut {
        RuleOut {
            code: rule.code,
            name: rule.name,
            severity: severity_word(rule.severity),
            summary: rule.summary,
            since: rule.since,
            fix: rule.fix.map(super::safety),
            url: url(rule.code),
        }
    }
}
