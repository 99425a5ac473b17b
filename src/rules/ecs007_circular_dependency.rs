//! Resources, or conditions, that need each other.

use std::collections::HashMap;

use super::graph::Graph;
use crate::diagnostic::{Finding, Severity};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};
use crate::template::{Block, Expr, Name, Reference, Section, Target, expr};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS007",
    name: "circular-dependency",
    severity: Severity::Error,
    summary: "resources or conditions need each other, so none can come first",
    page: include_str!("../../rules/ECS007.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

/// A longer circle is shown by its start.
const MAX_SHOWN: usize = 8;

/// How many nodes the search for `Fn::If` around references may look at; what is left counts as undecided.
const MAX_STEPS: usize = 1_000_000;

/// One resource names another, or one condition another.
#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    /// The words that make it.
    span: Span,
}

fn check(cx: &mut Cx<'_, '_>, scenario: &Scenario<'_, '_>) {
    let facts = cx.facts();
    let template = facts.template();
    // Macros take references apart: those between a function of SAM and its alarms are no circle.
    if template.transforms.macros {
        return;
    }
    // Whether a circle is made is asked in each scenario.
    if !scenario.world().spend(facts.references().len() / 4) {
        return;
    }
    let resources = &template.resources;
    let circular = circular_edges(resources, facts.references(), |it| match it.target {
        _ if it.site.block != Block::Resources => None,
        Target::Value(name) | Target::Resource(name) => Some(name),
        Target::Attribute { resource, .. } => Some(resource),
        _ => None,
    });
    let mut steps = MAX_STEPS;
    let made = |edge: &Edge| is_made(scenario, *edge, &mut steps);
    let help = "break the circle: take one of the references out, or put it into a resource of its own, such as \
                `AWS::EC2::SecurityGroupIngress` or `AWS::IAM::Policy`";
    report(cx, resources, circular.into_iter().filter(made).collect(), help);

    let conditions = &template.conditions;
    let circular = circular_edges(conditions, facts.references(), |it| match it.target {
        Target::Condition(name) if it.site.block == Block::Conditions => Some(name),
        _ => None,
    });
    report(cx, conditions, circular, "break the circle: repeat in one condition what the other compares");
}

/// The references between entries of a section that lie in a circle, if all of them count.
fn circular_edges<'t>(
    section: &Section<'t>,
    references: &[Reference<'t>],
    named: impl Fn(&Reference<'t>) -> Option<Name<'t>>,
) -> Vec<Edge> {
    let number: HashMap<&str, usize> = section.iter().enumerate().map(|(idx, it)| (it.id, idx)).collect();
    let edge = |it: &Reference<'t>| {
        let name = named(it)?;
        Some(Edge { from: *number.get(it.site.id)?, to: *number.get(name.text)?, span: name.span })
    };
    let edges: Vec<_> = references.iter().filter_map(edge).collect();
    graph(section, &edges).circular_edges().into_iter().map(|it| edges[it]).collect()
}

fn graph(section: &Section<'_>, edges: &[Edge]) -> Graph {
    Graph::new(section.len(), edges.iter().map(|it| (it.from, it.to)))
}

/// Whether both resources are made, and no `Fn::If` leaves the reference out.
fn is_made(scenario: &Scenario<'_, '_>, edge: Edge, steps: &mut usize) -> bool {
    let resources = &scenario.template().resources;
    let mut ends = [edge.from, edge.to].into_iter().filter_map(|it| resources.iter().nth(it));
    let Some(from) = ends.next() else { return false };
    if scenario.exists(from) != Some(true) || !ends.all(|it| scenario.exists(it) == Some(true)) {
        return false;
    }
    let holds = |span: Span| span.start <= edge.span.start && edge.span.end <= span.end;
    let mut at = Some(from.node);
    while let Some(node) = at {
        if let Expr::If { condition, then, otherwise } = expr(node) {
            let mut branches = [(then, true), (otherwise, false)].into_iter();
            let Some((branch, wanted)) = branches.find(|(it, _)| holds(it.full_span())) else { return true };
            if scenario.holds(condition.text()) != Some(wanted) {
                return false;
            }
            at = Some(branch);
            continue;
        }
        at = None;
        for child in node.items().chain(node.entries().map(|(_, value)| value)) {
            let Some(left) = steps.checked_sub(1) else { return false };
            *steps = left;
            if holds(child.full_span()) {
                at = Some(child);
                break;
            }
        }
    }
    true
}

/// One finding for each set of entries that need each other, at the first reference of a shortest circle.
fn report(cx: &mut Cx<'_, '_>, section: &Section<'_>, edges: Vec<Edge>, help: &str) {
    let id = |number: usize| section.iter().nth(number).map_or("", |it| it.id);
    for circle in graph(section, &edges).circles() {
        let circle: Vec<Edge> = circle.into_iter().map(|it| edges[it]).collect();
        let Some(first) = circle.first() else { continue };
        let message = match circle.as_slice() {
            [only] => format!("`{}` needs itself", id(only.from)),
            [one, other] => format!("`{}` and `{}` need each other", id(one.from), id(other.from)),
            _ => {
                let shown = circle.iter().take(MAX_SHOWN).map(|it| format!("`{}` → ", id(it.from)));
                let gap = if circle.len() > MAX_SHOWN { "… → " } else { "" };
                format!("{}{gap}`{}`", shown.collect::<String>(), id(first.from))
            }
        };
        let mut finding = Finding::at(first.span, message).on(id(first.from)).help(help);
        for edge in circle.iter().skip(1).take(MAX_SHOWN) {
            finding = finding.because(edge.span, format!("`{}` needs `{}`", id(edge.from), id(edge.to)));
        }
        cx.report(finding);
    }
}
