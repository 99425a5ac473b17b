//! Lists and mappings in brackets.

use super::bytes::{ends_word, is_break};
use super::{Awaited, Scan, Step, Stop};
use crate::syntax::lines::line_end;
use crate::syntax::tree::{Kind, Style};
use crate::text::Span;

impl Scan<'_> {
    /// The list or mapping whose bracket is next. Depth is bounded by the builder.
    pub(super) fn flow(&mut self, tag: Option<Span>) -> Step<()> {
        let (kind, bracket) = match self.bytes[self.at] {
            b'[' => (Kind::Sequence, b']'),
            _ => (Kind::Mapping, b'}'),
        };
        self.builder.open(kind, Style::Flow, tag, Span::new(self.at, self.at + 1))?;
        self.at += 1;
        loop {
            self.skip_blanks()?;
            if self.peek() == Some(bracket) {
                break;
            }
            if kind == Kind::Mapping {
                self.entry_in_flow()?;
            } else {
                self.item_in_flow()?;
            }
            self.skip_blanks()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == bracket => break,
                _ => return Err(Stop::HandOver),
            }
        }
        self.at += 1;
        self.builder.close(Some(self.at));
        Ok(())
    }

    /// A key and its colon, on one line.
    fn entry_in_flow(&mut self) -> Step<()> {
        let start = self.at;
        let (text, is_plain) = match self.peek() {
            None => return Err(Stop::HandOver),
            Some(quote @ (b'"' | b'\'')) => (self.quoted(quote)?, false),
            Some(_) => (self.plain_in_flow()?, true),
        };
        if !self.is_colon(start, is_plain)? {
            return Err(Stop::HandOver);
        }
        self.add(text, None)?;
        self.at += 1;
        let place = self.at;
        self.skip_blanks()?;
        if matches!(self.peek(), Some(b',' | b'}')) {
            self.awaited = Some(Awaited { place, tag: None });
            return self.missing_value();
        }
        self.node_in_flow()
    }

    /// An item of a list, which may be a pair (`[a: b]`): a mapping without brackets.
    fn item_in_flow(&mut self) -> Step<()> {
        let start = self.at;
        let (text, is_plain) = match self.peek() {
            Some(b'!' | b'[' | b'{') | None => return self.node_in_flow(),
            Some(quote @ (b'"' | b'\'')) => (self.quoted(quote)?, false),
            Some(_) => (self.plain_in_flow()?, true),
        };
        if !self.is_colon(start, is_plain)? {
            return self.add(text, None);
        }
        self.builder.open(Kind::Mapping, Style::Flow, None, Span::at(start))?;
        self.add(text, None)?;
        self.at += 1;
        self.skip_blanks()?;
        self.node_in_flow()?;
        self.builder.close(None);
        Ok(())
    }

    /// Whether a colon is next that makes a key of the scalar that started at `start`.
    fn is_colon(&mut self, start: usize, is_plain: bool) -> Step<bool> {
        self.skip_spaces();
        if self.peek() != Some(b':') {
            return Ok(false);
        }
        // Behind quotes, the value may follow without a blank.
        let next = self.bytes.get(self.at + 1);
        let is_value = next.is_some_and(|it| !is_plain || ends_word(*it) || matches!(it, b',' | b'}'));
        if is_value && self.is_key(start) { Ok(true) } else { Err(Stop::HandOver) }
    }

    fn node_in_flow(&mut self) -> Step<()> {
        let mut tag = None;
        if self.peek() == Some(b'!') {
            let span = self.tag()?;
            tag = Some(span);
            self.skip_blanks()?;
            if matches!(self.peek(), Some(b',' | b']' | b'}')) {
                self.awaited = Some(Awaited { place: span.end as usize, tag });
                return self.missing_value();
            }
        }
        match self.peek() {
            None => Err(Stop::HandOver),
            Some(b'[' | b'{') => self.flow(tag),
            Some(quote @ (b'"' | b'\'')) => {
                let text = self.quoted(quote)?;
                self.add(text, tag)
            }
            Some(_) => {
                let text = self.plain_in_flow()?;
                self.add(text, tag)
            }
        }
    }

    /// Skips blanks, line breaks and comments. Whether a plain scalar goes on behind them is for the caller to see.
    fn skip_blanks(&mut self) -> Step<()> {
        loop {
            self.skip_spaces();
            match self.peek() {
                Some(byte) if is_break(byte) => {
                    self.at = self.after_break(self.at);
                    self.line = self.at;
                    if self.is_document_line() {
                        return Err(Stop::HandOver);
                    }
                }
                Some(b'#') if self.at == self.line || self.bytes[self.at - 1] == b' ' => {
                    let end = line_end(self.bytes, self.at);
                    self.builder.comment(Span::new(self.at, end));
                    self.at = end;
                }
                Some(b'\t' | b'#') => return Err(Stop::HandOver),
                _ => return Ok(()),
            }
        }
    }
}
