//! The reports of a run: one on standard output, the others in files that appear whole or not at all.

use std::path::Path;

use super::args::{Check, ReportFormat};
use super::error::Error;
use super::new_file::NewFile;
use super::output::{Output, say};
use super::terminal;
use crate::report::human::Style;
use crate::report::{Format, Piece, Report, Summary};

/// All reports of a run.
pub(super) struct Reports {
    stdout: Report,
    files: Vec<(Report, NewFile)>,
    /// Whether a file could not be written.
    pub(super) failed: bool,
}

impl Reports {
    /// The report on standard output alone.
    pub(super) fn new(args: &Check, n_files: usize) -> Reports {
        let style = Style { headings: n_files > 1, quiet: args.quiet, ..terminal::style(args.color) };
        // A diff stands for itself: nothing comes before it and nothing behind.
        let format = if args.fixing.diff { Format::Concise } else { args.format.of(style) };
        Reports { stdout: Report::new(format), files: Vec::new(), failed: false }
    }

    /// Adds those in files: all, or none.
    pub(super) fn open(&mut self, args: &Check, n_files: usize) -> Result<(), Error> {
        let mut files: Vec<(Report, NewFile)> = Vec::new();
        // A file has no colours, and is as wide as everybody can read.
        let style = Style { unicode: true, headings: n_files > 1, quiet: args.quiet, ..Style::plain() };
        let page = args.html.iter().map(|it| (ReportFormat::Html, it));
        for (format, path) in args.output.iter().map(|(format, path)| (*format, path)).chain(page) {
            let file = NewFile::create(path)?;
            if files.iter().any(|(_, it)| it.target() == file.target()) {
                return Err(Error::SameOutput { path: file.shown() });
            }
            files.push((Report::new(format.of(style)), file));
        }
        self.files = files;
        Ok(())
    }

    /// The formats that a piece of each file is wanted in.
    pub(super) fn formats(&self) -> Vec<Format> {
        let all = std::iter::once(&self.stdout).chain(self.files.iter().map(|it| &it.0));
        all.map(|it| it.format().clone()).collect()
    }

    /// Whether somebody still waits for the rest.
    pub(super) fn is_wanted(&self, output: &Output) -> bool {
        !output.is_closed() || !self.files.is_empty()
    }

    /// Gives up the report that would replace the file at `path`.
    pub(super) fn spare(&mut self, path: &Path) -> Result<(), Error> {
        let Some(idx) = self.files.iter().position(|(_, it)| it.replaces(path)) else { return Ok(()) };
        // Others are written all the same, so their pieces have to stay in step: it only never comes to its end.
        self.files[idx].1.abandon();
        Err(Error::OutputIsInput { path: self.files[idx].1.shown() })
    }

    /// Writes what stands before the first file.
    pub(super) fn start(&mut self, output: &mut Output) -> Result<(), Error> {
        self.write_files(|report| report.head());
        output.write(&self.stdout.head())
    }

    /// Writes what a file adds, in the order of [`Reports::formats`].
    pub(super) fn add(&mut self, pieces: Vec<Piece>, output: &mut Output) -> Result<(), Error> {
        let mut pieces = pieces.into_iter();
        if let Some(piece) = pieces.next() {
            output.write(&self.stdout.add(piece))?;
        }
        self.write_files(|report| pieces.next().map(|it| report.add(it)).unwrap_or_default());
        Ok(())
    }

    /// Writes what stands after the last file; the files are there now.
    pub(super) fn finish(&mut self, summary: &Summary, output: &mut Output) -> Result<(), Error> {
        self.write_files(|report| report.tail(summary));
        for (_, file) in std::mem::take(&mut self.files) {
            if let Err(error) = file.finish() {
                say(&error);
                self.failed = true;
            }
        }
        output.write(&self.stdout.tail(&Summary { failed: summary.failed || self.failed, ..*summary }))
    }

    fn write_files(&mut self, mut text: impl FnMut(&mut Report) -> String) {
        for (report, file) in &mut self.files {
            if let Err(error) = file.write(&text(report)) {
                say(&error);
                self.failed = true;
            }
        }
    }
}

impl ReportFormat {
    /// The format, for people in this style.
    fn of(self, style: Style) -> Format {
        match self {
            ReportFormat::Human => Format::Human(style),
            ReportFormat::Concise => Format::Concise,
            ReportFormat::Json => Format::Json,
            ReportFormat::Sarif => Format::Sarif,
            ReportFormat::Junit => Format::Junit,
            ReportFormat::Github => Format::Github,
            ReportFormat::Gitlab => Format::Gitlab,
            ReportFormat::Markdown => Format::Markdown,
            ReportFormat::Html => Format::Html,
        }
    }

    /// What programs read, with nothing found: whoever asked for it gets a document even when it was not to be.
    pub(super) fn failed(self) -> String {
        if matches!(self, ReportFormat::Human | ReportFormat::Concise) {
            return String::new();
        }
        let report = Report::new(self.of(Style::plain()));
        report.head() + &report.tail(&Summary { failed: true, ..Summary::default() })
    }
}
