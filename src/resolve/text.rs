//! Values, and texts that remember where each of their pieces was written.

use std::ops::Range;

use crate::syntax::Node;
use crate::text::Span;

/// Stands in the text for a symbol: one character of the private use area. Which symbol it is, says the piece.
pub const SYMBOL: char = '\u{e000}';

/// A value in one scenario.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// Text, possibly with symbols in it. Numbers and booleans are texts.
    Text(Text<'t>),
    /// A list.
    List(Vec<Value<'t>>),
    /// A mapping; its values are worked out when they are asked for.
    Map(Node<'t>),
    /// `AWS::NoValue`.
    Nothing,
    /// Only deployment can tell, or a bound was reached.
    Unknown,
}

/// Something that only AWS knows, by the name that the template has for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol<'t> {
    /// What `Ref` of a resource gives: its name or id.
    Resource(&'t str),
    /// What `Fn::GetAtt` gives.
    Attribute {
        /// The logical id.
        resource: &'t str,
        /// The attribute.
        attribute: &'t str,
    },
    /// A parameter without a known value.
    Parameter(&'t str),
    /// A pseudo parameter such as `AWS::Region`.
    Pseudo(&'t str),
    /// An imported value, by the name as far as it is known.
    Import(String),
    /// A dynamic reference: `{{resolve:ssm:...}}`, whole.
    Dynamic(String),
    /// The packages that the instance has, as a list: what `rpm -qa` prints.
    Packages,
    /// A variable that the boot script does not set, by name: the environment may.
    Environment(String),
    /// A variable that nothing sets, by name: it is empty.
    Unset(String),
    /// Anything: two of these are not the same.
    Unknown,
}

/// Text whose every byte knows where it was written.
#[derive(Clone, Debug, Default)]
pub struct Text<'t> {
    text: String,
    /// Covers `text` without a gap.
    pieces: Vec<Piece<'t>>,
}

/// A stretch of a [`Text`].
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'t> {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// Where it is written; of a symbol, the reference to it.
    pub source: Span,
    /// Where it is used, when it came through a parameter or a mapping.
    pub used: Option<Span>,
    /// How text and source go together.
    pub kind: PieceKind<'t>,
}

/// How the text of a piece and its source go together.
#[derive(Clone, Debug, PartialEq)]
pub enum PieceKind<'t> {
    /// Byte for byte.
    Verbatim,
    /// As a whole: an escape, a fold, a value from the command line.
    Decoded,
    /// One [`SYMBOL`].
    Symbol(Symbol<'t>),
}

/// A place in the template: where it is written, and where it is used when that is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where the words are written.
    pub span: Span,
    /// Where they are used.
    pub used: Option<Span>,
}

impl<'t> Text<'t> {
    /// Whether the other is a copy of this one: equal in every byte, symbol and place, unknown ones too.
    #[must_use]
    pub fn is_copy_of(&self, other: &Text<'_>) -> bool {
        self.text == other.text && self.pieces == other.pieces
    }

    /// The decoded text of a scalar.
    #[must_use]
    pub fn of(node: Node<'t>) -> Text<'t> {
        let map = node.text_map();
        let pieces = map.pieces().iter().map(|it| Piece {
            range: it.decoded as usize..(it.decoded + it.len) as usize,
            source: it.source,
            used: None,
            kind: if it.verbatim { PieceKind::Verbatim } else { PieceKind::Decoded },
        });
        Text { text: node.text().to_owned(), pieces: pieces.collect() }
    }

    /// Text that stands as a whole for `source`.
    #[must_use]
    pub fn decoded(text: &str, source: Span) -> Text<'t> {
        let piece = Piece { range: 0..text.len(), source, used: None, kind: PieceKind::Decoded };
        Text { text: text.to_owned(), pieces: if text.is_empty() { Vec::new() } else { vec![piece] } }
    }

    /// One symbol, named at `source`.
    #[must_use]
    pub fn symbol(symbol: Symbol<'t>, source: Span) -> Text<'t> {
        let piece =
            Piece { range: 0..SYMBOL.len_utf8(), source, used: None, kind: PieceKind::Symbol(symbol) };
        Text { text: SYMBOL.to_string(), pieces: vec![piece] }
    }

    /// Appends another text.
    pub fn push(&mut self, other: &Text<'t>) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        for piece in &other.pieces {
            let range = piece.range.start + shift..piece.range.end + shift;
            let joins = |last: &Piece<'_>| {
                last.kind == PieceKind::Verbatim
                    && piece.kind == PieceKind::Verbatim
                    && last.source.end == piece.source.start
                    && last.used == piece.used
            };
            match self.pieces.last_mut() {
                Some(last) if joins(last) => {
                    last.range.end = range.end;
                    last.source = last.source.to(piece.source);
                }
                _ => self.pieces.push(Piece { range, ..piece.clone() }),
            }
        }
    }

    /// The text, a [`SYMBOL`] for each symbol.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text when there is no symbol in it.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        let symbolic = self.pieces.iter().any(|it| matches!(it.kind, PieceKind::Symbol(_)));
        (!symbolic).then_some(self.text.as_str())
    }

    /// The symbol when the text is nothing else.
    #[must_use]
    pub fn only_symbol(&self) -> Option<&Symbol<'t>> {
        match self.pieces.as_slice() {
            [Piece { kind: PieceKind::Symbol(symbol), .. }] => Some(symbol),
            _ => None,
        }
    }

    /// The symbols in it, in order.
    pub fn symbols(&self) -> impl Iterator<Item = &Symbol<'t>> {
        self.pieces.iter().filter_map(|it| match &it.kind {
            PieceKind::Symbol(symbol) => Some(symbol),
            _ => None,
        })
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece<'t>] {
        &self.pieces
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// The part of it in `range`, which lies on character borders inside the text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text<'t> {
        let mut res = Text { text: self.text[range.clone()].to_owned(), pieces: Vec::new() };
        let first = self.pieces.partition_point(|it| it.range.end <= range.start);
        for piece in self.pieces[first..].iter().take_while(|it| it.range.start < range.end) {
            let start = piece.range.start.max(range.start);
            let end = piece.range.end.min(range.end);
            let source = match piece.kind {
                PieceKind::Verbatim => {
                    let source = piece.source.start as usize + (start - piece.range.start);
                    Span::new(source, source + (end - start))
                }
                _ => piece.source,
            };
            let range = start - range.start..end - range.start;
            res.pieces.push(Piece { range, source, ..piece.clone() });
        }
        res
    }

    /// Where the bytes in `range` are written. What comes partly from elsewhere, as `${Env}-web`, is written where it
    /// is put together. A range over several places gives that of its first byte's stretch, as far as it is written in
    /// one piece.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        let part = self.slice(range.start..range.end.min(self.text.len()).max(range.start));
        let first = part.pieces.first()?;
        let is_mixed = part.pieces.iter().any(|it| it.used != first.used);
        let here = |it: &Piece<'_>| if is_mixed { it.used.unwrap_or(it.source) } else { it.source };
        let mut res = Place { span: here(first), used: first.used.filter(|_| !is_mixed) };
        for span in part.pieces[1..].iter().map(here) {
            // Pieces of one scalar follow each other; a piece from elsewhere does not belong to the caret.
            if res.span.end <= span.start {
                res.span = res.span.to(span);
            }
        }
        Some(res)
    }

    /// Where the whole of it is written.
    #[must_use]
    pub fn whole_place(&self) -> Option<Place> {
        self.place(0..self.text.len())
    }

    /// The same text as something used at `used`: a parameter or a mapping was named there.
    #[must_use]
    pub fn used_at(mut self, used: Span) -> Text<'t> {
        for piece in &mut self.pieces {
            piece.used = Some(used);
        }
        self
    }

    /// Whether it is another text for certain: the ends of the two, as far as they are known, differ.
    #[must_use]
    pub fn differs_at_end(&self, other: &Text<'_>) -> bool {
        let end = |text: &str| text.rfind(SYMBOL).map_or(0, |it| it + SYMBOL.len_utf8());
        let (left, right) = (&self.text[end(&self.text)..], &other.text[end(&other.text)..]);
        let (known, other_known) = (left.len() == self.text.len(), right.len() == other.text.len());
        // The same symbol, and other letters behind it.
        let one = |it: &Text<'_>| it.text.starts_with(SYMBOL) && it.symbols().count() == 1;
        if one(self) && one(other) && self.symbols().eq(other.symbols()) && left != right {
            return !self.symbols().any(|it| *it == Symbol::Unknown);
        }
        match (known, other_known) {
            (true, true) => left != right,
            (true, false) => !left.ends_with(right),
            (false, true) => !right.ends_with(left),
            (false, false) => !left.ends_with(right) && !right.ends_with(left),
        }
    }

    /// For messages: `${Name}` for a symbol, else the text itself.
    #[must_use]
    pub fn display(&self) -> String {
        let mut res = String::with_capacity(self.text.len());
        for piece in &self.pieces {
            match &piece.kind {
                PieceKind::Symbol(symbol) => res.push_str(&symbol.to_string()),
                _ => res.push_str(&self.text[piece.range.clone()]),
            }
        }
        res
    }
}

/// The same text: equal bytes and equal symbols. Two unknown symbols are never the same.
impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        let unknown = self.symbols().any(|it| *it == Symbol::Unknown);
        self.text == other.text && !unknown && self.symbols().eq(other.symbols())
    }
}

impl std::fmt::Display for Symbol<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Symbol::Resource(name) | Symbol::Parameter(name) | Symbol::Pseudo(name) => {
                write!(f, "${{{name}}}")
            }
            Symbol::Attribute { resource, attribute } => write!(f, "${{{resource}.{attribute}}}"),
            Symbol::Import(name) => write!(f, "(import of {name})"),
            Symbol::Dynamic(text) => f.write_str(text),
            Symbol::Environment(name) | Symbol::Unset(name) => write!(f, "${name}"),
            Symbol::Packages | Symbol::Unknown => f.write_str("..."),
        }
    }
}
