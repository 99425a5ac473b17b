//! What checking one file gives: the one thing that every report is drawn from.

use std::sync::Arc;

use super::fix::Applied;
use crate::diagnostic::Diagnostic;
use crate::model::FleetReport;
use crate::policy::Policy;
use crate::text::Span;

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
    /// What was found and is not to be told, in the same order. It changes no verdict.
    pub suppressed: Vec<Suppressed>,
    /// In the order of the text; none for other files.
    pub fleets: Vec<FleetReport>,
    /// What a user should know besides: documents left out, a bound that was reached. One sentence each.
    pub notes: Vec<String>,
    /// The policies of the project, whatever they found.
    pub policies: Arc<[Policy]>,
    /// How many steps it took to find out, of [`crate::resolve::MAX_EFFORT`].
    pub effort: u64,
    /// What was mended before; nothing unless it was asked for.
    pub fixed: Vec<Applied>,
}

impl Outcome {
    /// The outcome for a file that is no template.
    #[must_use]
    pub fn other() -> Outcome {
        Outcome::of(FileKind::Other, Vec::new())
    }

    /// Keeps those of its findings for which something says not to tell them.
    pub fn suppress(&mut self, mut by: impl FnMut(&Diagnostic) -> Option<Suppressor>) {
        for diagnostic in std::mem::take(&mut self.diagnostics) {
            match by(&diagnostic) {
                Some(by) => self.suppressed.push(Suppressed { diagnostic, by }),
                None => self.diagnostics.push(diagnostic),
            }
        }
        self.sort();
    }

    /// Puts all in the order of the text, then of the codes.
    pub(super) fn sort(&mut self) {
        let in_order = |left: &Diagnostic, right: &Diagnostic| {
            fn key(it: &Diagnostic) -> (u32, &str, u32) {
                (it.finding.span.start, &it.code, it.finding.span.end)
            }
            key(left).cmp(&key(right)).then_with(|| left.finding.message.cmp(&right.finding.message))
        };
        self.diagnostics.sort_by(in_order);
        self.suppressed.sort_by(|left, right| in_order(&left.diagnostic, &right.diagnostic));
    }

    /// The outcome for a file without fleets.
    pub(super) fn of(kind: FileKind, diagnostics: Vec<Diagnostic>) -> Outcome {
        Outcome {
            kind,
            diagnostics,
            suppressed: Vec::new(),
            fleets: Vec::new(),
            notes: Vec::new(),
            policies: Arc::default(),
            effort: 0,
            fixed: Vec::new(),
        }
    }
}

/// A finding that is not to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub diagnostic: Diagnostic,
    /// What says not to tell.
    pub by: Suppressor,
}

/// What says not to tell a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressor {
    /// By what means.
    pub means: Means,
    /// Where the template says so.
    pub span: Option<Span>,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
}

/// By what means something is said not to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A comment of the template or of a script in it.
    Comment,
    /// The metadata of the template or of a resource.
    Metadata,
    /// It was known before.
    Baseline,
}
