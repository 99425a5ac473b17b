//! Attributes that a resource type does not have.

use crate::catalog::attributes;
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::template::{Block, Target};
use crate::text::near;

pub(super) static RULE: Rule = Rule {
    code: "ECS006",
    name: "unknown-attribute",
    severity: Severity::Error,
    summary: "`Fn::GetAtt` asks for an attribute that the resource type does not have",
    page: include_str!("../../rules/ECS006.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

/// As many attributes are listed in a help; who has more is shown the near ones only.
const MAX_LISTED: usize = 6;

/// So many names are compared with those that there are, then the help does without.
const MAX_GUESSES: usize = 20;

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    let template = facts.template();
    // A macro may turn the resource into another one.
    if template.transforms.macros {
        return;
    }
    let mut guesses = MAX_GUESSES;
    for reference in facts.references() {
        let Target::Attribute { resource, attribute: Some(attribute) } = reference.target else { continue };
        let Some(resource) = template.resource(resource.text) else { continue };
        let type_name = resource.type_name();
        let sees_resources = matches!(reference.site.block, Block::Resources | Block::Outputs);
        if !sees_resources || attributes::has(type_name, attribute.text) != Some(false) {
            continue;
        }
        let known: Vec<_> = attributes::of(type_name).into_iter().flatten().collect();
        let quoted = |names: &[&str]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        let near = if guesses > 0 { near(attribute.text, known.iter().copied(), 3) } else { Vec::new() };
        guesses = guesses.saturating_sub(1);
        let help = match (near.as_slice(), known.as_slice()) {
            ([], []) => format!("`{type_name}` has no attributes; `Ref` may be what you want"),
            ([], known) if known.len() <= MAX_LISTED => format!("take one of {}", quoted(known)),
            ([], _) => "see the return values on the page of the resource type".to_owned(),
            (near, _) => format!("write {}", quoted(near)),
        };
        let finding =
            Finding::at(attribute.span, format!("`{type_name}` has no attribute `{}`", attribute.text))
                .because(resource.key.span(), format!("`{}` is such a resource", resource.id))
                .help(help);
        cx.report(match reference.site.block {
            Block::Resources => finding.on(reference.site.id),
            _ => finding,
        });
    }
}
