//! Line and column of a byte, for reports.

use super::Span;

/// The starts of all lines of a file. A line ends with `\n`; the `\r` before it belongs to the line.
#[derive(Clone, Debug)]
pub struct Lines<'s> {
    source: &'s str,
    starts: Vec<u32>,
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode scalar values. A BOM is not counted.
    pub column: usize,
    /// Bytes from 0 in the file as it is on the disk; a BOM counts.
    pub offset: usize,
}

impl<'s> Lines<'s> {
    /// Indexes `source`, which is the whole file.
    #[must_use]
    pub fn new(source: &'s str) -> Lines<'s> {
        let after = memchr::memchr_iter(b'\n', source.as_bytes()).map(|it| it + 1);
        let starts = std::iter::once(0).chain(after).map(|it| Span::at(it).start).collect();
        Lines { source, starts }
    }

    /// The position of the byte at `offset`; past the end, that of the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.source.len());
        let idx = self.starts.partition_point(|it| *it as usize <= offset).saturating_sub(1);
        let line = &self.source.as_bytes()[self.starts[idx] as usize..offset];
        // Counting the bytes that start a character never cuts one in half.
        let chars = line.iter().filter(|it| (**it as i8) >= -0x40).count();
        let bom = usize::from(idx == 0 && line.starts_with("\u{feff}".as_bytes()));
        Position { line: idx + 1, column: chars - bom + 1, offset }
    }

    /// The offset of the first byte of the line (from 0) that holds `offset`, and the line's number from 0.
    #[must_use]
    pub fn line_start(&self, offset: usize) -> (usize, usize) {
        let idx = self.starts.partition_point(|it| *it as usize <= offset).saturating_sub(1);
        (self.starts[idx] as usize, idx)
    }

    /// The first byte of line `idx` (from 0), or the end of the file past the last line.
    #[must_use]
    pub fn start_of(&self, idx: usize) -> usize {
        self.starts.get(idx).map_or(self.source.len(), |it| *it as usize)
    }

    /// The number of lines.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The file's text.
    #[must_use]
    pub fn source(&self) -> &'s str {
        self.source
    }
}
