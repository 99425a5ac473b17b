//! Where a script is broken, in words that help: not where the parser gave up, but where it began.

use std::ops::Range;

use crate::resolve::SYMBOL;

/// The words to point at. `whole` is the end of the last command that is whole; the rest is what the parser says.
pub(super) fn words(raw: &str, whole: usize, error: Range<usize>, message: &str) -> Range<usize> {
    let never_closed = ["'fi'", "'done'", "'esac'"].iter().any(|it| message.ends_with(it));
    let at_end = raw.get(error.start..).is_none_or(|it| it.trim().is_empty());
    if !never_closed && !at_end {
        // What is open from here on: as far as it is one piece.
        let line = first_line(raw, error);
        let piece = raw.get(line.clone()).and_then(|it| it.find(SYMBOL)).filter(|it| *it > 0);
        return line.start..piece.map_or(line.end, |it| line.start + it);
    }
    // The command that is never closed begins behind the last whole one.
    let mut start = whole;
    for line in raw.get(whole..).unwrap_or_default().split_inclusive('\n') {
        let trimmed = line.trim_start();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            start += line.len() - trimmed.len();
            break;
        }
        start += line.len();
    }
    let rest = raw.get(start..).unwrap_or_default();
    let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if len == 0 { first_line(raw, error) } else { start..start + len }
}

/// The first line of some bytes.
pub(super) fn first_line(raw: &str, bytes: Range<usize>) -> Range<usize> {
    let text = raw.get(bytes.clone()).unwrap_or_default();
    let len = text.find('\n').unwrap_or(text.len());
    bytes.start..bytes.start + text[..len].trim_end().len()
}
