//! The fast way from YAML to tree, for the forms that templates are written in.
//!
//! Invariants: the tree is the one that the full parser would build, to the byte; what this module does not know, or
//! what might be wrong, is handed over whole ([`Stop::HandOver`]), so no word about a mistake is written here. Every
//! byte is looked at a fixed number of times.
//!
//! Known: block mappings and lists, scalars of all five styles, tags such as `!Sub`, lists and mappings in brackets,
//! comments, documents. Handed over among others: anchors and aliases, directives, `? key`, tabs between tokens, tags on
//! keys, keys without colons in brackets, a document that is one scalar.

mod block_text;
mod bytes;
mod flow;
mod text;

use super::build::{Beyond, Builder};
use super::lines::{after_break, line_end};
use super::tree::{Kind, Style};
use super::{Parse, explain};
use crate::text::Span;
use bytes::{BOM, ends_word, is_break};

/// The tree of `source`; `None` when the full parser has to read it.
pub(super) fn scan(source: &str) -> Option<Parse<'_>> {
    if !bytes::are_common(source) {
        return None;
    }
    let start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut scan = Scan {
        source,
        bytes: source.as_bytes(),
        at: start,
        line: start,
        levels: Vec::new(),
        awaited: Some(Awaited { place: start, tag: None }),
        is_marked: false,
        builder: Builder::new(source),
    };
    let problems = match scan.document() {
        Ok(()) => Vec::new(),
        Err(Stop::TooMany(node)) => vec![explain::beyond(source, &node)],
        Err(Stop::HandOver) => return None,
    };
    Some(Parse { tree: scan.builder.finish(), problems })
}

struct Scan<'s> {
    source: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// The start of its line.
    line: usize,
    /// The block collections that are open, outside in.
    levels: Vec<Level>,
    /// The value that has to come next, if one has to: that of the innermost collection, or the root.
    awaited: Option<Awaited>,
    /// Whether `---` began the document.
    is_marked: bool,
    builder: Builder<'s>,
}

/// A block collection.
#[derive(Clone, Copy)]
struct Level {
    kind: Kind,
    /// Where its keys or dashes stand.
    column: usize,
}

/// A value behind a colon or dash.
struct Awaited {
    /// Where it stands if it is not there.
    place: usize,
    tag: Option<Span>,
}

/// Why the scanner does not go on.
enum Stop {
    /// This is for the full parser.
    HandOver,
    /// The text is right so far, and too long.
    TooMany(Beyond),
}

type Step<T> = Result<T, Stop>;

impl From<Beyond> for Stop {
    fn from(beyond: Beyond) -> Stop {
        match beyond {
            // The full parser looks ahead, and may find something else first.
            Beyond::Depth(_) => Stop::HandOver,
            Beyond::Nodes(_) => Stop::TooMany(beyond),
        }
    }
}

impl Scan<'_> {
    fn document(&mut self) -> Step<()> {
        while self.at < self.bytes.len() {
            self.line = self.at;
            self.skip_spaces();
            match self.peek() {
                None => break,
                Some(b'\n' | b'\r') => self.at = self.after_break(self.at),
                Some(b'#') => self.comment(),
                Some(byte @ (b'-' | b'.' | b'%')) if self.is_document_line() => self.mark(byte)?,
                Some(byte) => self.content(byte)?,
            }
        }
        self.end_document()
    }

    /// Closes what is open, so that another document can begin.
    fn end_document(&mut self) -> Step<()> {
        // A document of nothing but its mark has a root, which is nothing.
        if self.is_marked && !self.has_root() {
            return Err(Stop::HandOver);
        }
        while self.levels.pop().is_some() {
            self.close()?;
        }
        Ok(())
    }

    fn has_root(&self) -> bool {
        !self.levels.is_empty() || self.awaited.is_none()
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Step<()> {
        self.missing_value()?;
        self.builder.close(None);
        Ok(())
    }

    /// Whether the line is `---`, `...` or a directive.
    fn is_document_line(&self) -> bool {
        self.at == self.line
            && match &self.bytes[self.at..] {
                [b'%', ..] => true,
                [b'-', b'-', b'-', rest @ ..] | [b'.', b'.', b'.', rest @ ..] => {
                    rest.first().is_none_or(|it| ends_word(*it))
                }
                _ => false,
            }
    }

    /// `---`, or `...` behind a document.
    fn mark(&mut self, byte: u8) -> Step<()> {
        if byte == b'%' || (byte == b'.' && !self.has_root()) {
            return Err(Stop::HandOver);
        }
        self.end_document()?;
        self.at += 3;
        self.awaited = Some(Awaited { place: self.at, tag: None });
        self.is_marked = byte == b'-';
        self.end_of_line()
    }

    /// A line with something on it.
    fn content(&mut self, byte: u8) -> Step<()> {
        let column = self.at - self.line;
        let is_dash = byte == b'-' && self.is_indicator();
        while let Some(level) = self.levels.last() {
            // A list may stand below its key without indentation; it ends with its last dash.
            let is_over = level.column == column && level.kind == Kind::Sequence && !is_dash;
            if level.column <= column && !is_over {
                break;
            }
            self.levels.pop();
            self.close()?;
        }
        if is_dash { self.items(column) } else { self.entry(byte, column) }
    }

    /// The dash at the next byte and what follows it on its line.
    fn items(&mut self, mut column: usize) -> Step<()> {
        loop {
            match self.levels.last() {
                Some(Level { kind: Kind::Sequence, column: other }) if *other == column => {
                    self.missing_value()?;
                }
                _ => self.open(Kind::Sequence, column, self.at)?,
            }
            self.at += 1;
            self.skip_spaces();
            self.awaited = Some(Awaited { place: self.at, tag: None });
            let Some(byte) = self.peek().filter(|it| !is_break(*it) && *it != b'#') else {
                // Behind the comment: that is where the full parser puts it.
                let place = line_end(self.bytes, self.at);
                self.awaited = Some(Awaited { place, tag: None });
                return self.end_of_line();
            };
            column = self.at - self.line;
            if byte != b'-' || !self.is_indicator() {
                return self.entry(byte, column);
            }
        }
    }

    /// A key with what follows it on its line, or else a value.
    fn entry(&mut self, byte: u8, column: usize) -> Step<()> {
        let start = self.at;
        let text = match byte {
            b'"' | b'\'' => self.quoted(byte)?,
            b'!' | b'[' | b'{' | b'|' | b'>' => return self.own_value(column),
            _ => self.plain_line()?,
        };
        let end = self.at;
        self.skip_spaces();
        if self.peek() != Some(b':') {
            self.at = end;
            let tag = self.take_awaited(column)?.tag;
            return self.add_rest(text, tag);
        }
        if !self.is_indicator() || !self.is_key(start) {
            return Err(Stop::HandOver);
        }
        match self.levels.last() {
            Some(Level { kind: Kind::Mapping, column: other }) if *other == column => {
                self.missing_value()?;
            }
            _ => self.open(Kind::Mapping, column, start)?,
        }
        self.add(text, None)?;
        self.at += 1;
        self.awaited = Some(Awaited { place: self.at, tag: None });
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n' | b'\r' | b'#') => self.end_of_line(),
            Some(_) => self.value(),
        }
    }

    /// Whether what stands from `start` up to the colon at the next byte may be a key: it is on one line, and not
    /// longer than the full parser looks ahead, which counts characters.
    fn is_key(&self, start: usize) -> bool {
        const LOOKAHEAD: usize = 1024;
        start >= self.line && self.at - start <= LOOKAHEAD
    }

    /// A value on a line of its own, or behind a dash.
    fn own_value(&mut self, column: usize) -> Step<()> {
        self.awaited = Some(self.take_awaited(column)?);
        self.value()
    }

    /// The value that is awaited.
    fn value(&mut self) -> Step<()> {
        let Some(mut awaited) = self.awaited.take() else { return Err(Stop::HandOver) };
        if self.peek() == Some(b'!') {
            if awaited.tag.is_some() || self.levels.is_empty() {
                return Err(Stop::HandOver);
            }
            let tag = self.tag()?;
            awaited = Awaited { place: tag.end as usize, tag: Some(tag) };
            self.skip_spaces();
        }
        match self.peek() {
            None | Some(b'\n' | b'\r' | b'#') => {
                self.awaited = Some(awaited);
                self.end_of_line()
            }
            Some(b'[' | b'{') => {
                self.flow(awaited.tag)?;
                self.end_of_line()
            }
            Some(b'|' | b'>') => self.block_text(awaited.tag),
            Some(byte @ (b'"' | b'\'')) => {
                let text = self.quoted(byte)?;
                self.add_rest(text, awaited.tag)
            }
            Some(_) => {
                let text = self.plain_line()?;
                self.add_rest(text, awaited.tag)
            }
        }
    }

    /// `!Sub`; tags in longer forms are handed over.
    fn tag(&mut self) -> Step<Span> {
        let start = self.at;
        let len = self.bytes[start + 1..].iter().take_while(|it| bytes::is_of_tag(**it)).count();
        self.at = start + 1 + len;
        match self.peek() {
            // What these end is right inside brackets only; elsewhere it is no end of a line either.
            None | Some(b' ' | b'\n' | b'\r' | b',' | b']' | b'}') if len > 0 => {
                Ok(Span::new(start, self.at))
            }
            _ => Err(Stop::HandOver),
        }
    }

    /// Begins a block collection whose first key or dash is at `start`.
    fn open(&mut self, kind: Kind, column: usize, start: usize) -> Step<()> {
        // The list of a key may stand right below it.
        let is_below = matches!(self.levels.last(), Some(it) if it.kind == Kind::Mapping);
        let column_of_value = column + usize::from(kind == Kind::Sequence && is_below);
        let tag = self.take_awaited(column_of_value)?.tag;
        self.builder.open(kind, Style::Block, tag, Span::at(start))?;
        self.levels.push(Level { kind, column });
        Ok(())
    }

    /// What is awaited, if a value at `column` is that.
    fn take_awaited(&mut self, column: usize) -> Step<Awaited> {
        let awaited = self.awaited.take().ok_or(Stop::HandOver)?;
        let is_inside = self.levels.last().is_none_or(|it| column > it.column);
        if is_inside { Ok(awaited) } else { Err(Stop::HandOver) }
    }

    /// What is awaited does not come.
    fn missing_value(&mut self) -> Step<()> {
        if let Some(Awaited { place, tag }) = self.awaited.take() {
            let span = Span::at(place);
            self.builder.borrowed(Kind::Scalar, Style::Plain, tag, span)?;
        }
        Ok(())
    }

    /// The end of a line, of which nothing is left but a comment.
    fn end_of_line(&mut self) -> Step<()> {
        self.skip_spaces();
        match self.peek() {
            None => {}
            Some(b'\n' | b'\r') => self.at = self.after_break(self.at),
            Some(b'#') if self.bytes[self.at - 1] == b' ' => self.comment(),
            Some(_) => return Err(Stop::HandOver),
        }
        Ok(())
    }

    /// The comment at the next byte, and the end of its line.
    fn comment(&mut self) {
        let end = line_end(self.bytes, self.at);
        self.builder.comment(Span::new(self.at, end));
        self.at = self.after_break(end);
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Whether the next byte stands alone, as `-` and `:` have to.
    fn is_indicator(&self) -> bool {
        self.bytes.get(self.at + 1).is_none_or(|it| ends_word(*it))
    }

    /// The start of the line after the break at `at`.
    fn after_break(&self, at: usize) -> usize {
        after_break(self.bytes, at).unwrap_or(self.bytes.len())
    }
}
