//! Defaults that the parameter itself does not allow.

use regex::RegexBuilder;

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::{Kind, Node};
use crate::template::Entry;

pub(super) static RULE: Rule = Rule {
    code: "ECS013",
    name: "bad-default",
    severity: Severity::Error,
    summary: "a parameter does not allow its own default",
    page: include_str!("../../rules/ECS013.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

/// The memory that a pattern may take, in bytes: it comes from a stranger.
const MAX_PATTERN: usize = 1 << 18;

/// The patterns of so many parameters are tried; a template has no more parameters.
const MAX_PATTERNS: usize = 200;

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    for (idx, parameter) in facts.template().parameters.iter().enumerate() {
        let default = parameter.node.get("Default").filter(|it| it.kind() == Kind::Scalar);
        // A value from the command line takes the place of the default.
        let Some(default) = default.filter(|_| !facts.world.is_given(parameter.id)) else { continue };
        let kind = facts.world.parameter_type(parameter.id);
        let list = kind == "CommaDelimitedList" || kind.starts_with("List<");
        let values: Vec<&str> =
            if list { default.text().split(',').map(str::trim).collect() } else { vec![default.text()] };
        if let Some((node, reason)) =
            values.iter().find_map(|it| refused(parameter, kind, it, idx < MAX_PATTERNS))
        {
            let message = format!("the default of `{}` {reason}", parameter.id);
            cx.report(
                Finding::at(default.span(), message)
                    .on(parameter.id)
                    .because(node.span(), "this does not allow it")
                    .help("change the default, or take it out so that a value has to be given"),
            );
        }
    }
}

/// What refuses a value, and why.
fn refused<'t>(
    parameter: &Entry<'t>,
    kind: &str,
    value: &str,
    with_pattern: bool,
) -> Option<(Node<'t>, String)> {
    let of = |name: &str| parameter.node.get(name);
    if let Some(allowed) = of("AllowedValues") {
        let mut items = allowed.items();
        if items.clone().next().is_some() && !items.any(|it| same(it.text(), value)) {
            return Some((allowed, "is none of its `AllowedValues`".to_owned()));
        }
    }
    let number = |node: Node<'_>| node.text().trim().parse::<f64>().ok();
    if kind == "Number" || kind == "List<Number>" {
        let Ok(value) = value.trim().parse::<f64>() else {
            return Some((of("Type")?, "is no number".to_owned()));
        };
        let low = of("MinValue").filter(|it| number(*it).is_some_and(|min| value < min));
        let high = of("MaxValue").filter(|it| number(*it).is_some_and(|max| value > max));
        return match (low, high) {
            (Some(node), _) => Some((node, format!("is below its `MinValue` {}", node.text()))),
            (_, Some(node)) => Some((node, format!("is above its `MaxValue` {}", node.text()))),
            _ => None,
        };
    }
    if kind != "String" && kind != "CommaDelimitedList" {
        return None;
    }
    let chars = value.chars().count();
    let length = |node: Node<'_>| node.text().trim().parse::<usize>().ok();
    if let Some(node) = of("MinLength").filter(|it| length(*it).is_some_and(|min| chars < min)) {
        return Some((node, format!("is shorter than its `MinLength` {}", node.text())));
    }
    if let Some(node) = of("MaxLength").filter(|it| length(*it).is_some_and(|max| chars > max)) {
        return Some((node, format!("is longer than its `MaxLength` {}", node.text())));
    }
    let pattern = of("AllowedPattern").filter(|_| with_pattern)?;
    // CloudFormation's patterns are Java's; one that this engine does not read proves nothing, and neither does one
    // that fits a part of the value.
    let regex = RegexBuilder::new(pattern.text()).size_limit(MAX_PATTERN).build().ok()?;
    (!regex.is_match(value)).then(|| (pattern, "does not fit its `AllowedPattern`".to_owned()))
}

/// `1` and `1.0` are one number; `true` and `True` one boolean.
fn same(left: &str, right: &str) -> bool {
    let number = |it: &str| it.trim().parse::<f64>().ok();
    left.eq_ignore_ascii_case(right)
        || number(left).zip(number(right)).is_some_and(|(left, right)| left == right)
}
