//! The report for programs: one JSON document, version 1 of `docs/report.schema.json`.
//!
//! The structs here are the format, in the order of its fields; the types of the lower layers may change without it.
//! Absent knowledge is `null`, never a missing key. One file stands on one line.

pub mod bill;
pub(super) mod escape;
mod fleet;
pub mod model;
pub mod rules;

use serde::Serialize;

use super::{FileReport, Summary, means_word, severity_word, url};
use crate::diagnostic::{Assumptions, Diagnostic, Fix, Safety};
use crate::lint::fix::Applied;
use crate::lint::{self, FileKind};
use crate::text::{Lines, Span};

/// Everything before the first file.
pub(super) fn head() -> String {
    format!("{{\"version\":1,\"ecslint\":\"{}\",\"files\":[\n", env!("CARGO_PKG_VERSION"))
}

/// One file.
pub(super) fn file(file: &FileReport<'_>) -> String {
    let outcome = file.outcome;
    escape::to_string(&File {
        path: file.path,
        kind: match outcome.kind {
            FileKind::CloudFormation => "cloudformation",
            FileKind::Other => "other",
        },
        findings: outcome.diagnostics.iter().map(|it| Finding::new(it, file.lines)).collect(),
        suppressed: outcome.suppressed.iter().map(|it| Suppressed::new(it, file.lines)).collect(),
        fleets: outcome.fleets.iter().map(|it| fleet::Fleet::new(it, file.lines)).collect(),
        fixed: outcome.fixed.iter().map(Fixed::new).collect(),
    })
}

/// Everything after the last file.
pub(super) fn tail(summary: &Summary) -> String {
    let Summary { files, errors, warnings, infos, suppressed, fixed, .. } = *summary;
    let counts = escape::to_string(&Counts { files, errors, warnings, infos, suppressed, fixed });
    format!("\n],\"summary\":{counts}}}\n")
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    fixed: usize,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    kind: &'static str,
    findings: Vec<Finding<'a>>,
    fleets: Vec<fleet::Fleet<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    fixed: Vec<Fixed<'a>>,
}

#[derive(Serialize)]
struct Fixed<'a> {
    code: &'a str,
    name: &'a str,
    safety: &'static str,
    title: &'a str,
}

/// A finding that is not to be told, and what says so.
#[derive(Serialize)]
struct Suppressed<'a> {
    finding: Finding<'a>,
    by: &'static str,
    reason: Option<&'a str>,
    span: Option<Range>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'static str,
    message: &'a str,
    resource: Option<&'a str>,
    span: Range,
    labels: Vec<Label<'a>>,
    help: Option<&'a str>,
    scenarios: Option<&'a [Assumptions]>,
    fix: Option<FixOut<'a>>,
    url: Option<String>,
}

#[derive(Serialize)]
struct Label<'a> {
    message: &'a str,
    span: Range,
}

/// Where something stands; the end is exclusive.
#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct FixOut<'a> {
    safety: &'static str,
    title: &'a str,
    edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

impl<'a> Finding<'a> {
    fn new(diagnostic: &'a Diagnostic, lines: &Lines<'_>) -> Finding<'a> {
        let finding = &diagnostic.finding;
        let label = |(span, message): &'a (Span, String)| Label { message, span: Range::new(*span, lines) };
        Finding {
            code: &diagnostic.code,
            name: &diagnostic.name,
            severity: severity_word(diagnostic.severity),
            message: &finding.message,
            resource: finding.resource.as_deref(),
            span: Range::new(finding.span, lines),
            labels: finding.because.iter().map(label).collect(),
            help: finding.help.as_deref(),
            scenarios: diagnostic.scenarios.as_deref(),
            fix: finding.fix.as_ref().map(FixOut::new),
            url: url(&diagnostic.code),
        }
    }
}

impl<'a> Fixed<'a> {
    fn new(applied: &'a Applied) -> Fixed<'a> {
        let Applied { code, name, title, .. } = applied;
        Fixed { code, name, safety: safety(applied.safety), title }
    }
}

impl<'a> Suppressed<'a> {
    fn new(suppressed: &'a lint::Suppressed, lines: &Lines<'_>) -> Suppressed<'a> {
        let by = &suppressed.by;
        Suppressed {
            finding: Finding::new(&suppressed.diagnostic, lines),
            by: means_word(by.means),
            reason: by.reason.as_deref(),
            span: by.span.map(|it| Range::new(it, lines)),
        }
    }
}

impl Range {
    fn new(span: Span, lines: &Lines<'_>) -> Range {
        let place = |offset| {
            let position = lines.position(offset);
            Place { line: position.line, column: position.column, offset: position.offset }
        };
        Range { start: place(span.start), end: place(span.end) }
    }
}

impl<'a> FixOut<'a> {
    fn new(fix: &'a Fix) -> FixOut<'a> {
        let edit = |it: &'a crate::diagnostic::Edit| EditOut {
            start: it.span.start,
            end: it.span.end,
            text: &it.text,
        };
        FixOut { safety: safety(fix.safety), title: &fix.title, edits: fix.edits.iter().map(edit).collect() }
    }
}

/// The word for what a fix promises.
pub(super) fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
        Safety::DisplayOnly => "display-only",
    }
}
