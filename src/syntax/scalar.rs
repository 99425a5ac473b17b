//! The way from the decoded text of a scalar back to the source.
//!
//! A [`Walk`] decodes the scalar once more, but only compares with the text that the parser gave. Should the two
//! ever disagree, the map has one piece that says less, and nothing wrong.

use super::Style;
use super::lines::{after_break, before_break, blanks, is_blank, is_space, line_end, line_start};
use crate::text::{Span, TextMap};

/// The map of a scalar whose decoded text differs from the source.
pub(super) fn map(source: &str, span: Span, style: Style, text: &str) -> TextMap {
    exact_map(source, span, style, text).unwrap_or_else(|| {
        let mut res = TextMap::default();
        res.push_decoded(span, text.len());
        res
    })
}

/// The map, if this module and the parser agree on every byte.
pub(super) fn exact_map(source: &str, span: Span, style: Style, text: &str) -> Option<TextMap> {
    let mut walk = Walk::new(source, span, text);
    match style {
        Style::Plain => walk.flow(style)?,
        Style::SingleQuoted | Style::DoubleQuoted => {
            walk.at += 1;
            walk.end = walk.end.checked_sub(1).filter(|end| walk.at <= *end)?;
            walk.flow(style)?;
        }
        Style::Literal => walk.block(false)?,
        Style::Folded => walk.block(true)?,
        Style::Block | Style::Flow => return None,
    }
    (walk.done == text.len()).then_some(walk.map)
}

/// The content of a block scalar: from the first byte that `text` came from to the last one. The parser's own
/// span starts at the first line that is not empty, and ends at the next token.
pub(super) fn block_span(source: &str, span: Span, style: Style, text: &str) -> Span {
    let start = block_start(source, span, text);
    if text.is_empty() {
        return Span::at(start);
    }
    let whole = Span::new(start, source.len());
    let end = match exact_map(source, whole, style, text) {
        Some(map) => map.pieces().last().map_or(start, |it| it.source.end as usize),
        None => span.end as usize,
    };
    Span::new(start, end.max(start))
}

/// Where the content starts; the parser's start is that of the first line that is not empty, the next token when
/// all lines are empty, or the header when the file ends there.
fn block_start(source: &str, span: Span, text: &str) -> usize {
    let bytes = source.as_bytes();
    let n_empty = text.len() - text.trim_start_matches('\n').len();
    if n_empty == 0 && !text.is_empty() {
        return span.start as usize;
    }
    let mut line = line_start(bytes, span.start as usize);
    if n_empty == text.len() && !span.is_empty() {
        let header = &bytes[span.start as usize + 1..];
        let indicators = header.iter().take_while(|it| matches!(it, b'0'..=b'9' | b'+' | b'-')).count();
        let header_end = span.start as usize + 1 + indicators;
        if text.is_empty() {
            return header_end;
        }
        line = after_break(bytes, line_end(bytes, header_end)).unwrap_or(source.len());
    } else if text.is_empty() {
        loop {
            let previous = before_break(bytes, line);
            let start = line_start(bytes, previous);
            if start == line || source[start..previous].contains(|it| !matches!(it, ' ' | '\t')) {
                return previous;
            }
            line = start;
        }
    } else {
        for _ in 0..n_empty {
            line = line_start(bytes, before_break(bytes, line));
        }
    }
    line + blanks(&bytes[line..], is_space)
}

/// Decodes a scalar and compares it with its text.
struct Walk<'s> {
    source: &'s str,
    text: &'s str,
    /// The next byte of the source.
    at: usize,
    /// One past the last byte of the scalar.
    end: usize,
    /// How much of `text` is mapped.
    done: usize,
    map: TextMap,
}

impl<'s> Walk<'s> {
    fn new(source: &'s str, span: Span, text: &'s str) -> Walk<'s> {
        let (at, end) = (span.start as usize, span.end as usize);
        Walk { source, text, at, end, done: 0, map: TextMap::default() }
    }

    fn bytes(&self) -> &'s [u8] {
        &self.source.as_bytes()[..self.end]
    }

    /// The source up to `to` was copied.
    fn copy(&mut self, to: usize) -> Option<()> {
        let piece = self.source.get(self.at..to)?;
        self.text.get(self.done..)?.starts_with(piece).then_some(())?;
        self.map.push_verbatim(self.at, piece.len());
        self.done += piece.len();
        self.at = to;
        Some(())
    }

    /// The source up to `to` became `decoded`.
    fn replace(&mut self, to: usize, decoded: &str) -> Option<()> {
        if self.source.get(self.at..to)? == decoded {
            return self.copy(to);
        }
        self.text.get(self.done..)?.starts_with(decoded).then_some(())?;
        self.map.push_decoded(Span::new(self.at, to), decoded.len());
        self.done += decoded.len();
        self.at = to;
        Some(())
    }

    /// Plain and quoted scalars, without the quotes.
    fn flow(&mut self, style: Style) -> Option<()> {
        let bytes = self.bytes();
        while self.at < self.end {
            match bytes[self.at] {
                b'\n' | b'\r' => self.fold()?,
                b' ' | b'\t' => {
                    let to = self.at + blanks(&bytes[self.at..], is_blank);
                    if after_break(bytes, to).is_some() { self.fold()? } else { self.copy(to)? }
                }
                b'\'' if style == Style::SingleQuoted => self.replace(self.at + 2, "'")?,
                b'\\' if style == Style::DoubleQuoted => self.escape()?,
                _ => {
                    let special = |it: &u8| matches!(it, b'\n' | b'\r' | b' ' | b'\t' | b'\'' | b'\\');
                    let rest = &bytes[self.at + 1..];
                    self.copy(self.at + 1 + rest.iter().position(special).unwrap_or(rest.len()))?;
                }
            }
        }
        Some(())
    }

    /// Line breaks with the blanks around them: one break is a blank, `n` are `n - 1` line breaks.
    fn fold(&mut self) -> Option<()> {
        let (to, n_breaks) = self.skip_breaks(self.at);
        if n_breaks == 1 { self.replace(to, " ") } else { self.replace(to, &"\n".repeat(n_breaks - 1)) }
    }

    /// The next byte that is neither blank nor line break, and the number of line breaks before it.
    fn skip_breaks(&self, mut at: usize) -> (usize, usize) {
        let bytes = self.bytes();
        let mut n_breaks = 0;
        loop {
            at += blanks(&bytes[at..], is_blank);
            let Some(next) = after_break(bytes, at) else { return (at, n_breaks) };
            at = next;
            n_breaks += 1;
        }
    }

    fn escape(&mut self) -> Option<()> {
        let bytes = self.bytes();
        let letter = *bytes.get(self.at + 1)?;
        let decoded = match letter {
            // The line goes on; empty lines after it count.
            b'\n' | b'\r' => {
                let (to, n_breaks) = self.skip_breaks(self.at + 1);
                return self.replace(to, &"\n".repeat(n_breaks - 1));
            }
            b'x' => return self.unicode(2),
            b'u' => return self.unicode(4),
            b'U' => return self.unicode(8),
            _ => escape(letter)?,
        };
        self.replace(self.at + 2, decoded)
    }

    /// `\x41`, `\u00e4`, `\U0001f600` and the pair `\ud83d\ude00`.
    fn unicode(&mut self, n_digits: usize) -> Option<()> {
        let (decoded, to) = unicode(self.source, self.at, n_digits)?;
        self.replace(to, decoded.encode_utf8(&mut [0; 4]))
    }

    /// Literal and folded scalars.
    fn block(&mut self, folded: bool) -> Option<()> {
        let bytes = self.bytes();
        let indentation = self.indentation()?;
        let content_len = self.text.trim_end_matches('\n').len();
        let mut line = self.at;
        let mut n_breaks = 0;
        let mut last_line_is_flush = false;
        while self.done < content_len {
            if let Some(next) = after_break(bytes, line) {
                n_breaks += 1;
                line = next + blanks(&bytes[next..bytes.len().min(next + indentation)], is_space);
                continue;
            }
            // Only lines that start with no blank are joined.
            let is_flush = !is_blank(*bytes.get(line)?);
            if folded && last_line_is_flush && is_flush && n_breaks > 0 {
                self.fold_lines(line, n_breaks)?;
            } else {
                self.keep_breaks(n_breaks)?;
            }
            last_line_is_flush = is_flush;
            self.at = line;
            line = line_end(bytes, line);
            self.copy(line)?;
            n_breaks = 0;
        }
        self.keep_breaks(self.text.len() - self.done)
    }

    /// `n_breaks` line breaks up to `line` join two lines.
    fn fold_lines(&mut self, line: usize, n_breaks: usize) -> Option<()> {
        if n_breaks == 1 {
            return self.replace(line, " ");
        }
        let bytes = self.bytes();
        let next = after_break(bytes, self.at)?;
        let to = after_break(bytes, next + blanks(&bytes[next..], is_space))?;
        self.replace(to, "\n")?;
        self.keep_breaks(n_breaks - 2)
    }

    /// `n_breaks` line breaks stay; the indentation of empty lines goes.
    fn keep_breaks(&mut self, n_breaks: usize) -> Option<()> {
        let bytes = self.bytes();
        for _ in 0..n_breaks {
            self.at += blanks(&bytes[self.at..], is_space);
            self.replace(after_break(bytes, self.at)?, "\n")?;
        }
        Some(())
    }

    /// How many blanks each line of a block scalar is indented by.
    fn indentation(&self) -> Option<usize> {
        let bytes = self.bytes();
        let content = self.text.trim_start_matches('\n');
        let n_empty = self.text.len() - content.len();
        if n_empty == 0 {
            return Some(self.at - line_start(bytes, self.at));
        }
        let mut line = self.at;
        for _ in 0..n_empty {
            line += blanks(&bytes[line..], is_space);
            line = after_break(bytes, line)?;
        }
        blanks(&bytes[line..], is_space).checked_sub(blanks(content.as_bytes(), is_space))
    }
}

/// What a backslash and `letter` stand for in double quotes, if that takes no digits.
pub(super) fn escape(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'0' => "\0",
        b'a' => "\x07",
        b'b' => "\x08",
        b't' | b'\t' => "\t",
        b'n' => "\n",
        b'v' => "\x0b",
        b'f' => "\x0c",
        b'r' => "\r",
        b'e' => "\x1b",
        b' ' => " ",
        b'"' => "\"",
        b'/' => "/",
        b'\\' => "\\",
        b'N' => "\u{85}",
        b'_' => "\u{a0}",
        b'L' => "\u{2028}",
        b'P' => "\u{2029}",
        _ => return None,
    })
}

/// The character of the escape that starts with the backslash at `at`, and where it ends.
pub(super) fn unicode(source: &str, at: usize, n_digits: usize) -> Option<(char, usize)> {
    let code = |at: usize, n_digits: usize| {
        let digits = source.get(at + 2..at + 2 + n_digits)?;
        let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let first = code(at, n_digits)?;
    let end = at + 2 + n_digits;
    if n_digits == 4 && (0xd800..0xdc00).contains(&first) {
        source.get(end..)?.starts_with("\\u").then_some(())?;
        let second = code(end, 4).filter(|it| (0xdc00..0xe000).contains(it))?;
        let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return Some((char::from_u32(joined)?, end + 6));
    }
    Some((char::from_u32(first)?, end))
}
