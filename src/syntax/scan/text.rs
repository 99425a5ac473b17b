//! Plain and quoted scalars.

use super::bytes::{ends_word, is_break, is_flow, is_no_start};
use super::{Scan, Step, Stop};
use crate::syntax::find::{Set, find};
use crate::syntax::lines::{blanks, is_blank};
use crate::syntax::scalar;
use crate::syntax::tree::{Kind, Style};
use crate::text::Span;

/// What a plain scalar may end at inside brackets.
static PLAIN_IN_FLOW: Set = Set::new(b":#\n\r\t,[]{}");

/// A scalar that was read and is no node yet.
pub(super) struct Text {
    style: Style,
    /// With its quotes.
    span: Span,
    /// Where the text starts in the builder's own; `None` when it stands in the source.
    side: Option<usize>,
}

impl Scan<'_> {
    /// Adds a scalar.
    pub(super) fn add(&mut self, text: Text, tag: Option<Span>) -> Step<()> {
        match text.side {
            None => self.builder.borrowed(Kind::Scalar, text.style, tag, text.span)?,
            Some(start) => self.builder.decoded(text.style, tag, text.span, start)?,
        }
        Ok(())
    }

    /// Adds a scalar that is a value, and reads on: up to the end of the line, and the lines that a plain scalar goes
    /// on in.
    pub(super) fn add_rest(&mut self, mut text: Text, tag: Option<Span>) -> Step<()> {
        let Some(level) = self.levels.last() else { return Err(Stop::HandOver) };
        let column = level.column;
        if text.style == Style::Plain {
            while self.plain_goes_on(&mut text, column)? {}
        }
        self.add(text, tag)?;
        self.end_of_line()
    }

    /// The first line of a plain scalar outside brackets.
    pub(super) fn plain_line(&mut self) -> Step<Text> {
        match self.bytes[self.at] {
            b'-' | b'?' | b':' if self.is_indicator() => Err(Stop::HandOver),
            byte if is_no_start(byte) => Err(Stop::HandOver),
            _ => self.plain(false),
        }
    }

    /// A plain scalar inside brackets.
    pub(super) fn plain_in_flow(&mut self) -> Step<Text> {
        let next = self.bytes.get(self.at + 1).copied().unwrap_or(b' ');
        match self.bytes[self.at] {
            b'-' if ends_word(next) || is_flow(next) => Err(Stop::HandOver),
            b'?' | b':' => Err(Stop::HandOver),
            byte if is_no_start(byte) => Err(Stop::HandOver),
            _ => self.plain(true),
        }
    }

    /// A plain scalar up to the end of the line.
    fn plain(&mut self, in_flow: bool) -> Step<Text> {
        let start = self.at;
        let end = self.plain_end(start, in_flow)?;
        self.at = end;
        Ok(Text { style: Style::Plain, span: Span::new(start, end), side: None })
    }

    /// The end of the plain text from `start` on, without the blanks behind it.
    fn plain_end(&self, start: usize, in_flow: bool) -> Step<usize> {
        let bytes = self.bytes;
        let mut end = start;
        loop {
            end = if in_flow { PLAIN_IN_FLOW.find(bytes, end) } else { find(bytes, end, *b":#") };
            let Some(byte) = bytes.get(end) else { break };
            match (byte, bytes.get(end + 1)) {
                (b'\t', _) | (b':', Some(b'\t')) => return Err(Stop::HandOver),
                (b':', Some(next)) if !(ends_word(*next) || in_flow && is_flow(*next)) => {}
                (b'#', _) if end > start && bytes[end - 1] != b' ' => {}
                _ => break,
            }
            end += 1;
        }
        while end > start && bytes[end - 1] == b' ' {
            end -= 1;
        }
        // Nothing is plain about a colon or a comment.
        if end == start { Err(Stop::HandOver) } else { Ok(end) }
    }

    /// Reads the next line of a plain scalar, if it goes on there: further right than the collection around it.
    fn plain_goes_on(&mut self, text: &mut Text, column: usize) -> Step<bool> {
        let end = self.at;
        let mut n_breaks = 0;
        let (mut at, mut line) = (end, self.line);
        loop {
            at += self.bytes[at..].iter().take_while(|it| **it == b' ').count();
            match self.bytes.get(at) {
                Some(byte) if is_break(*byte) => at = self.after_break(at),
                Some(byte) if n_breaks > 0 && at - line > column && *byte != b'#' => break,
                _ => return Ok(false),
            }
            n_breaks += 1;
            line = at;
        }
        let to = self.plain_end(at, false)?;
        let side = self.builder.side();
        let start = *text.side.get_or_insert_with(|| {
            side.push_str(text.span.slice(self.source));
            side.len() - text.span.len()
        });
        fold(side, n_breaks);
        side.push_str(&self.source[at..to]);
        *text =
            Text { style: Style::Plain, span: Span::new(text.span.start as usize, to), side: Some(start) };
        (self.at, self.line) = (to, line);
        Ok(true)
    }

    /// The scalar whose opening quote is next.
    pub(super) fn quoted(&mut self, quote: u8) -> Step<Text> {
        let (style, ends) = match quote {
            b'"' => (Style::DoubleQuoted, *b"\"\\"),
            _ => (Style::SingleQuoted, *b"''"),
        };
        let start = self.at;
        let end = self.quoted_end(start + 1, ends);
        let is_doubled = quote == b'\'' && self.bytes.get(end + 1) == Some(&quote);
        let side = if self.bytes.get(end) == Some(&quote) && !is_doubled {
            self.at = end + 1;
            None
        } else {
            Some(self.decode(quote, ends)?)
        };
        Ok(Text { style, span: Span::new(start, self.at), side })
    }

    /// Where text in quotes is not what it stands for. A tab is.
    fn quoted_end(&self, at: usize, ends: [u8; 2]) -> usize {
        let mut end = find(self.bytes, at, ends);
        while self.bytes.get(end) == Some(&b'\t') {
            end = find(self.bytes, end + 1, ends);
        }
        end
    }

    /// Decodes the text in quotes at the next byte; gives where it starts in the builder's own.
    fn decode(&mut self, quote: u8, ends: [u8; 2]) -> Step<usize> {
        let (source, bytes) = (self.source, self.bytes);
        let start = self.builder.side().len();
        let mut at = self.at + 1;
        loop {
            let copied = at;
            at = self.quoted_end(at, ends);
            let side = self.builder.side();
            side.push_str(&source[copied..at]);
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'\''), Some(b'\'')) => {
                    side.push('\'');
                    at += 2;
                }
                (Some(byte), _) if *byte == quote => break,
                (Some(b'\\'), Some(letter)) => match letter {
                    b'\n' | b'\r' => {
                        let (next, n_breaks) = self.skip_breaks(at + 1)?;
                        at = next;
                        self.builder.side().extend(std::iter::repeat_n('\n', n_breaks - 1));
                    }
                    b'x' | b'u' | b'U' => {
                        let n_digits = match letter {
                            b'x' => 2,
                            b'u' => 4,
                            _ => 8,
                        };
                        let (character, next) =
                            scalar::unicode(source, at, n_digits).ok_or(Stop::HandOver)?;
                        side.push(character);
                        at = next;
                    }
                    _ => {
                        side.push_str(scalar::escape(*letter).ok_or(Stop::HandOver)?);
                        at += 2;
                    }
                },
                (Some(b'\n' | b'\r'), _) => {
                    // The blanks before the break go; those that an escape stands for stay.
                    let n_blanks = bytes[copied..at].iter().rev().take_while(|it| is_blank(**it)).count();
                    side.truncate(side.len() - n_blanks);
                    let (next, n_breaks) = self.skip_breaks(at)?;
                    at = next;
                    fold(self.builder.side(), n_breaks);
                }
                _ => return Err(Stop::HandOver),
            }
        }
        self.at = at + 1;
        Ok(start)
    }

    /// The next byte inside quotes that is neither blank nor break, and the number of breaks before it.
    fn skip_breaks(&mut self, mut at: usize) -> Step<(usize, usize)> {
        let mut n_breaks = 0;
        while self.bytes.get(at).is_some_and(|it| is_break(*it)) {
            at = self.after_break(at);
            self.line = at;
            n_breaks += 1;
            at += blanks(&self.bytes[at..], is_blank);
        }
        let before = std::mem::replace(&mut self.at, at);
        let is_document_line = self.is_document_line() && self.peek() != Some(b'%');
        self.at = before;
        if is_document_line { Err(Stop::HandOver) } else { Ok((at, n_breaks)) }
    }
}

/// One break between two lines of text is a blank, more of them are one less.
fn fold(text: &mut String, n_breaks: usize) {
    match n_breaks {
        1 => text.push(' '),
        _ => text.extend(std::iter::repeat_n('\n', n_breaks - 1)),
    }
}
