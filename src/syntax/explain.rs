//! What is wrong with the text of a YAML file, in words of people.

use granit_parser::{ErrorKind, ScanError};

use super::build::Builder;
use super::{MAX_DEPTH, Problem, ProblemKind};
use crate::text::Span;

/// The problem that the parser stopped at.
pub(super) fn explain(source: &str, builder: &Builder<'_>, err: &ScanError) -> Problem {
    let _ = builder;
    let at = err.marker().byte_offset().unwrap_or(source.len()).min(source.len());
    if let ErrorKind::RecursionLimitExceeded = err.kind() {
        return too_deep(at);
    }
    syntax(Span::at(at), err.kind().to_string())
}

/// The problem of a collection that starts at `at` inside [`MAX_DEPTH`] others.
pub(super) fn too_deep(at: usize) -> Problem {
    syntax(Span::at(at), format!("nested deeper than {MAX_DEPTH} levels"))
}

/// The problem of a second tag on one node.
pub(super) fn two_tags(source: &str, first: Span, second: Span) -> Problem {
    let (outer, inner) = (first.slice(source), second.slice(source));
    Problem {
        kind: ProblemKind::TwoTags,
        span: second,
        message: format!("`{outer}` and `{inner}` stand on one value, which YAML does not allow"),
        help: Some("write one of the two in its long form, on a line of its own".to_owned()),
        because: Some((first, "the first tag".to_owned())),
    }
}

fn syntax(span: Span, message: String) -> Problem {
    Problem { kind: ProblemKind::Syntax, span, message, help: None, because: None }
}
