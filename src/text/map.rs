//! Where each stretch of a decoded scalar came from.

use super::Span;

/// Maps byte ranges of decoded text (indentation removed, folds and escapes undone) to the source.
///
/// The pieces cover the decoded text without a gap, so every byte has a place in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextMap {
    pieces: Vec<Piece>,
    len: u32,
}

/// One stretch of decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The first byte in the decoded text.
    pub decoded: u32,
    /// The number of bytes in the decoded text.
    pub len: u32,
    /// The source it came from.
    pub source: Span,
    /// Whether it was copied byte for byte; else the whole of it stands for the whole of `source`
    /// (an escape, the line break and indentation that were folded into a blank).
    pub verbatim: bool,
}

impl TextMap {
    /// A map of text that was copied whole from `start` on.
    #[must_use]
    pub fn verbatim(start: usize, len: usize) -> TextMap {
        let mut res = TextMap::default();
        res.push_verbatim(start, len);
        res
    }

    /// Appends `len` bytes that were copied from `source_start` on.
    pub fn push_verbatim(&mut self, source_start: usize, len: usize) {
        if len == 0 {
            return;
        }
        let source = Span::new(source_start, source_start + len);
        let added = source.end - source.start;
        if let Some(last) = self.pieces.last_mut()
            && last.verbatim
            && last.source.end == source.start
        {
            last.len += added;
            last.source.end = source.end;
        } else {
            self.pieces.push(Piece { decoded: self.len, len: added, source, verbatim: true });
        }
        self.len += added;
    }

    /// Appends `len` decoded bytes that stand for the whole of `source`.
    pub fn push_decoded(&mut self, source: Span, len: usize) {
        if len == 0 {
            return;
        }
        let len = u32::try_from(len).expect("internal error: a scalar above 4 GB");
        self.pieces.push(Piece { decoded: self.len, len, source, verbatim: false });
        self.len += len;
    }

    /// The pieces, in the order of the decoded text.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The length of the decoded text in bytes.
    #[must_use]
    pub fn decoded_len(&self) -> usize {
        self.len as usize
    }

    /// The source of the decoded bytes `start..end`; `None` when they are outside the text or empty.
    #[must_use]
    pub fn to_source(&self, start: usize, end: usize) -> Option<Span> {
        let last = end.checked_sub(1).filter(|last| start <= *last)?;
        let first = self.piece_at(start)?.source_of(start);
        let last = self.piece_at(last)?.source_of(last);
        Some(first.to(last))
    }

    fn piece_at(&self, decoded: usize) -> Option<&Piece> {
        if decoded >= self.len as usize {
            return None;
        }
        let idx = self.pieces.partition_point(|it| it.decoded as usize <= decoded).checked_sub(1)?;
        self.pieces.get(idx)
    }
}

impl Piece {
    /// The source of the decoded byte at `decoded`, which lies in this piece.
    fn source_of(&self, decoded: usize) -> Span {
        if !self.verbatim {
            return self.source;
        }
        let start = self.source.start as usize + (decoded - self.decoded as usize);
        Span::new(start, start + 1)
    }
}
