//! A change that is shown and not made: as a diff.

use similar::{ChangeTag, TextDiff};

use super::{CYAN, DIM, GREEN, Painter, RED, push_line};
use crate::diagnostic::Fix;
use crate::report::sanitize;

/// More lines of a diff are not shown.
const MAX_LINES: usize = 80;

/// Lines of the template around a change.
const CONTEXT: usize = 1;

impl Painter<'_> {
    /// Draws what a fix would change in `source`.
    pub(super) fn change(&self, res: &mut String, source: &str, fix: &Fix) {
        let Some(new) = fix.apply(source) else { return };
        push_line(res, &format!("  {} {}", self.paint(CYAN, "change:"), sanitize::line(&fix.title)));
        let diff = TextDiff::from_lines(source, new.as_str());
        let mut n_lines = 0;
        for (idx, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
            if idx > 0 {
                push_line(res, &self.paint(DIM, "  ..."));
            }
            for change in group.iter().flat_map(|it| diff.iter_changes(it)) {
                n_lines += 1;
                if n_lines > MAX_LINES {
                    return push_line(res, &self.paint(DIM, "  ... and more"));
                }
                let text = sanitize::short(change.value().trim_end_matches(['\r', '\n']), self.style.width);
                let (sign, color) = match change.tag() {
                    ChangeTag::Delete => ('-', RED),
                    ChangeTag::Insert => ('+', GREEN),
                    ChangeTag::Equal => (' ', DIM),
                };
                push_line(res, &self.paint(color, format!("  {sign} {text}").trim_end()));
            }
        }
    }
}
