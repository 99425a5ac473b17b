//! A Code Quality report, which GitLab shows in merge requests.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::json::escape;
use super::{FileReport, details, fingerprint, message, plain_path};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Lines;

pub(super) fn head() -> String {
    "[\n".to_owned()
}

/// The findings of one file, a line each.
pub(super) fn file(file: &FileReport<'_>) -> String {
    let path = plain_path(file.path);
    let fingerprints = fingerprint::fingerprints(file);
    let findings = file.outcome.diagnostics.iter().zip(&fingerprints);
    let entry = |(it, fingerprint): (&Diagnostic, &String)| {
        escape::to_string(&Entry {
            description: [vec![message(it)], details(it)].concat().join("; "),
            check_name: &it.code,
            // One that stands twice is shown once.
            fingerprint: fingerprint::hash(&[&path, fingerprint]),
            severity: match it.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: Location { path: &path, positions: Positions::new(it, file.lines) },
        })
    };
    findings.map(entry).collect::<Vec<_>>().join(",\n")
}

pub(super) fn tail() -> String {
    "\n]\n".to_owned()
}

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Positions {
    fn new(it: &Diagnostic, lines: &Lines<'_>) -> Positions {
        let place = |offset| {
            let position = lines.position(offset);
            Place { line: position.line, column: position.column }
        };
        Positions { begin: place(it.finding.span.start), end: place(it.finding.span.end) }
    }
}
