//! Sections and entries of the wrong shape.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::{Kind, Meaning, Node, meaning};
use crate::template::{Entry, Expr, Section, Template, counting, expr};
use crate::text::{Span, near};

pub(super) static RULE: Rule = Rule {
    code: "ECS009",
    name: "malformed-section",
    severity: Severity::Error,
    summary: "a section or a resource of the wrong shape, or without what it must have",
    page: include_str!("../../rules/ECS009.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Template(check),
};

/// The sections
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>; `Hooks` for blue/green
/// deployments).
const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// What may stand beside `Type`. `Description` and `Version` are in no list of the guide, but taken.
const ATTRIBUTES: [&str; 11] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];

/// What a parameter may have
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>).
pub(super) const OF_PARAMETERS: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// The types of parameters that are no types of AWS.
const TYPES: [&str; 4] = ["CommaDelimitedList", "List<Number>", "Number", "String"];

/// How many unknown names are compared with the known ones.
const MAX_GUESSES: usize = 50;

fn check(cx: &mut Cx<'_, '_>) {
    let template = cx.facts().template();
    // What comes from elsewhere may have any shape before it is put in.
    if template.has_foreign_parts() {
        return;
    }
    let mut shapes = Shapes { findings: Vec::new(), guesses: MAX_GUESSES };
    shapes.sections(template);
    template.parameters.iter().for_each(|it| shapes.parameter(it));
    template.mappings.iter().for_each(|it| shapes.mapping(it));
    template.resources.iter().for_each(|it| shapes.resource(it));
    template.outputs.iter().for_each(|it| shapes.output(it));
    for (key, section) in counting(template.root) {
        if is_null(section) {
            shapes.report(
                key.span(),
                format!("`{}` has no value, and CloudFormation refuses null", key.text()),
                NO_NULL,
            );
        }
        // What tools keep there, CloudFormation does not look at.
        if key.text() != "Metadata" {
            shapes.nulls(key, section);
        }
    }
    shapes.findings.into_iter().for_each(|it| cx.report(it));
}

const NO_NULL: &str = "write a value, or take it out; `!Ref AWS::NoValue` leaves a property out";

struct Shapes {
    findings: Vec<Finding>,
    guesses: usize,
}

impl Shapes {
    fn report(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Finding::at(span, message).help(help));
    }

    fn report_on(
        &mut self,
        entry: &Entry<'_>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Finding::at(span, message).on(entry.id).help(help));
    }

    fn guess<'c>(&mut self, name: &str, known: &[&'c str]) -> Option<&'c str> {
        self.guesses = self.guesses.checked_sub(1)?;
        near(name, known.iter().copied(), 1).first().copied()
    }

    fn sections(&mut self, template: &Template<'_>) {
        for (key, section) in counting(template.root) {
            let name = key.text();
            if !SECTIONS.contains(&name) {
                let help = match self.guess(name, &SECTIONS) {
                    Some(guess) => format!("write `{guess}`"),
                    None => "take it out, or put it under `Metadata`".to_owned(),
                };
                self.report(key.span(), format!("`{name}` is no section of a template"), help);
            }
            let is_mapping = section.kind() == Kind::Mapping || is_null(section);
            match name {
                "AWSTemplateFormatVersion" if !is_null(section) && section.text() != "2010-09-09" => {
                    let message = "there is only one version of the template format, `2010-09-09`";
                    self.report(
                        section.full_span(),
                        message,
                        "write `AWSTemplateFormatVersion: \"2010-09-09\"`",
                    );
                }
                "Description" if section.kind() != Kind::Scalar || section.tag().is_some() => {
                    self.report(key.span(), "the description has to be a plain text", "write a text");
                }
                "Conditions" | "Mappings" | "Metadata" | "Outputs" | "Parameters" | "Resources" | "Rules"
                    if !is_mapping =>
                {
                    self.report(
                        key.span(),
                        format!("`{name}` is no mapping"),
                        "write `Name: ...` for each entry",
                    );
                }
                _ => {}
            }
        }
        self.names(&template.parameters, "parameter");
        self.names(&template.resources, "resource");
        self.names(&template.outputs, "output");
        match template.root.entry("Resources") {
            None => {
                let first =
                    template.root.entries().next().map_or(template.root.span(), |(key, _)| key.span());
                self.report(first, "the template has no section `Resources`", "add a resource");
            }
            Some((key, section)) if section.kind() == Kind::Mapping && section.entries().next().is_none() => {
                self.report(key.span(), "the template has no resource", "add one");
            }
            Some(_) => {}
        }
    }

    fn names(&mut self, section: &Section<'_>, kind: &str) {
        for entry in section {
            if entry.id.is_empty() || !entry.id.bytes().all(|it| it.is_ascii_alphanumeric()) {
                let message =
                    format!("`{}` cannot be the name of a {kind}: it has to be letters and digits", entry.id);
                self.report(
                    entry.key.span(),
                    message,
                    "take the other characters out, here and in all references",
                );
            }
        }
    }

    fn parameter(&mut self, parameter: &Entry<'_>) {
        if !self.is_mapping(parameter, "a parameter is a mapping with a `Type`") {
            return;
        }
        for (key, _) in counting(parameter.node) {
            if !OF_PARAMETERS.contains(&key.text()) {
                let help = match self.guess(key.text(), &OF_PARAMETERS) {
                    Some(guess) => format!("write `{guess}`"),
                    None => "take it out".to_owned(),
                };
                self.report(key.span(), format!("parameters have no `{}`", key.text()), help);
            }
        }
        match parameter.node.get("Type") {
            None => {
                let message = format!("the parameter `{}` has no `Type`", parameter.id);
                self.report(parameter.key.span(), message, "write `Type: String`");
            }
            Some(it) if it.kind() == Kind::Scalar && !is_null(it) => {
                let name = it.text();
                // Types of AWS come and go.
                if TYPES.contains(&name) || name.contains("::") {
                    return;
                }
                let help = match self.guess(name, &TYPES) {
                    _ if name == "List<String>" => "write `CommaDelimitedList`".to_owned(),
                    Some(guess) => format!("write `{guess}`"),
                    None => "write `String`, and the values under `AllowedValues`".to_owned(),
                };
                self.report(it.span(), format!("`{name}` is no type of parameters"), help);
            }
            Some(_) => {}
        }
    }

    /// Each mapping has two levels of keys, and texts or lists under them.
    fn mapping(&mut self, mapping: &Entry<'_>) {
        if !self.is_mapping(mapping, "a mapping has two levels of keys") {
            return;
        }
        for (key, row) in counting(mapping.node) {
            if row.kind() == Kind::Alias || is_null(row) {
                continue;
            }
            if row.kind() != Kind::Mapping {
                let message = format!("there are no keys under `{}`", key.text());
                self.report(key.span(), message, "a mapping has two levels of keys: write one more");
            }
            for (key, cell) in counting(row) {
                // Functions are ECS008's business.
                if matches!(expr(cell), Expr::Map(_)) {
                    let message = format!(
                        "`{}` holds a mapping, and only texts and lists of texts can be there",
                        key.text()
                    );
                    self.report(key.span(), message, "a mapping has two levels of keys: take one out");
                }
            }
        }
    }

    fn resource(&mut self, resource: &Entry<'_>) {
        if !self.is_mapping(resource, "a resource is a mapping with a `Type`") {
            return;
        }
        let merged = resource.node.get("<<").is_some();
        for (key, value) in counting(resource.node) {
            let name = key.text();
            let misshapen = match name {
                "<<" => continue,
                "Type" if expr_is_scalar(value) => None,
                "Type" => Some("a plain text"),
                "Properties" | "CreationPolicy" | "UpdatePolicy" => {
                    let plain = value.kind() == Kind::Scalar || value.kind() == Kind::Sequence;
                    (plain && value.tag().is_none() && !is_null(value)).then_some("a mapping")
                }
                "Condition" => (!expr_is_scalar(value)).then_some("the name of a condition"),
                "DependsOn" => {
                    let names = value.kind() == Kind::Sequence && value.tag().is_none();
                    let fits = expr_is_scalar(value) || (names && value.items().all(expr_is_scalar));
                    (!fits).then_some("the name of a resource or a list of names")
                }
                _ if ATTRIBUTES.contains(&name) => None,
                _ => {
                    let help = match self.guess(name, &ATTRIBUTES) {
                        Some(guess) => format!("write `{guess}`"),
                        None => "put it under `Properties`".to_owned(),
                    };
                    self.report_on(
                        resource,
                        key.span(),
                        format!("resources have no attribute `{name}`"),
                        help,
                    );
                    None
                }
            };
            if let Some(wanted) = misshapen {
                self.report_on(
                    resource,
                    key.span(),
                    format!("`{name}` has to be {wanted}"),
                    format!("write {wanted}"),
                );
            }
        }
        if resource.node.get("Type").is_none() && !merged {
            let message = format!("the resource `{}` has no `Type`", resource.id);
            self.report_on(
                resource,
                resource.key.span(),
                message,
                "write its type, such as `Type: AWS::ECS::Cluster`",
            );
        }
    }

    fn output(&mut self, output: &Entry<'_>) {
        if !self.is_mapping(output, "an output is a mapping with a `Value`")
            || output.node.get("<<").is_some()
        {
            return;
        }
        if output.node.get("Value").is_none() {
            let message = format!("the output `{}` has no `Value`", output.id);
            self.report(output.key.span(), message, "write its `Value`");
        }
    }

    /// Whether the entry can be looked into; a null is reported with the others.
    fn is_mapping(&mut self, entry: &Entry<'_>, help: &str) -> bool {
        let fits = entry.node.kind() == Kind::Mapping;
        if !fits && entry.node.kind() != Kind::Alias && !is_null(entry.node) {
            self.report(entry.key.span(), format!("`{}` is no mapping", entry.id), help);
        }
        fits
    }

    /// Reports what is null below a key.
    fn nulls(&mut self, key: Node<'_>, node: Node<'_>) {
        for item in node.items() {
            if is_null(item) {
                let span = if item.span().is_empty() { key.span() } else { item.span() };
                self.report(
                    span,
                    "an entry of this list has no value, and CloudFormation refuses null",
                    NO_NULL,
                );
            }
            self.nulls(key, item);
        }
        for (key, value) in counting(node) {
            if is_null(value) {
                let message = format!("`{}` has no value, and CloudFormation refuses null", key.text());
                self.report(key.span(), message, NO_NULL);
            }
            self.nulls(key, value);
        }
    }
}

fn is_null(node: Node<'_>) -> bool {
    node.kind() == Kind::Scalar && node.tag().is_none() && meaning(node) == Meaning::Null
}

/// Whether it is a plain scalar, or an alias for something that is not looked at.
fn expr_is_scalar(node: Node<'_>) -> bool {
    matches!(expr(node), Expr::Scalar(_) | Expr::Alias(_))
}
