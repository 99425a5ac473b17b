//! The report for people: first what counts, then what was found, then one line to sum it up.
//!
//! Everything about the terminal (colour, width, the letters that it can draw) is told by [`Style`]; nothing here asks
//! the environment.

pub mod bill;
mod diff;
mod excerpt;
pub mod failure;
pub mod story;
mod window;

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};

use super::fleet::{self, Tone};
use super::{
    FileReport, MAX_HELP, MAX_MESSAGE, Summary, count, sanitize, scenarios_sentence, severity_word,
    speaks_of_the_file, url,
};
use crate::diagnostic::{Diagnostic, Finding, Safety, Severity};
use crate::text::Lines;
use diff::diff;
use excerpt::Excerpt;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to colour, and to link the codes to their pages.
    pub color: bool,
    /// Whether the terminal can draw lines; else ASCII.
    pub unicode: bool,
    /// The columns of the terminal.
    pub width: usize,
    /// Whether more than one file is checked, so that each needs a heading.
    pub headings: bool,
    /// Findings only: no fleets, no summary.
    pub quiet: bool,
}

impl Style {
    /// No colour, ASCII, 80 columns: what every terminal can show.
    #[must_use]
    pub fn plain() -> Style {
        Style { color: false, unicode: false, width: 80, headings: false, quiet: false }
    }
}

/// What was found in one file; empty when there is nothing to say.
#[must_use]
pub fn file(style: &Style, file: &FileReport<'_>) -> String {
    let painter = Painter { style };
    let fleets = if style.quiet { &[][..] } else { &file.outcome.fleets };
    let diagnostics = &file.outcome.diagnostics;
    let mut res = String::new();
    let fixed = if style.quiet { &[][..] } else { &file.outcome.fixed };
    if fleets.is_empty() && diagnostics.is_empty() && fixed.is_empty() {
        return res;
    }
    if style.headings {
        push_line(&mut res, &painter.paint(BOLD, &sanitize::line(file.path)));
    }
    for it in fixed {
        let title = sanitize::short(&it.title, MAX_MESSAGE);
        push_line(&mut res, &format!("{} {}: {title}", painter.paint(GREEN, "fixed"), it.code));
    }
    for it in fleets {
        push_line(&mut res, &painter.fleet(it));
    }
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    // Stable, so that those of one severity stay in the order of the text.
    sorted.sort_by_key(|it| std::cmp::Reverse(it.severity));
    let drawing = drawing(style);
    for (idx, diagnostic) in sorted.into_iter().enumerate() {
        if idx > 0 || !fleets.is_empty() || !fixed.is_empty() {
            res.push('\n');
        }
        painter.finding(&mut res, &drawing, file, diagnostic);
    }
    sanitize::without_commands(res)
}

/// What stands after the last file.
#[must_use]
pub fn tail(style: &Style, summary: &Summary) -> String {
    let painter = Painter { style };
    if style.quiet || (summary.templates == 0 && summary.with_findings == 0) {
        return String::new();
    }
    // Whoever reads the template of a stranger wants to know that something was hidden.
    let suppressed = match summary.suppressed {
        0 => String::new(),
        n => format!(", {n} suppressed"),
    };
    let fixes = summary.fixes(false);
    let fixes = if fixes.is_empty() { fixes } else { format!("{fixes}\n") };
    if summary.with_findings == 0 {
        let clean = format!("no findings in {}", count(summary.templates, "template"));
        return format!("{}{suppressed}\n{fixes}", painter.paint(GREEN, &clean));
    }
    let counts = [
        (summary.errors, Severity::Error),
        (summary.warnings, Severity::Warning),
        (summary.infos, Severity::Info),
    ];
    let counts: Vec<_> = counts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, severity)| painter.paint(severity_color(*severity), &count(*n, severity_word(*severity))))
        .collect();
    let files = if summary.with_findings < summary.files {
        format!("{} of {}", summary.with_findings, count(summary.files, "file"))
    } else {
        count(summary.files, "file")
    };
    // A file may have nothing but the line of a clean fleet above it.
    format!("\n{} in {files}{suppressed}\n{fixes}", counts.join(", "))
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const DIM: &str = "2";

fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;36",
    }
}

fn push_line(res: &mut String, line: &str) {
    res.push_str(line);
    res.push('\n');
}

/// Puts texts that are already harmless into the colours of a style.
struct Painter<'a> {
    style: &'a Style,
}

impl Painter<'_> {
    fn paint(&self, color: &str, text: &str) -> String {
        if self.style.color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// The text as a link, where the terminal understands escape sequences.
    fn link(&self, url: &str, text: &str) -> String {
        if self.style.color {
            format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
        } else {
            text.to_owned()
        }
    }

    fn fleet(&self, fleet: &crate::model::FleetReport) -> String {
        let parts: Vec<_> = fleet::parts(fleet)
            .iter()
            .map(|it| match it.tone {
                Tone::Plain => it.text.clone(),
                Tone::Bad => self.paint(RED, &it.text),
                Tone::Careful => self.paint(YELLOW, &it.text),
                Tone::Unknown => self.paint(DIM, &it.text),
            })
            .collect();
        format!("{}: {}", self.paint(BOLD, &fleet::name(&fleet.id)), parts.join(", "))
    }

    /// The message, the lines around it, the help.
    fn draw(
        &self,
        res: &mut String,
        drawing: &GraphicalReportHandler,
        path: &str,
        lines: &Lines<'_>,
        finding: &Finding,
        severity: Severity,
    ) {
        let drawn = Drawn {
            message: sanitize::short(&finding.message, MAX_MESSAGE),
            help: finding.help.as_deref().map(|it| sanitize::short_lines(it, MAX_HELP)),
            severity,
            excerpt: Excerpt::new(path, lines, finding, self.style.width),
        };
        drawing.render_report(res, &drawn).expect("internal error: writing to a string failed");
        for (at, label) in drawn.excerpt.beyond() {
            push_line(
                res,
                &format!("  {} {label}", self.paint(CYAN, &format!("at {}:{}", at.line, at.column))),
            );
        }
    }

    fn finding(
        &self,
        res: &mut String,
        drawing: &GraphicalReportHandler,
        file: &FileReport<'_>,
        it: &Diagnostic,
    ) {
        let page = url(&it.code);
        let head = format!("{}[{}]", severity_word(it.severity), it.code);
        let head = self.paint(severity_color(it.severity), &head);
        let head = page.as_ref().map_or(head.clone(), |page| self.link(page, &head));
        if speaks_of_the_file(it) {
            let message = sanitize::short(&it.finding.message, MAX_MESSAGE);
            push_line(res, &format!("{head} {}: {message}", sanitize::short(file.path, MAX_MESSAGE)));
            if let Some(help) = &it.finding.help {
                push_line(
                    res,
                    &format!("  {} {}", self.paint(CYAN, "help:"), sanitize::short(help, MAX_HELP)),
                );
            }
            return;
        }
        push_line(res, &format!("{head} {}", self.paint(BOLD, &it.name)));
        self.draw(res, drawing, file.path, file.lines, &it.finding, it.severity);
        if let Some((fix, how)) = it.finding.fix.as_ref().and_then(|it| Some((it, how_to_fix(it.safety)?))) {
            let title = sanitize::short(&fix.title, MAX_MESSAGE);
            push_line(res, &format!("  {} {title} ({how})", self.paint(CYAN, "fix:")));
        }
        // What is never applied has to be seen.
        if let Some(fix) = it.finding.fix.as_ref().filter(|it| it.safety == Safety::DisplayOnly) {
            let title = sanitize::short(&fix.title, MAX_MESSAGE);
            push_line(res, &format!("  {} {title}", self.paint(CYAN, "to change:")));
            for line in diff(file.lines, &fix.edits) {
                let color = match line.mark {
                    '-' => RED,
                    '+' => GREEN,
                    _ => DIM,
                };
                push_line(res, &format!("  {}", self.paint(color, &format!("{} {}", line.mark, line.text))));
            }
        }
        if let Some(scenarios) = &it.scenarios {
            let sentence = sanitize::short(&scenarios_sentence(scenarios), MAX_MESSAGE);
            push_line(res, &format!("  {} {sentence}", self.paint(CYAN, "only when")));
        }
        if let Some(page) = page.filter(|_| !self.style.color) {
            push_line(res, &format!("  see {page}"));
        }
    }
}

/// What applies a fix.
fn how_to_fix(safety: Safety) -> Option<&'static str> {
    match safety {
        Safety::Safe => Some("check --fix"),
        Safety::Unsafe => Some("check --fix --unsafe-fixes"),
        Safety::DisplayOnly => None,
    }
}

/// What miette has to draw for one finding: everything but its first line.
#[derive(Debug)]
struct Drawn {
    message: String,
    help: Option<String>,
    severity: Severity,
    excerpt: Excerpt,
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl miette::Diagnostic for Drawn {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|it| Box::new(it) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels()))
    }
}

/// The handler of a style; miette's own would read the environment.
fn drawing(style: &Style) -> GraphicalReportHandler {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .without_syntax_highlighting()
}
