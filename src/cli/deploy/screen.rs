//! What is shown while it happens: a live table on a terminal, plain lines elsewhere, groups and annotations in GitHub
//! Actions, NDJSON for programs.

use std::io::{IsTerminal as _, Write as _};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::session::Stop;
use crate::cli::args::ProgressMode;
use crate::cli::output::{self, Output};
use crate::cli::table::Table;
use crate::cli::{terminal, variable};
use crate::report::human::Style;
use crate::report::sanitize;

/// The version of the lines of `--progress json`.
const SCHEMA: u32 = 1;

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A table that is drawn anew.
    Live,
    /// A line for each change.
    Plain,
    /// The same, with groups and annotations.
    Github,
    /// A JSON document a line; text goes to standard error.
    Json,
    /// Only how it ends.
    Silent,
}

/// Where it is shown.
pub(super) struct Screen<'o> {
    output: &'o mut Output,
    /// How.
    pub(super) mode: Mode,
    /// How to draw findings.
    pub(super) style: Style,
    table: Table,
    in_group: bool,
}

impl<'o> Screen<'o> {
    pub(super) fn new(output: &'o mut Output, asked: ProgressMode, style: Style) -> Screen<'o> {
        let mode = match asked {
            ProgressMode::Tty => Mode::Live,
            ProgressMode::Plain => Mode::Plain,
            ProgressMode::Json => Mode::Json,
            ProgressMode::None => Mode::Silent,
            ProgressMode::Auto if variable("GITHUB_ACTIONS").as_deref() == Some("true") => Mode::Github,
            ProgressMode::Auto if is_terminal() => Mode::Live,
            ProgressMode::Auto => Mode::Plain,
        };
        Screen { output, mode, style, table: Table::default(), in_group: false }
    }

    /// Lines that stay. What is in them was made harmless before.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Stop> {
        let text = format!("{}\n", text.trim_end_matches('\n'));
        match self.mode {
            Mode::Json => output::say_lines(&text),
            Mode::Silent => {}
            _ => self.write(&text)?,
        }
        Ok(())
    }

    /// Lines that are told even to who wants no progress: how it ended.
    pub(super) fn tell(&mut self, text: &str) -> Result<(), Stop> {
        match self.mode {
            Mode::Silent => self.write(&format!("{}\n", text.trim_end_matches('\n'))),
            _ => self.say(text),
        }
    }

    /// What a program reads.
    pub(super) fn event(&mut self, now: Timestamp, kind: &str, fields: Value) -> Result<(), Stop> {
        if self.mode != Mode::Json {
            return Ok(());
        }
        let mut line = Map::new();
        line.insert("schema".to_owned(), json!(SCHEMA));
        line.insert("t".to_owned(), json!(clock(now)));
        line.insert("type".to_owned(), json!(kind));
        if let Value::Object(fields) = fields {
            line.extend(fields);
        }
        self.write(&format!("{}\n", Value::Object(line)))
    }

    /// Begins a part of the whole: a group in GitHub's log.
    pub(super) fn phase(&mut self, name: &str) -> Result<(), Stop> {
        self.end_phase()?;
        if self.mode == Mode::Github {
            self.in_group = true;
            self.write(&format!("::group::{name}\n"))?;
        }
        Ok(())
    }

    /// Ends it.
    pub(super) fn end_phase(&mut self) -> Result<(), Stop> {
        if std::mem::take(&mut self.in_group) { self.write("::endgroup::\n") } else { Ok(()) }
    }

    /// A failure at a place of the template, as GitHub shows it beside the line.
    pub(super) fn annotate(&mut self, path: &str, line: usize, title: &str, text: &str) -> Result<(), Stop> {
        if self.mode != Mode::Github {
            return Ok(());
        }
        let (path, title) = (property(path), property(&sanitize::short(title, 200)));
        let text = data(&sanitize::short(text, 1000));
        self.write(&format!("::error file={path},line={line},title={title}::{text}\n"))
    }

    /// Draws the table anew; nothing elsewhere than on a terminal.
    pub(super) fn frame(&mut self, lines: &[String]) {
        if self.mode != Mode::Live {
            return;
        }
        let text = self.table.draw(lines, self.columns());
        // Whoever has closed the terminal is heard of by a signal.
        let _ = self.output.write(&text).and_then(|()| self.output.flush());
    }

    /// Takes the table away.
    pub(super) fn clear(&mut self) {
        let text = self.table.clear(self.columns());
        let _ = self.output.write(&text).and_then(|()| self.output.flush());
    }

    /// The columns and lines that a table has: the last column is left free, since a terminal takes a line that fills
    /// it for one that goes on in the next.
    pub(super) fn size(&self) -> (usize, usize) {
        let asked = terminal_size::terminal_size_of(std::io::stdout());
        let height = asked.map_or(24, |it| it.1.0.into());
        (self.columns().saturating_sub(1), height)
    }

    fn columns(&self) -> usize {
        let asked = terminal_size::terminal_size_of(std::io::stdout());
        asked.map_or(self.style.width, |it| it.0.0.into())
    }

    /// A line that fits the table; off a terminal as it is.
    pub(super) fn fit(&self, line: &str) -> String {
        let width = if self.mode == Mode::Live { self.size().0 } else { usize::MAX };
        if line.chars().count() <= width {
            return line.to_owned();
        }
        let mut res: String = line.chars().take(width.saturating_sub(1)).collect();
        res.push('~');
        res
    }

    fn write(&mut self, text: &str) -> Result<(), Stop> {
        let text = self.table.above(text, self.columns());
        self.output.write(&text)?;
        self.output.flush()?;
        Ok(())
    }
}

/// Whether there is somebody who sees it drawn anew.
fn is_terminal() -> bool {
    std::io::stdout().is_terminal() && variable("TERM").as_deref() != Some("dumb")
}

/// `03:10:33Z`, whole and in UTC.
pub(super) fn clock(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The escapes of GitHub's workflow commands: in the text, and in what stands before it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Adds to the page that GitHub shows of a run, where there is one.
pub(super) fn summarize(text: &str) {
    let Some(path) = variable("GITHUB_STEP_SUMMARY") else { return };
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    // It is an extra: nothing fails for it.
    let _ = file.and_then(|mut it| it.write_all(text.as_bytes()));
}

/// How findings are drawn here.
pub(super) fn style() -> Style {
    terminal::style(crate::cli::args::Color::Auto)
}
