//! A change of the text, line by line: what goes and what comes.

use crate::diagnostic::Edit;
use crate::report::sanitize;
use crate::text::Lines;

/// More lines of one edit lose their middle.
const MAX_LINES: usize = 40;

/// More edits are not shown.
const MAX_EDITS: usize = 12;

/// A longer line loses its middle.
const MAX_COLUMNS: usize = 200;

/// A line of the difference: `-`, `+`, or `@` for where it is.
pub(super) struct DiffLine {
    pub(super) mark: char,
    pub(super) text: String,
}

/// What the edits do to the lines that they touch.
pub(super) fn diff(lines: &Lines<'_>, edits: &[Edit]) -> Vec<DiffLine> {
    let source = lines.source();
    let mut res = Vec::new();
    for edit in edits.iter().take(MAX_EDITS) {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let (Some(before), Some(old), Some(behind)) =
            (source.get(..start), source.get(start..end), source.get(end..))
        else {
            continue;
        };
        let head = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
        let tail = behind.split(['\r', '\n']).next().unwrap_or_default();
        let line = lines.position(edit.span.start).line;
        res.push(DiffLine { mark: '@', text: format!("line {line}") });
        push(&mut res, '-', &format!("{head}{old}{tail}"));
        push(&mut res, '+', &format!("{head}{}{tail}", edit.text));
    }
    res
}

fn push(res: &mut Vec<DiffLine>, mark: char, text: &str) {
    let all: Vec<_> = text.lines().collect();
    let left_out = all.len().saturating_sub(MAX_LINES);
    for (idx, line) in all.iter().enumerate() {
        let from = MAX_LINES / 2;
        if left_out > 0 && idx == from {
            res.push(DiffLine { mark, text: format!("({left_out} more lines)") });
        }
        if left_out > 0 && (from..from + left_out).contains(&idx) {
            continue;
        }
        res.push(DiffLine { mark, text: sanitize::short(line, MAX_COLUMNS) });
    }
}
