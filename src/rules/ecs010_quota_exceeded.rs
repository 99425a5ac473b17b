//! Templates above the quotas of CloudFormation
//! ([quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)).

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::template::{Entry, Section};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS010",
    name: "quota-exceeded",
    severity: Severity::Error,
    summary: "the template is larger than CloudFormation takes",
    page: include_str!("../../rules/ECS010.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

/// Bytes of a template that comes from a bucket; 51,200 in a request.
const MAX_BYTES: usize = 1 << 20;
/// Entries of `Resources`.
const MAX_RESOURCES: usize = 500;
/// Entries of each of `Parameters`, `Mappings` and `Outputs`, and attributes of one mapping.
const MAX_ENTRIES: usize = 200;
/// Characters of a name.
const MAX_NAME: usize = 255;
/// Bytes of `Description`.
const MAX_DESCRIPTION: usize = 1024;
/// Bytes of a parameter's value.
const MAX_VALUE: usize = 4096;

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    let template = facts.template();
    let bytes = facts.parse.tree.source().len();
    if bytes > MAX_BYTES {
        let message = format!("the template has {bytes} bytes, and CloudFormation takes {MAX_BYTES}");
        cx.report(Finding::at(Span::at(0), message).help("split it into nested stacks"));
    }
    let description = template.root.get("Description").filter(|it| it.text().len() > MAX_DESCRIPTION);
    if let Some(node) = description {
        let message = format!(
            "the description has {} bytes, and CloudFormation takes {MAX_DESCRIPTION}",
            node.text().len()
        );
        cx.report(Finding::at(node.span(), message).help("shorten it"));
    }
    for parameter in &template.parameters {
        let default = parameter.node.get("Default").filter(|it| it.text().len() > MAX_VALUE);
        if let Some(node) = default {
            let message =
                format!("the default has {} bytes, and CloudFormation takes {MAX_VALUE}", node.text().len());
            cx.report(Finding::at(node.span(), message).on(parameter.id).help("shorten it"));
        }
    }
    // A macro may take entries away.
    if template.transforms.macros {
        return;
    }
    let sections = [
        ("resources", &template.resources, MAX_RESOURCES),
        ("parameters", &template.parameters, MAX_ENTRIES),
        ("mappings", &template.mappings, MAX_ENTRIES),
        ("outputs", &template.outputs, MAX_ENTRIES),
    ];
    for (kind, section, max) in sections {
        cx.report_all(too_many(kind, section, max));
        cx.report_all(section.iter().filter_map(too_long));
    }
    for mapping in &template.mappings {
        let mut attributes = mapping.node.entries();
        let count = mapping.node.entries().count();
        if let Some((key, _)) = attributes.nth(MAX_ENTRIES) {
            let message =
                format!("`{}` has {count} attributes, and CloudFormation takes {MAX_ENTRIES}", mapping.id);
            cx.report(Finding::at(key.span(), message).on(mapping.id).help("split the mapping"));
        }
    }
}

/// The finding stands at the first entry that is one too many.
fn too_many(kind: &str, section: &Section<'_>, max: usize) -> Option<Finding> {
    let first = section.iter().nth(max)?;
    let message = format!("the template has {} {kind}, and CloudFormation takes {max}", section.len());
    Some(Finding::at(first.key.span(), message).on(first.id).help("split the template into nested stacks"))
}

fn too_long(entry: &Entry<'_>) -> Option<Finding> {
    let chars = entry.id.chars().count();
    let message = format!("the name has {chars} characters, and CloudFormation takes {MAX_NAME}");
    (chars > MAX_NAME).then(|| Finding::at(entry.key.span(), message).help("shorten it"))
}
