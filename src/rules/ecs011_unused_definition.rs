//! Parameters, mappings and conditions that nothing uses.

use std::collections::HashSet;

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Facts, Rule};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, Function, Section, SubPart, Target, expr, sub_parts};

pub(super) static RULE: Rule = Rule {
    code: "ECS011",
    name: "unused-definition",
    severity: Severity::Warning,
    summary: "nothing uses a parameter, a mapping or a condition",
    page: include_str!("../../rules/ECS011.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

fn check(cx: &mut Cx<'_, '_>) {
    let facts = cx.facts();
    let template = facts.template();
    // Whoever adds names may use names.
    if facts.may_be_named_elsewhere() {
        return;
    }
    let used = Used::new(facts);
    let mut report = |section: &Section<'_>, kind: &str, used: &Names<'_>| {
        for entry in section.iter().filter(|it| !used.all && !used.names.contains(it.id)) {
            cx.report(
                Finding::at(entry.key.span(), format!("nothing uses the {kind} `{}`", entry.id))
                    .help("take it out, or use it where it was meant to be used"),
            );
        }
    };
    report(&template.parameters, "parameter", &used.parameters);
    report(&template.mappings, "mapping", &used.mappings);
    report(&template.conditions, "condition", &used.conditions);
}

#[derive(Default)]
struct Used<'t> {
    parameters: Names<'t>,
    mappings: Names<'t>,
    conditions: Names<'t>,
}

#[derive(Default)]
struct Names<'t> {
    names: HashSet<&'t str>,
    /// A name is worked out: it may be any.
    all: bool,
}

impl<'t> Used<'t> {
    fn new(facts: &Facts<'_, 't>) -> Used<'t> {
        let mut res = Used::default();
        for reference in facts.references() {
            match reference.target {
                Target::Value(name) => res.parameters.add(name.text),
                Target::Condition(name) => res.conditions.add(name.text),
                Target::Mapped { keys: [map, ..], .. } => match expr(map) {
                    Expr::Scalar(name) => res.mappings.add(name.text()),
                    _ => res.mappings.all = true,
                },
                Target::Attribute { .. } | Target::Resource(_) | Target::Malformed(_) => {}
            }
        }
        facts.template().each_call(|_, _, call| match call {
            // With `AWS::LanguageExtensions`, the name itself may be worked out.
            Expr::Ref(operand) if operand.node.kind() != Kind::Scalar => res.parameters.all = true,
            Expr::Opaque { function: Function::RefAll | Function::ValueOfAll, .. } => {
                res.parameters.all = true
            }
            // It was meant to use what it names; that it is wrong, ECS008 says.
            Expr::Misused(misuse) => misuse.node.descendants().for_each(|it| res.add_everywhere(it)),
            _ => {}
        });
        res
    }

    fn add_everywhere(&mut self, node: Node<'t>) {
        let raw = node.text();
        let names = sub_parts(raw).into_iter().filter_map(|it| match it {
            SubPart::Variable { name, .. } => Some(&raw[name]),
            _ => None,
        });
        for name in names.chain([raw]) {
            self.parameters.add(name);
            self.mappings.add(name);
            self.conditions.add(name);
        }
    }
}

impl<'t> Names<'t> {
    fn add(&mut self, name: &'t str) {
        self.names.insert(name);
    }
}
