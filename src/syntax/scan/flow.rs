//! Lists and mappings in brackets.

use super::bytes::{ends_word, is_break};
use super::{Scan, Step, Stop};
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
                self.key_in_flow()?;
            }
            self.node_in_flow()?;
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
    fn key_in_flow(&mut self) -> Step<()> {
        let start = self.at;
        let (text, is_plain) = match self.peek() {
            None => return Err(Stop::HandOver),
            Some(quote @ (b'"' | b'\'')) => (self.quoted(quote)?, false),
            Some(_) => (self.plain_in_flow()?, true),
        };
        self.skip_spaces();
        let is_value = match self.bytes.get(self.at + 1) {
            // Behind quotes, the value may follow without a blank.
            Some(next) => !is_plain || ends_word(*next),
            None => false,
        };
        if self.peek() != Some(b':') || !is_value || !self.is_key(start) {
            return Err(Stop::HandOver);
        }
        self.add(text, None)?;
        self.at += 1;
        self.skip_blanks()
    }

    fn node_in_flow(&mut self) -> Step<()> {
        let mut tag = None;
        if self.peek() == Some(b'!') {
            tag = Some(self.tag()?);
            self.skip_blanks()?;
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

    /// Skips blanks and line breaks. What a plain scalar is followed by there is checked by the caller.
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
                Some(b'\t' | b'#') => return Err(Stop::HandOver),
                _ => return Ok(()),
            }
        }
    }
}
