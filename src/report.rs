//! One [`Outcome`] for each file, many formats.
//!
//! [`Format::file`] turns one file into a [`Piece`] without knowing the others, so files are rendered in parallel;
//! [`Report`] puts the pieces together in their order. What programs read is written as it comes; only the Markdown
//! summary, whose size is bounded, is held until the end.
//!
//! Invariants: lines and columns exist here and nowhere below; nothing here reads or writes a file; all formats name
//! the same places; no text of a template, a file name or a parameter reaches a format but through [`sanitize`] or the
//! escapes of that format.

mod concise;
mod fingerprint;
pub mod fleet;
mod github;
mod gitlab;
mod html;
pub mod human;
pub mod json;
mod junit;
mod markdown;
pub mod picture;
pub mod policy;
pub mod sanitize;
mod sarif;
pub mod unified;
mod xml;

use std::borrow::Cow;

use crate::diagnostic::{Assumptions, Diagnostic, Safety, Severity};
use crate::lint::views::Views;
use crate::lint::{FileKind, Means, Outcome};
use crate::text::Lines;

/// A message that is longer loses its middle: names in it come from the template.
const MAX_MESSAGE: usize = 600;
/// The same for what to do, which may hold a few lines of a template.
const MAX_HELP: usize = 2000;

/// What was found in one file, and what is needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct FileReport<'a> {
    /// As the user named it.
    pub path: &'a str,
    /// The text of the file, as far as it is text.
    pub lines: &'a Lines<'a>,
    /// What was found.
    pub outcome: &'a Outcome,
    /// What [`Format::Html`] shows besides; for the others there need be nothing.
    pub views: Option<&'a Views>,
}

/// The formats of a report.
#[derive(Clone, Debug)]
pub enum Format {
    /// For people at a terminal: the words of the template with carets.
    Human(human::Style),
    /// One line a finding, and nothing else.
    Concise,
    /// For programs: version 1 of `docs/report.schema.json`.
    Json,
    /// For code scanning and editors: SARIF 2.1.0.
    Sarif,
    /// For test reports: JUnit XML.
    Junit,
    /// For the log of a GitHub workflow, which shows its lines at their places.
    Github,
    /// For merge requests of GitLab: a Code Quality report.
    Gitlab,
    /// For a comment in a pull request, or `$GITHUB_STEP_SUMMARY`.
    Markdown,
    /// A page with pictures.
    Html,
}

/// What one file adds to a report.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text that follows on that of the file before.
    Text(String),
    /// The results of SARIF, and the policies that stand among the rules behind all results.
    Results(sarif::Results),
    /// Rows of the tables that a summary ends up with.
    Rows(markdown::Rows),
}

impl Format {
    /// Whether it shows [`FileReport::views`].
    #[must_use]
    pub fn needs_views(&self) -> bool {
        matches!(self, Format::Html)
    }

    /// What one file adds; may be nothing.
    #[must_use]
    pub fn file(&self, file: &FileReport<'_>) -> Piece {
        Piece::Text(match self {
            Format::Human(style) => human::file(style, file),
            Format::Concise => concise::file(file),
            Format::Json => json::file(file),
            Format::Sarif => return Piece::Results(sarif::file(file)),
            Format::Junit => junit::file(file),
            Format::Github => github::file(file),
            Format::Gitlab => gitlab::file(file),
            Format::Html => html::file(file),
            Format::Markdown => return Piece::Rows(markdown::file(file)),
        })
    }

    /// What stands between two pieces that are not empty.
    fn between(&self) -> &'static str {
        match self {
            Format::Human(_) => "\n",
            Format::Json | Format::Sarif | Format::Gitlab => ",\n",
            Format::Concise | Format::Junit | Format::Github | Format::Markdown | Format::Html => "",
        }
    }
}

/// A report that grows: the pieces go in, in their order, and what can be written comes out.
#[derive(Debug)]
pub struct Report {
    format: Format,
    has_piece: bool,
    rows: markdown::Rows,
    policies: sarif::Policies,
}

impl Report {
    /// A report without a file.
    #[must_use]
    pub fn new(format: Format) -> Report {
        Report {
            format,
            has_piece: false,
            rows: markdown::Rows::default(),
            policies: sarif::Policies::default(),
        }
    }

    /// What its pieces are made with.
    #[must_use]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// What stands before the first file.
    #[must_use]
    pub fn head(&self) -> String {
        match &self.format {
            Format::Json => json::head(),
            Format::Sarif => sarif::head(),
            Format::Junit => junit::head(),
            Format::Gitlab => gitlab::head(),
            Format::Html => html::head(),
            Format::Human(_) | Format::Concise | Format::Github | Format::Markdown => String::new(),
        }
    }

    /// Takes the piece of the next file, and gives what can be written of it.
    #[must_use]
    pub fn add(&mut self, piece: Piece) -> String {
        match piece {
            Piece::Text(text) if text.is_empty() => text,
            Piece::Text(text) if self.has_piece => format!("{}{text}", self.format.between()),
            Piece::Text(text) => {
                self.has_piece = true;
                text
            }
            Piece::Results(results) => {
                let text = self.policies.take(results);
                self.add(Piece::Text(text))
            }
            Piece::Rows(rows) => {
                self.rows.append(rows);
                String::new()
            }
        }
    }

    /// What stands after the last file.
    #[must_use]
    pub fn tail(&self, summary: &Summary) -> String {
        match &self.format {
            Format::Human(style) => human::tail(style, summary),
            Format::Concise => String::new(),
            Format::Json => json::tail(summary),
            Format::Sarif => sarif::tail(summary, &self.policies),
            Format::Junit => junit::tail(summary),
            Format::Github => github::tail(summary),
            Format::Gitlab => gitlab::tail(),
            Format::Markdown => markdown::document(&self.rows, summary),
            Format::Html => html::tail(summary),
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
    /// What was mended before the rest was found.
    pub fixed: usize,
    /// What `--fix` would mend.
    pub fixable: usize,
    /// What `--unsafe-fixes` would mend besides.
    pub fixable_unsafe: usize,
    /// Whether ecslint could not do its job on all of it: what is not here may still be wrong.
    pub failed: bool,
}

impl Summary {
    /// The findings of one file.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Summary {
        let count = |severity| outcome.diagnostics.iter().filter(|it| it.severity == severity).count();
        let fixes = |safety| {
            let safeties = outcome.diagnostics.iter().filter_map(|it| Some(it.finding.fix.as_ref()?.safety));
            safeties.filter(|it| *it == safety).count()
        };
        Summary {
            files: 1,
            templates: usize::from(outcome.kind == FileKind::CloudFormation),
            with_findings: usize::from(!outcome.diagnostics.is_empty()),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            suppressed: outcome.suppressed.len(),
            fixed: outcome.fixed.len(),
            fixable: fixes(Safety::Safe),
            fixable_unsafe: fixes(Safety::Unsafe),
            failed: false,
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
        self.fixed += other.fixed;
        self.fixable += other.fixable;
        self.fixable_unsafe += other.fixable_unsafe;
        self.failed |= other.failed;
    }

    /// `2 errors, 1 info`; empty without findings.
    fn counts(&self) -> String {
        let counts = [
            (self.errors, Severity::Error),
            (self.warnings, Severity::Warning),
            (self.infos, Severity::Info),
        ];
        let counts = counts.iter().filter(|(n, _)| *n > 0);
        counts.map(|(n, severity)| count(*n, severity_word(*severity))).collect::<Vec<_>>().join(", ")
    }

    /// `2 fixed, 1 more with --unsafe-fixes`, or what could be; empty where there is nothing to fix. `would` speaks of a
    /// run that left the files as they are.
    #[must_use]
    pub fn fixes(&self, would: bool) -> String {
        let Summary { fixed, fixable, fixable_unsafe, .. } = *self;
        let is_fixed = if would { "would be fixed" } else { "fixed" };
        match (fixed, fixable, fixable_unsafe) {
            (0, 0, 0) => String::new(),
            (0, 0, n) => format!("{n} can be fixed with --fix --unsafe-fixes"),
            (0, n, 0) => format!("{n} can be fixed with --fix"),
            (0, n, more) => format!("{n} can be fixed with --fix, {more} more with --unsafe-fixes"),
            (n, _, 0) => format!("{n} {is_fixed}"),
            (n, _, more) => format!("{n} {is_fixed}, {more} more with --unsafe-fixes"),
        }
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

/// `1 file`, `2 files`
fn count(n: usize, word: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {word}{plural}")
}

/// The fact, on one harmless line.
fn message(diagnostic: &Diagnostic) -> String {
    sanitize::short(&diagnostic.finding.message, MAX_MESSAGE)
}

/// What is said of a finding besides its message where nothing is drawn: when it holds, what to do; harmless lines.
fn details(diagnostic: &Diagnostic) -> Vec<String> {
    let scenarios = diagnostic.scenarios.as_deref().map(scenarios_sentence);
    let when = scenarios.map(|it| format!("only when {}", sanitize::short(&it, MAX_MESSAGE)));
    let help = diagnostic.finding.help.as_deref();
    let help = help.map(|it| format!("help: {}", sanitize::short(it, MAX_HELP)));
    when.into_iter().chain(help).collect()
}

/// Whether there are no words to point at: the file cannot be read, or is too large as a whole.
fn speaks_of_the_file(diagnostic: &Diagnostic) -> bool {
    diagnostic.finding.span.is_empty() && diagnostic.finding.span.start == 0
}

/// The path as other programs expect it: with slashes, and without a `./` before it.
fn plain_path(path: &str) -> Cow<'_, str> {
    let path = path.trim_start_matches("./");
    // Elsewhere a backslash is a letter of a name like any other.
    if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// The word for what says not to tell a finding.
fn means_word(means: Means) -> &'static str {
    match means {
        Means::Comment => "comment",
        Means::Metadata => "metadata",
        Means::Baseline => "baseline",
    }
}

/// The page of a rule; policies have none.
fn url(code: &str) -> Option<String> {
    let is_rule = code.starts_with("ECS");
    is_rule.then(|| format!("{}/blob/main/rules/{code}.md", env!("CARGO_PKG_REPOSITORY")))
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
