//! Tags that are no functions, and two tags on one value.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Rule, TextCx};
use crate::syntax::{ProblemKind, Tag};
use crate::template::Function;
use crate::text::near;

pub(super) static RULE: Rule = Rule {
    code: "ECS004",
    name: "unknown-tag",
    severity: Severity::Error,
    summary: "a tag that is no function of CloudFormation, or two tags on one value",
    page: include_str!("../../rules/ECS004.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(check),
};

/// The types of YAML 1.1 that CloudFormation leaves out
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>).
const REFUSED: [&str; 5] = ["binary", "omap", "pairs", "set", "timestamp"];

fn check(cx: &mut TextCx<'_, '_>) {
    for problem in cx.parse().problems.iter().filter(|it| it.kind == ProblemKind::TwoTags) {
        cx.report_with(|| {
            let mut finding = Finding::at(problem.span, &problem.message);
            finding.because.extend(problem.because.clone());
            finding.help.clone_from(&problem.help);
            finding
        });
    }
    let Some(root) = cx.template_root() else { return };
    for tag in root.descendants().filter_map(|it| it.tag()) {
        // `!` alone says that the value is a text.
        if tag.name == "!" || Function::of_tag(tag.name).is_some() {
            continue;
        }
        match of_yaml(tag.name) {
            Some(name) if !REFUSED.contains(&name) => {}
            Some(name) => cx.report_with(|| {
                let message = format!("CloudFormation leaves the YAML type `{name}` out");
                Finding::at(tag.span, message).help("write a plain text, list or mapping")
            }),
            None => cx.report_with(|| unknown(tag)),
        }
    }
}

/// The name of a type of YAML itself: `!!str`.
fn of_yaml(tag: &str) -> Option<&str> {
    tag.strip_prefix("!!").or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>'))
}

fn unknown(tag: Tag<'_>) -> Finding {
    let finding = Finding::at(tag.span, format!("`{}` is no function of CloudFormation", tag.name));
    let name = tag.name.trim_start_matches('!').trim_start_matches("Fn::");
    let long = Function::ALL.iter().find(|it| it.short().is_empty() && it.long() == format!("Fn::{name}"));
    if let Some(long) = long {
        return finding
            .help(format!("write the long form, `{}:`; this function has no short one", long.long()));
    }
    let known = Function::ALL.iter().map(|it| it.short().trim_start_matches('!')).filter(|it| !it.is_empty());
    let near = near(name, known, 1);
    match near.first() {
        Some(near) => finding.help(format!("write `!{near}`")),
        None => finding.help("write one of the intrinsic functions, or no tag"),
    }
}
