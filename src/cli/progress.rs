//! How far a long run has come, on a terminal.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Whoever waits shorter has no need of it.
const LONG: Duration = Duration::from_secs(1);

/// A line on standard error that counts, and goes when it is done.
pub(super) struct Progress {
    began: Instant,
    line: Option<ProgressBar>,
    is_wanted: bool,
}

impl Progress {
    /// Nothing is drawn where nobody sees it.
    pub(super) fn new(quiet: bool) -> Progress {
        Progress { began: Instant::now(), line: None, is_wanted: !quiet && std::io::stderr().is_terminal() }
    }

    /// Says how many files were looked at.
    pub(super) fn at(&mut self, n_files: usize) {
        if !self.is_wanted || self.began.elapsed() < LONG {
            return;
        }
        let line = self.line.get_or_insert_with(|| {
            let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{spinner} {msg}").ok();
            style.into_iter().fold(line, ProgressBar::with_style)
        });
        line.set_message(format!("looked at {n_files} files"));
        line.tick();
    }

    /// Does what prints something, out of the way of the line.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.line {
            Some(line) => line.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}
