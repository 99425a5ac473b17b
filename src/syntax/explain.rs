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
    Problem::syntax(Span::at(at), err.kind().to_string())
}

/// The problem of a collection that starts at `at` inside [`MAX_DEPTH`] others.
pub(super) fn too_deep(at: usize) -> Problem {
    Problem::syntax(Span::at(at), format!("nested deeper than {MAX_DEPTH} levels"))
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

/// The problem of the bracket at `open` that nothing closes.
pub(super) fn not_closed(source: &str, open: usize, close: &str) -> Problem {
    let span = Span::new(open, open + 1);
    let message = format!("`{}` is never closed", span.slice(source));
    Problem::syntax(span, message).help(format!("add `{close}` where it ends"))
}

/// The problem of the bracket at `close` that is another than that at `open`.
pub(super) fn wrong_bracket(source: &str, open: usize, close: Span) -> Problem {
    let open = Span::new(open, open + 1);
    let wanted = if open.slice(source) == "{" { "}" } else { "]" };
    let message = format!("`{}` closes what `{}` opened", close.slice(source), open.slice(source));
    Problem::syntax(close, message).because(open, "opened here").help(format!("add `{wanted}` before it"))
}

/// The words of a span for a message: its first line, shortened, in backticks.
pub(super) fn quote(source: &str, span: Span) -> String {
    const MAX_CHARS: usize = 40;
    let line = span.slice(source).lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}
