//! Unquoted words and numbers that YAML 1.1 reads as something else.

use crate::catalog::schema;
use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::{Meaning, Node, Style, meaning};
use crate::template::{Entry, Expr, counting, expr};

pub(super) static RULE: Rule = Rule {
    code: "ECS012",
    name: "yaml-1.1-surprise",
    severity: Severity::Warning,
    summary: "an unquoted scalar that YAML 1.1 reads as something else than the text that is wanted",
    page: include_str!("../../rules/ECS012.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Template(check),
};

fn check(cx: &mut Cx<'_, '_>) {
    for resource in &cx.facts().template().resources {
        if let Some(properties) = resource.properties() {
            check_below(cx, resource, properties, &mut Vec::new());
        }
    }
}

/// Checks the scalars at and below the value at `path`; recursion is bounded by the depth of the tree.
fn check_below<'t>(cx: &mut Cx<'_, '_>, resource: &Entry<'t>, node: Node<'t>, path: &mut Vec<&'t str>) {
    match expr(node) {
        Expr::Scalar(node) => {
            let Some(read_as) = surprise(node) else { return };
            if schema::wants_string(resource.type_name(), path) != Some(true) {
                return;
            }
            let quoted = format!("\"{}\"", node.text());
            let fix = Fix::new(Safety::Unsafe, "put it in quotes", Edit::replace(node.span(), &quoted));
            let message = format!("`{}` is read as {read_as}, and a text is wanted here", node.text());
            let help = format!("put it in quotes: `{quoted}`");
            cx.report(Finding::at(node.span(), message).on(resource.id).help(help).fix(Some(fix)));
        }
        // Items of lists have the path of the list.
        Expr::List(list) => list.items().for_each(|it| check_below(cx, resource, it, path)),
        Expr::Map(map) => {
            for (key, value) in counting(map) {
                path.push(key.text());
                check_below(cx, resource, value, path);
                path.pop();
            }
        }
        Expr::If { then, otherwise, .. } => {
            check_below(cx, resource, then, path);
            check_below(cx, resource, otherwise, path);
        }
        _ => {}
    }
}

/// What a scalar is read as, when that is another text.
fn surprise(node: Node<'_>) -> Option<String> {
    if node.style() != Style::Plain || node.tag().is_some() {
        return None;
    }
    let text = node.text();
    match meaning(node) {
        Meaning::Bool(value) if !text.eq_ignore_ascii_case(&value.to_string()) => Some(format!("`{value}`")),
        Meaning::Integer(value) if value.to_string() != text => Some(format!("the number {value}")),
        // CloudFormation takes a date as it is written, and a fraction only loses zeros.
        _ => None,
    }
}
