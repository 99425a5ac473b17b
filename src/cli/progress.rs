//! How far a long run has come, on a terminal.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use super::output::say_lines;
use super::table::Table;

/// Whoever waits shorter has no need of it.
const LONG: Duration = Duration::from_secs(1);

/// A line on standard error that counts, and goes when it is done.
pub(super) struct Progress {
    began: Instant,
    table: Table,
    is_wanted: bool,
}

impl Progress {
    /// Nothing is drawn where nobody sees it.
    pub(super) fn new(quiet: bool) -> Progress {
        Progress {
            began: Instant::now(),
            table: Table::default(),
            is_wanted: !quiet && std::io::stderr().is_terminal(),
        }
    }

    /// Says how many files were looked at.
    pub(super) fn at(&mut self, n_files: usize) {
        if !self.is_wanted || self.began.elapsed() < LONG {
            return;
        }
        say_lines(&self.table.draw(&[format!("looked at {n_files} files ...")], usize::MAX));
    }

    /// Takes the line away: something else is to be printed.
    pub(super) fn clear(&mut self) {
        say_lines(&self.table.clear(usize::MAX));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
