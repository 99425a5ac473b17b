//! The list of rules for programs.

use serde::Serialize;

use super::escape;
use crate::policy::Policy;
use crate::report::{severity_word, url};
use crate::rule::Rule;

/// All rules, then the policies of a project, as one JSON document, one on a line.
#[must_use]
pub fn rules(rules: &[&Rule], policies: &[Policy]) -> String {
    let rules = rules.iter().map(|it| RuleOut::new(it)).chain(policies.iter().map(RuleOut::of_policy));
    let rules: Vec<_> = rules.map(|it| escape::to_string(&it)).collect();
    let version = env!("CARGO_PKG_VERSION");
    format!("{{\"version\":1,\"ecslint\":\"{version}\",\"rules\":[\n{}\n]}}\n", rules.join(",\n"))
}

#[derive(Serialize)]
struct RuleOut<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'static str,
    summary: &'a str,
    since: Option<&'static str>,
    fix: Option<&'static str>,
    url: Option<String>,
}

impl<'a> RuleOut<'a> {
    fn new(rule: &Rule) -> RuleOut<'a> {
        RuleOut {
            code: rule.code,
            name: rule.name,
            severity: severity_word(rule.severity),
            summary: rule.summary,
            since: Some(rule.since),
            fix: rule.fix.map(super::safety),
            url: url(rule.code),
        }
    }

    fn of_policy(policy: &'a Policy) -> RuleOut<'a> {
        RuleOut {
            code: &policy.issuer.code,
            name: &policy.issuer.name,
            severity: severity_word(policy.issuer.severity),
            summary: policy.message.as_str(),
            since: None,
            fix: None,
            url: None,
        }
    }
}
