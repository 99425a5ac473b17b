//! Functions where CloudFormation has none. A part of ECS008.

use super::ecs008_bad_function_arguments::words;
use super::ecs009_malformed_section::OF_PARAMETERS;
use crate::diagnostic::Finding;
use crate::rule::Cx;
use crate::syntax::{Kind, Node};
use crate::template::{Block, Expr, Function, Template, calls, counting, expr};
use crate::text::near;

/// How many unknown functions are compared with the known ones.
const MAX_GUESSES: usize = 20;

const NEEDS_EXTENSIONS: &str = "add `Transform: AWS::LanguageExtensions` at the top of the template";

/// Reports functions in places where they cannot stand.
pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let template = cx.facts().template();
    in_plain_sections(template, cx);
    by_block(template, cx);
    conditions(template, cx);
    if !template.transforms.language_extensions {
        policies(template, cx);
        loops(template, cx);
    }
    unknown(template, cx);
}

/// `Parameters` and `Mappings` have values only
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>).
fn in_plain_sections(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    let mut report = |section: &str, value: Node<'_>| {
        calls(value, &mut |node, _| {
            let message = format!("functions do not work in `{section}`");
            cx.report(
                Finding::at(words(node), message)
                    .help("write the value, or call the function where it is used"),
            );
        });
    };
    for parameter in &template.parameters {
        // What parameters do not have at all, is ECS009's business.
        let known = counting(parameter.node).filter(|(key, _)| OF_PARAMETERS.contains(&key.text()));
        known.for_each(|(_, value)| report("Parameters", value));
    }
    for mapping in &template.mappings {
        // The keys may be called `Ref`.
        let rows = counting(mapping.node);
        let cells = rows.flat_map(|(_, row)| counting(row));
        cells.for_each(|(_, value)| report("Mappings", value));
    }
}

fn by_block(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    template.each_call(|site, node, call| {
        let early = matches!(site.block, Block::Conditions | Block::Rules);
        let section = if site.block == Block::Rules { "Rules" } else { "Conditions" };
        let at = words(node);
        let finding = match call {
            Expr::GetAtt { .. } if early => {
                Finding::at(at, format!("`Fn::GetAtt` does not work in `{section}`: no resource is made yet"))
                    .help("compare parameters, or what is known before the deployment")
            }
            Expr::Condition(_) if site.block == Block::Rules => {
                Finding::at(at, "`Condition` does not work in `Rules`")
                    .help("repeat what the condition compares")
            }
            Expr::Opaque {
                function:
                    function @ (Function::Contains
                    | Function::EachMemberEquals
                    | Function::EachMemberIn
                    | Function::RefAll
                    | Function::ValueOf
                    | Function::ValueOfAll),
                ..
            } if !matches!(site.block, Block::Rules | Block::Elsewhere) => {
                Finding::at(at, format!("`{}` works in `Rules` only", function.long()))
                    .help("use the functions of conditions: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`")
            }
            Expr::Opaque { function: function @ (Function::Length | Function::ToJsonString), .. }
                if !template.transforms.language_extensions && site.block != Block::Elsewhere =>
            {
                let message = format!("`{}` needs `AWS::LanguageExtensions`", function.long());
                Finding::at(at, message).help(NEEDS_EXTENSIONS)
            }
            _ => return,
        };
        cx.report(match site.block {
            Block::Resources => finding.on(site.id),
            _ => finding,
        });
    });
}

/// What stands right under a name in `Conditions` is a condition
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>).
fn conditions(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    for condition in &template.conditions {
        let node = condition.node;
        let at = match expr(node) {
            Expr::Ref(_)
            | Expr::Sub { .. }
            | Expr::Join { .. }
            | Expr::Select { .. }
            | Expr::Split { .. }
            | Expr::FindInMap { .. }
            | Expr::If { .. } => words(node),
            Expr::Scalar(_) if !node.text().is_empty() => node.full_span(),
            Expr::List(_) | Expr::Map(_) => condition.key.span(),
            _ => continue,
        };
        cx.report(Finding::at(at, format!("`{}` is no condition: it compares nothing", condition.id)).help(
            "write `Fn::Equals`, `Fn::And`, `Fn::Or` or `Fn::Not`: `!Equals [!Ref Parameter, \"true\"]`",
        ));
    }
}

/// `DeletionPolicy` and `UpdateReplacePolicy` take functions with `AWS::LanguageExtensions` only.
fn policies(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    for resource in &template.resources {
        for name in ["DeletionPolicy", "UpdateReplacePolicy"] {
            let Some(value) = resource.node.get(name) else { continue };
            if !matches!(expr(value), Expr::Scalar(_) | Expr::Alias(_)) {
                let message = format!("`{name}` takes a text; functions need `AWS::LanguageExtensions`");
                cx.report(Finding::at(words(value), message).on(resource.id).help(NEEDS_EXTENSIONS));
            }
        }
    }
}

fn loops(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    if !template.transforms.loops {
        return;
    }
    for (key, _) in template.root.descendants().flat_map(Node::entries) {
        if key.kind() == Kind::Scalar && key.text().starts_with("Fn::ForEach::") {
            cx.report(
                Finding::at(key.span(), "`Fn::ForEach` needs `AWS::LanguageExtensions`")
                    .help(NEEDS_EXTENSIONS),
            );
        }
    }
}

/// A mapping whose only key starts with `Fn::` is a call, whatever function it names.
fn unknown(template: &Template<'_>, cx: &mut Cx<'_, '_>) {
    let mut guesses = MAX_GUESSES;
    for section in [&template.resources, &template.outputs, &template.conditions] {
        for entry in section {
            for node in entry.node.descendants() {
                let mut entries = node.entries();
                let (Some((key, _)), None) = (entries.next(), entries.next()) else { continue };
                if key.kind() != Kind::Scalar
                    || !key.text().starts_with("Fn::")
                    || Function::of_key(key.text()).is_some()
                {
                    continue;
                }
                let known = Function::ALL.iter().map(|it| it.long());
                let guess = if guesses > 0 { near(key.text(), known, 1) } else { Vec::new() };
                guesses = guesses.saturating_sub(1);
                let finding =
                    Finding::at(key.span(), format!("`{}` is no function of CloudFormation", key.text()));
                cx.report(match guess.first() {
                    Some(guess) => finding.help(format!("write `{guess}`")),
                    None => finding.help("write one of the intrinsic functions"),
                });
            }
        }
    }
}
