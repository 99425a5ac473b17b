//! Keys that stand twice in one mapping.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Rule, TextCx};
use crate::syntax::{Kind, Node};

pub(super) static RULE: Rule = Rule {
    code: "ECS002",
    name: "duplicate-key",
    severity: Severity::Error,
    summary: "a key stands twice in a mapping, and all but the last one are lost",
    page: include_str!("../../rules/ECS002.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(check),
};

fn check(cx: &mut TextCx<'_, '_>) {
    let Some(root) = cx.template_root() else { return };
    let sections: Vec<Node<'_>> = root.entries().map(|(_, it)| it).collect();
    for mapping in root.descendants().filter(|it| it.kind() == Kind::Mapping) {
        // A section or a logical id that is lost was meant to be deployed.
        let loses_content =
            mapping == root || sections.binary_search_by_key(&mapping.index(), |it| it.index()).is_ok();
        let severity = if loses_content { Severity::Error } else { Severity::Warning };
        let mut first: HashMap<&str, Node<'_>> = HashMap::new();
        for (key, _) in mapping.entries().filter(|(key, _)| key.kind() == Kind::Scalar) {
            // Merge keys add up, and ECS003 refuses them.
            let Some(before) = (key.text() != "<<").then(|| first.insert(key.text(), key)).flatten() else {
                continue;
            };
            cx.report(
                Finding::at(
                    key.span(),
                    format!("`{}` stands twice here; only the last one counts", key.text()),
                )
                .because(before.span(), "what stands under this one is lost")
                .help("join the two, or give one of them another name")
                .severity(severity),
            );
        }
    }
}
