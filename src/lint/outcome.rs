//! What checking one file gives: the one thing that every report is drawn from.

use super::fix::Applied;
use crate::diagnostic::Diagnostic;
use crate::model::FleetReport;

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A CloudFormation template, or bytes that were meant to be one.
    CloudFormation,
    /// Something else, passed over.
    Other,
}

/// The result for one file.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it is.
    pub kind: FileKind,
    /// Sorted by offset, then code.
    pub diagnostics: Vec<Diagnostic>,
    /// In the order of the text; none for other files.
    pub fleets: Vec<FleetReport>,
    /// What a user should know besides: documents left out, a bound that was reached. One sentence each.
    pub notes: Vec<String>,
    /// How many steps it took to find out, of [`crate::resolve::MAX_EFFORT`].
    pub effort: u64,
    /// What was mended before; nothing unless it was asked for.
    pub fixed: Vec<Applied>,
}

impl Outcome {
    /// The outcome for a file that is no template.
    #[must_use]
    pub fn other() -> Outcome {
        Outcome {
            kind: FileKind::Other,
            diagnostics: Vec::new(),
            fleets: Vec::new(),
            notes: Vec::new(),
            effort: 0,
            fixed: Vec::new(),
        }
    }
}
