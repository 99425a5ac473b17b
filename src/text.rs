//! Source text, spans, and the way back from decoded text to source bytes.
//!
//! Invariants: a span is a byte range of the file as it is on the disk; lines and columns are computed when
//! something is printed ([`Lines`]); nothing here reads a file or fails.

mod decode;
mod glob;
mod lines;
mod map;
mod near;

pub use decode::{NotText, decode};
pub use glob::glob;
pub use lines::{Lines, Position};
pub use map::{Piece, TextMap};
pub use near::near;

/// A half-open range of bytes of the checked file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end`. Files are at most 16 MB, so offsets fit in 32 bits.
    ///
    /// # Panics
    /// When `end` lies before `start`, which is a bug of the caller.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Span {
        assert!(start <= end, "internal error: a span that ends before it starts");
        let cut = |offset: usize| u32::try_from(offset).expect("internal error: a file above 4 GB");
        Span { start: cut(start), end: cut(end) }
    }

    /// The empty span at `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Span {
        Span::new(offset, offset)
    }

    /// The text of this span in `source`.
    #[must_use]
    pub fn slice(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
