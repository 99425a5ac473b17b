//! The resolved model for programs: version 1 of `docs/model.schema.json`.
//!
//! `Resources` has the form of a template, so that rules which are written for templates read it.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{escape, fleet};
use crate::boot::{Does, Form, Step};
use crate::diagnostic::Assumptions;
use crate::lint::resolved::{Is, Known, Member, Resolved};
use crate::lint::story::{FileLine, Story};
use crate::model::Word;
use crate::text::{Lines, Span};

/// So many bytes of paths are written; what stands behind is in no place.
const MAX_PATHS: usize = 16 << 20;

/// A model as one JSON document, its parts on lines of their own.
#[must_use]
pub fn model(path: &str, model: &Resolved, lines: &Lines<'_>) -> String {
    let version = format!("\"version\":1,\"ecslint\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let resource = |it: &Member| entry(&it.key, &Shown { value: &it.value, lines });
    let cluster = |(id, name): &(String, Option<Known>)| {
        escape::to_string(&Cluster { id, name: name.as_ref().map(|value| Shown { value, lines }) })
    };
    let parts = [
        format!("\"Resources\":{{{}}}", rows(model.resources.iter().map(resource))),
        format!(
            "\"fleets\":[{}]",
            rows(model.fleets.iter().map(|it| escape::to_string(&fleet::Fleet::new(it, lines))))
        ),
        format!("\"clusters\":[{}]", rows(model.clusters.iter().map(cluster))),
        format!(
            "\"boots\":[{}]",
            rows(model.boots.iter().map(|it| escape::to_string(&Boot::new(it, lines))))
        ),
        format!(
            "\"places\":{{{}}}",
            rows(places(model).iter().map(|(path, span)| entry(path, &Place::new(*span, lines))))
        ),
    ];
    let head = escape::to_string(&Head {
        path,
        region: model.region.as_deref(),
        assumptions: &model.assumptions,
        cut: model.is_cut,
    });
    // The head without its braces.
    format!("{{{version},{},\n{}}}\n", &head[1..head.len() - 1], parts.join(",\n"))
}

/// Rows, each on a line.
fn rows(rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) }
}

fn entry(key: &str, value: &impl Serialize) -> String {
    format!("{}:{}", escape::to_string(&key), escape::to_string(value))
}

#[derive(Serialize)]
struct Head<'a> {
    path: &'a str,
    region: Option<&'a str>,
    assumptions: &'a Assumptions,
    cut: bool,
}

#[derive(Serialize)]
struct Cluster<'a> {
    id: &'a str,
    name: Option<Shown<'a>>,
}

/// A value with the lines that its place is told in.
#[derive(Clone, Copy)]
struct Shown<'a> {
    value: &'a Known,
    lines: &'a Lines<'a>,
}

/// What stands for a value that is not known.
#[derive(Serialize)]
struct Unknown<'a> {
    unknown: bool,
    text: Option<&'a str>,
    resource: Option<&'a str>,
    attribute: Option<&'a str>,
    secret: bool,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    fn new(span: Span, lines: &Lines<'_>) -> Place {
        let at = lines.position(span.start);
        Place { line: at.line, column: at.column }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lines = self.lines;
        match &self.value.is {
            Is::Null => serializer.serialize_none(),
            Is::Bool(it) => serializer.serialize_bool(*it),
            Is::Integer(it) => serializer.serialize_i64(*it),
            Is::Float(it) => serializer.serialize_f64(*it),
            Is::Text(it) => serializer.serialize_str(it),
            Is::List(values) => serializer.collect_seq(values.iter().map(|value| Shown { value, lines })),
            Is::Map(members) => {
                serializer.collect_map(members.iter().map(|it| (&it.key, Shown { value: &it.value, lines })))
            }
            Is::Unknown { text, resource, attribute, secret } => {
                let Place { line, column } = Place::new(self.value.span, lines);
                let (text, secret) = (text.as_deref(), *secret);
                let (resource, attribute) = (resource.as_deref(), attribute.as_deref());
                Unknown { unknown: true, text, resource, attribute, secret, line, column }
                    .serialize(serializer)
            }
        }
    }
}

/// Where everything stands, by the paths that policies have for it, behind the logical id.
fn places(model: &Resolved) -> BTreeMap<String, Span> {
    let mut res = BTreeMap::new();
    let mut left = MAX_PATHS;
    let mut todo: Vec<(String, Span, &Known)> =
        model.resources.iter().map(|it| (it.key.clone(), it.span, &it.value)).collect();
    while let Some((path, span, value)) = todo.pop() {
        let Some(rest) = left.checked_sub(path.len()) else { break };
        left = rest;
        match &value.is {
            Is::Map(members) => {
                todo.extend(members.iter().map(|it| (format!("{path}.{}", it.key), it.value.span, &it.value)))
            }
            Is::List(values) => todo
                .extend(values.iter().enumerate().map(|(idx, it)| (format!("{path}[{idx}]"), it.span, it))),
            _ => {}
        }
        res.insert(path, span);
    }
    res
}

#[derive(Serialize)]
struct Boot<'a> {
    fleet: &'a str,
    source: &'a str,
    form: &'static str,
    joins: &'static str,
    signals: &'static str,
    /// A program runs that may do anything.
    anything: bool,
    steps: Vec<StepOut<'a>>,
    files: BTreeMap<&'a str, Vec<LineOut<'a>>>,
}

#[derive(Serialize)]
struct StepOut<'a> {
    does: &'static str,
    what: Option<&'a str>,
    certain: bool,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct LineOut<'a> {
    text: &'a str,
    certain: bool,
}

impl<'a> Boot<'a> {
    fn new(story: &'a Story, lines: &Lines<'_>) -> Boot<'a> {
        let steps = story.script.iter().flat_map(|it| &it.steps).chain(&story.elsewhere);
        let line = |it: &'a FileLine| LineOut { text: &it.text, certain: it.certain };
        let file = |(path, content): &'a (String, Vec<FileLine>)| {
            (path.as_str(), content.iter().map(line).collect())
        };
        Boot {
            fleet: &story.fleet,
            source: &story.source,
            form: form(story.form),
            joins: story.joins.verdict.word(),
            signals: story.signals.verdict.word(),
            anything: story.anything,
            steps: steps.map(|it| step(it, lines)).collect(),
            files: story.files.iter().map(file).collect(),
        }
    }
}

fn step<'a>(step: &'a Step, lines: &Lines<'_>) -> StepOut<'a> {
    let (does, what) = match &step.does {
        Does::Writes { path, append: true, .. } => ("appends", Some(path)),
        Does::Writes { path, .. } => ("writes", Some(path)),
        Does::Installs { package } => ("installs", Some(package)),
        Does::Removes { package } => ("removes", Some(package)),
        Does::Starts { service, .. } => ("starts", Some(service)),
        Does::Initializes { resource, .. } => ("initializes", Some(resource)),
        Does::Signals { target } => ("signals", Some(target)),
        Does::MayDoAnything { program } => ("may-do-anything", Some(program)),
        Does::MayEnd => ("may-end", None),
        Does::Ends { failed: true } => ("fails", None),
        Does::Ends { failed: false } => ("ends", None),
    };
    let place = step.place.map(|it| Place::new(it.used.unwrap_or(it.span), lines));
    StepOut {
        does,
        what: what.map(String::as_str),
        certain: step.certain,
        line: place.as_ref().map(|it| it.line),
        column: place.map(|it| it.column),
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::None => "none",
        Form::Shell => "shell",
        Form::CloudConfig => "cloud-config",
        Form::Boothook => "boothook",
        Form::Multipart => "multipart",
        Form::Windows => "windows",
        Form::Bottlerocket => "bottlerocket",
        Form::AgentJson => "agent-json",
        Form::Plain => "plain",
        Form::Unknown => "unknown",
    }
}
