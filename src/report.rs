//! One [`Outcome`] for each file, many formats.
//!
//! Invariants: lines and columns exist here and nowhere below; nothing here reads or writes a file; a format turns one
//! file into text without knowing the others, so files are rendered in parallel and no report is held as a whole; no
//! text of a template, a file name or a parameter reaches a format but through [`sanitize`].

pub mod fleet;
pub mod human;
pub mod json;
pub mod sanitize;

use crate::diagnostic::{Assumptions, Severity};
use crate::lint::{FileKind, Means, Outcome};
use crate::text::Lines;

/// What was found in one file, and what is needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct FileReport<'a> {
    /// As the user named it.
    pub path: &'a str,
    /// The text of the file, as far as it is text.
    pub lines: &'a Lines<'a>,
    /// What was found.
    pub outcome: &'a Outcome,
}

/// The formats of a report.
#[derive(Clone, Debug)]
pub enum Format {
    /// For people.
    Human(human::Style),
    /// For programs: version 1 of `docs/report.schema.json`.
    Json,
}

impl Format {
    /// What stands before the first file.
    #[must_use]
    pub fn head(&self) -> String {
        match self {
            Format::Human(_) => String::new(),
            Format::Json => json::head(),
        }
    }

    /// One file; may be empty.
    #[must_use]
    pub fn file(&self, file: &FileReport<'_>) -> String {
        match self {
            Format::Human(style) => human::file(style, file),
            Format::Json => json::file(file),
        }
    }

    /// What stands between two files that are not empty.
    #[must_use]
    pub fn between(&self) -> &'static str {
        match self {
            Format::Human(_) => "\n",
            Format::Json => json::BETWEEN,
        }
    }

    /// What stands after the last file.
    #[must_use]
    pub fn tail(&self, summary: &Summary) -> String {
        match self {
            Format::Human(style) => human::tail(style, summary),
            Format::Json => json::tail(summary),
        }
    }
}

/// The findings of all files, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The files that were looked at, without those passed over in silence.
    pub files: usize,
    /// Those of them that are templates.
    pub templates: usize,
    /// Those of them that have a finding.
    pub with_findings: usize,
    /// What is proved to fail.
    pub errors: usize,
    /// What costs money, opens a door, hides a failure or will break soon.
    pub warnings: usize,
    /// What is worth knowing.
    pub infos: usize,
    /// What was found and is not to be told; counted nowhere else.
    pub suppressed: usize,
}

impl Summary {
    /// The findings of one file.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Summary {
        let count = |severity| outcome.diagnostics.iter().filter(|it| it.severity == severity).count();
        Summary {
            files: 1,
            templates: usize::from(outcome.kind == FileKind::CloudFormation),
            with_findings: usize::from(!outcome.diagnostics.is_empty()),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            suppressed: outcome.suppressed.len(),
        }
    }

    /// Counts the findings of more files.
    pub fn add(&mut self, other: Summary) {
        self.files += other.files;
        self.templates += other.templates;
        self.with_findings += other.with_findings;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.suppressed += other.suppressed;
    }

    /// Whether something is at least as bad as `severity`.
    #[must_use]
    pub fn has(&self, severity: Severity) -> bool {
        let counts = [
            (Severity::Error, self.errors),
            (Severity::Warning, self.warnings),
            (Severity::Info, self.infos),
        ];
        counts.iter().any(|(it, count)| *it >= severity && *count > 0)
    }
}

/// The word for a severity.
fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The word for what says not to tell a finding.
fn means_word(means: Means) -> &'static str {
    match means {
        Means::Comment => "comment",
        Means::Metadata => "metadata",
        Means::Baseline => "baseline",
    }
}

/// The page of a rule.
fn url(code: &str) -> String {
    format!("{}/blob/main/rules/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// `UseSpot is true and IsProd is false, or IsProd is true`
fn scenarios_sentence(scenarios: &[Assumptions]) -> String {
    let one = |assumptions: &Assumptions| {
        let parts: Vec<_> = assumptions.iter().map(|(name, holds)| format!("{name} is {holds}")).collect();
        parts.join(" and ")
    };
    scenarios.iter().map(one).collect::<Vec<_>>().join(", or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_what_is_at_least_as_bad() {
        let summary = Summary { warnings: 1, ..Summary::default() };
        let has = [Severity::Error, Severity::Warning, Severity::Info].map(|it| summary.has(it));
        assert_eq!(has, [false, true, true]);
    }

    #[test]
    fn scenarios_read_as_a_sentence() {
        let assume =
            |list: &[(&str, bool)]| list.iter().map(|(name, it)| ((*name).to_owned(), *it)).collect();
        let scenarios = [assume(&[("IsProd", false), ("UseSpot", true)]), assume(&[("Big", true)])];
        let sentence = scenarios_sentence(&scenarios);
        assert_eq!(sentence, "IsProd is false and UseSpot is true, or Big is true");
    }
}
