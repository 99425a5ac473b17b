//! Literal and folded scalars.

use super::bytes::is_break;
use super::{Scan, Step, Stop};
use crate::syntax::lines::{before_break, blanks, is_blank, is_space, line_end};
use crate::syntax::tree::Style;
use crate::text::Span;

/// `|` or `>` with what follows it.
struct Header {
    style: Style,
    /// `-`, `+` or nothing: which line breaks at the end stay.
    chomping: Option<u8>,
    /// The indentation, counted from the collection around the scalar.
    indentation: Option<usize>,
}

impl Scan<'_> {
    /// The literal or folded scalar whose header is next.
    pub(super) fn block_text(&mut self, tag: Option<Span>) -> Step<()> {
        let Some(level) = self.levels.last() else { return Err(Stop::HandOver) };
        let column = level.column;
        let header = self.header();
        let header_end = self.at;
        self.end_of_line()?;
        let first_line = self.at;
        let (indentation, n_empty) = match header.indentation {
            Some(it) => (column + it, self.skip_indentation(column + it)),
            None => self.detect_indentation(column + 1),
        };
        let is_last = self.at == self.bytes.len();
        let has_text = self.at - self.line == indentation && !is_last;
        // Text that is indented less than it has to be is a mistake.
        if !has_text && !is_last && self.at - self.line > column {
            return Err(Stop::HandOver);
        }
        let side_start = self.builder.side().len();
        let n_kept = if has_text || header.chomping == Some(b'+') { n_empty } else { 0 };
        self.builder.side().extend(std::iter::repeat_n('\n', n_kept));
        let span = if has_text || n_kept > 0 {
            let start = match n_empty {
                0 => self.at,
                _ => first_line + blanks(&self.bytes[first_line..], is_space),
            };
            let end = if has_text { self.lines(&header, indentation) } else { self.line };
            Span::new(start, end)
        } else if is_last {
            Span::at(header_end)
        } else {
            Span::at(before_break(self.bytes, first_line))
        };
        self.builder.decoded(header.style, tag, span, side_start)?;
        // What follows is looked at as a line.
        self.at = self.line;
        Ok(())
    }

    fn header(&mut self) -> Header {
        let style = if self.bytes[self.at] == b'|' { Style::Literal } else { Style::Folded };
        let mut res = Header { style, chomping: None, indentation: None };
        self.at += 1;
        loop {
            match self.peek() {
                Some(byte @ (b'-' | b'+')) if res.chomping.is_none() => res.chomping = Some(byte),
                Some(byte @ b'1'..=b'9') if res.indentation.is_none() => {
                    res.indentation = Some(usize::from(byte - b'0'));
                }
                _ => return res,
            }
            self.at += 1;
        }
    }

    /// Skips empty lines; gives the indentation of the longest of them and the line after them, but at least `least`,
    /// and the number of empty lines.
    fn detect_indentation(&mut self, least: usize) -> (usize, usize) {
        let (mut longest, mut n_empty) = (least, 0);
        loop {
            self.line = self.at;
            self.skip_spaces();
            longest = longest.max(self.at - self.line);
            if !self.peek().is_some_and(is_break) {
                return (longest, n_empty);
            }
            self.at = self.after_break(self.at);
            n_empty += 1;
        }
    }

    /// Skips empty lines and up to `indentation` spaces of the line after them; gives the number of lines.
    fn skip_indentation(&mut self, indentation: usize) -> usize {
        let mut n_empty = 0;
        loop {
            self.line = self.at;
            while self.at - self.line < indentation && self.peek() == Some(b' ') {
                self.at += 1;
            }
            if !self.peek().is_some_and(is_break) {
                return n_empty;
            }
            self.at = self.after_break(self.at);
            n_empty += 1;
        }
    }

    /// Decodes all lines from the one whose first byte is next; gives the end of the last byte that is text.
    fn lines(&mut self, header: &Header, indentation: usize) -> usize {
        let (source, bytes) = (self.source, self.bytes);
        loop {
            let end = line_end(bytes, self.at);
            let is_flush = !is_blank(bytes[self.at]);
            self.builder.side().push_str(&source[self.at..end]);
            if end == bytes.len() {
                (self.at, self.line) = (end, end);
                return end;
            }
            self.at = self.after_break(end);
            let after_line = self.at;
            let n_empty = self.skip_indentation(indentation);
            let goes_on = self.at < bytes.len() && self.at - self.line == indentation;
            let side = self.builder.side();
            if !goes_on {
                let n_breaks = match header.chomping {
                    Some(b'-') => 0,
                    None => 1,
                    Some(_) => 1 + n_empty,
                };
                side.extend(std::iter::repeat_n('\n', n_breaks));
                return match header.chomping {
                    Some(b'-') => end,
                    None => after_line,
                    Some(_) => self.line,
                };
            }
            // Only lines that start with no blank are joined.
            let is_joined = header.style == Style::Folded && is_flush && !is_blank(bytes[self.at]);
            match n_empty {
                0 if is_joined => side.push(' '),
                _ => side.extend(std::iter::repeat_n('\n', n_empty + usize::from(!is_joined))),
            }
        }
    }
}
