//! Why a deployment failed, in pieces: a line that says what, rows of text behind a word, and the words of the template.
//!
//! All texts but the path are harmless already; whoever hands them in sees to it.

use super::excerpt::Excerpt;
use super::window::wrapped;
use super::{BOLD, CYAN, DIM, Drawn, Painter, Style, drawing, push_line};
use crate::diagnostic::{Finding, Severity};
use crate::text::{Lines, Span};

/// Where the text of a row begins.
const INDENT: usize = 10;

/// A row is never narrower than this, whatever the terminal says.
const MIN_COLUMNS: usize = 24;

/// ` FAILED   Group: no success signal within 15m00s (0 of 1), after 15m04s`
#[must_use]
pub fn head(style: &Style, resource: &str, what: &str, after: Option<&str>) -> String {
    let painter = Painter { style };
    let after = after.map(|it| format!(", after {it}")).unwrap_or_default();
    let text = wrapped(&format!("{resource}: {what}{after}"), columns(style));
    let mut res = String::new();
    for (idx, line) in text.lines().enumerate() {
        let word = if idx == 0 { painter.paint("1;31", " FAILED   ") } else { " ".repeat(INDENT) };
        push_line(&mut res, &format!("{word}{}", painter.paint(BOLD, line)));
    }
    res
}

/// Lines behind a word: the first beside it, the others below. Nothing where there is no line.
#[must_use]
pub fn rows(style: &Style, word: &str, lines: &[&str]) -> String {
    let painter = Painter { style };
    let mut res = String::new();
    let room = INDENT - 1;
    let mut word = painter.paint(CYAN, &format!(" {word:room$}"));
    for (idx, line) in lines.iter().enumerate() {
        for part in wrapped(line, columns(style)).lines() {
            let text = if idx == 0 { part.to_owned() } else { painter.paint(DIM, part) };
            push_line(&mut res, &format!("{word}{text}"));
            word = " ".repeat(INDENT);
        }
    }
    res
}

/// The words of the template with what is to be said of each, the most telling first.
#[must_use]
pub fn places(style: &Style, path: &str, lines: &Lines<'_>, places: &[(Span, &str)]) -> String {
    let Some((first, _)) = places.first() else { return String::new() };
    let finding = places.iter().fold(Finding::at(*first, ""), |it, (span, label)| it.because(*span, *label));
    let drawn = Drawn {
        message: String::new(),
        help: None,
        severity: Severity::Error,
        excerpt: Excerpt::new(path, lines, &finding, style.width),
    };
    let mut all = String::new();
    drawing(style).render_report(&mut all, &drawn).expect("internal error: writing to a string failed");
    // The first line is that of a message, which stands above already.
    let mut res = all.split_once('\n').map_or(String::new(), |it| it.1.to_owned());
    let painter = Painter { style };
    for (at, label) in drawn.excerpt.beyond() {
        push_line(
            &mut res,
            &format!("  {} {label}", painter.paint(CYAN, &format!("at {}:{}", at.line, at.column))),
        );
    }
    res
}

fn columns(style: &Style) -> usize {
    style.width.saturating_sub(INDENT).max(MIN_COLUMNS)
}
