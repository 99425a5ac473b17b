//! Aliases and merge keys of YAML.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Rule, TextCx};
use crate::syntax::{Kind, Style};

pub(super) static RULE: Rule = Rule {
    code: "ECS003",
    name: "yaml-alias",
    severity: Severity::Error,
    summary: "CloudFormation refuses YAML aliases and merge keys",
    page: include_str!("../../rules/ECS003.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(check),
};

const HELP: &str = "write the text out, or let `aws cloudformation package` do it before the deployment";

fn check(cx: &mut TextCx<'_, '_>) {
    let Some(root) = cx.template_root() else { return };
    let mut anchors = HashMap::new();
    // The alias of `<<: *name` is the same mistake as its key.
    let mut merged = None;
    for node in root.descendants() {
        if let Some(anchor) = node.anchor() {
            anchors.insert(anchor.slice(cx.parse().tree.source()).trim_start_matches('&'), anchor);
        }
        if node.kind() == Kind::Alias && merged != Some(node) {
            cx.report(
                Finding::at(node.span(), "CloudFormation refuses YAML aliases")
                    .because_at(anchors.get(node.text()).copied(), "this would be repeated")
                    .help(HELP),
            );
        }
        for (key, value) in node.entries() {
            if key.kind() == Kind::Scalar && key.style() == Style::Plain && key.text() == "<<" {
                merged = Some(value);
                cx.report(
                    Finding::at(key.span(), "CloudFormation refuses merge keys")
                        .because_at(anchors.get(value.text()).copied(), "this would be merged in")
                        .help(HELP),
                );
            }
        }
    }
}
