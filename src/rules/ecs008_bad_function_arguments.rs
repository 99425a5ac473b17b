//! Functions with the wrong arguments, or in the wrong place.

use super::function_places;
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::{Kind, Meaning, Node, meaning};
use crate::template::{Block, Expr, Function, Misuse, Template, expr};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS008",
    name: "bad-function-arguments",
    severity: Severity::Error,
    summary: "a function with arguments of the wrong number, type or place",
    page: include_str!("../../rules/ECS008.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

fn check(cx: &mut Cx<'_, '_>) {
    let template = cx.facts().template();
    if has_macros_of_others(template) {
        return;
    }
    template.each_call(|site, node, call| {
        if site.block == Block::Elsewhere {
            return;
        }
        for finding in judge(template, node, &call) {
            cx.report(match site.block {
                Block::Resources => finding.on(site.id),
                _ => finding,
            });
        }
    });
    // SAM reads functions where CloudFormation itself has none.
    if !template.transforms.macros {
        function_places::check(cx);
    }
}

/// Whether a macro that is not of AWS may be used: it may have functions of its own.
fn has_macros_of_others(template: &Template<'_>) -> bool {
    let mut names = template.root.get("Transform").into_iter().flat_map(Node::descendants);
    let of_others = |it: Node<'_>| it.kind() == Kind::Scalar && !it.text().starts_with("AWS::");
    template.transforms.macros && (names.any(of_others) || template.root.descendants().any(is_transform))
}

/// Whether this is `Fn::Transform`, as a key or a tag.
fn is_transform(node: Node<'_>) -> bool {
    node.text() == Function::Transform.long()
        || node.tag().is_some_and(|it| it.name == Function::Transform.short())
}

fn judge(template: &Template<'_>, node: Node<'_>, call: &Expr<'_>) -> Vec<Finding> {
    let at = words(node);
    let takes = |function: Function, takes: &str| {
        let finding = Finding::at(at, format!("`{}` {takes}", function.long()));
        vec![finding.help(format!("write it as `{}`", example(function)))]
    };
    match call {
        Expr::Misused(misuse) if !may_be_right(template, misuse) => takes(misuse.function, misuse.takes),
        Expr::And(list) if list.items().count() > 10 => {
            takes(Function::And, "takes a list of 2 to 10 conditions")
        }
        Expr::Or(list) if list.items().count() > 10 => {
            takes(Function::Or, "takes a list of 2 to 10 conditions")
        }
        Expr::And(list) | Expr::Or(list) => list.items().filter_map(no_condition).collect(),
        Expr::Not(condition) => no_condition(*condition).into_iter().collect(),
        Expr::Opaque { function: function @ (Function::Cidr | Function::ImportValue), operand } => {
            match (function, expr(*operand)) {
                (Function::Cidr, Expr::List(list)) if !(2..=3).contains(&list.items().count()) => {
                    takes(Function::Cidr, "takes a block, a number of blocks and a number of bits")
                }
                (Function::ImportValue, Expr::List(_)) => {
                    takes(Function::ImportValue, "takes the name of an export")
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// Whether what looks wrong may come out right: with `AWS::LanguageExtensions` the arguments of some functions may be
/// functions.
fn may_be_right(template: &Template<'_>, misuse: &Misuse<'_>) -> bool {
    let extended = matches!(misuse.function, Function::Ref | Function::GetAtt | Function::Sub);
    extended && template.transforms.language_extensions
}

/// The finding for a text where a condition has to stand.
fn no_condition(node: Node<'_>) -> Option<Finding> {
    let plain = node.kind() == Kind::Scalar && node.tag().is_none() && meaning(node) == Meaning::Text;
    plain.then(|| {
        let finding = Finding::at(node.span(), format!("`{}` is a text, not a condition", node.text()));
        finding.help(format!("write `!Condition {}`", node.text()))
    })
}

/// The words of a call that name the function.
pub(super) fn words(call: Node<'_>) -> Span {
    match (call.tag(), call.entries().next()) {
        (Some(tag), _) => tag.span,
        (None, Some((key, _))) => key.span(),
        (None, None) => call.full_span(),
    }
}

fn example(function: Function) -> &'static str {
    match function {
        Function::Ref => "!Ref Name",
        Function::GetAtt => "!GetAtt Name.Attribute",
        Function::Sub => "!Sub \"text with ${Name}\"",
        Function::Join => "!Join [\"-\", [one, other]]",
        Function::Select => "!Select [0, [one, other]]",
        Function::Split => "!Split [\",\", text]",
        Function::FindInMap => "!FindInMap [Mapping, top-level-key, key]",
        Function::If => "!If [NameOfCondition, one, other]",
        Function::Equals => "!Equals [one, other]",
        Function::And => "!And [!Condition One, !Condition Other]",
        Function::Or => "!Or [!Condition One, !Condition Other]",
        Function::Not => "!Not [!Condition Name]",
        Function::Condition => "!Condition Name",
        Function::Base64 => "Fn::Base64: text",
        Function::Cidr => "!Cidr [block, 4, 8]",
        Function::ImportValue => "!ImportValue name",
        _ => function.long(),
    }
}
