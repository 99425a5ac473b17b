//! Line and column of a byte, for reports.

use super::Span;

/// The starts of all lines of a file. A line ends with `\n`; the `\r` before it belongs to the line.
#[derive(Clone, Debug)]
pub struct Lines<'s> {
    source: &'s str,
    starts: Vec<u32>,
    /// The number of characters before each block of [`BLOCK`] bytes: a minified template is one line of 1 MB, and
    /// counting it again for each of its findings would take longer than finding them.
    chars_before: Vec<u32>,
}

/// How many bytes are counted at most for one position.
const BLOCK: usize = 4096;

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
        // One more at the end, for the end of a file of whole blocks.
        let mut chars_before = vec![0];
        for block in source.as_bytes().chunks(BLOCK) {
            chars_before.push(chars_before[chars_before.len() - 1] + count_chars(block));
        }
        Lines { source, starts, chars_before }
    }

    /// The position of the byte at `offset`; past the end, that of the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.source.len());
        let idx = self.starts.partition_point(|it| *it as usize <= offset).saturating_sub(1);
        let chars = self.chars_to(offset) - self.chars_to(self.starts[idx] as usize);
        let bom = usize::from(idx == 0 && offset > 0 && self.source.starts_with('\u{feff}'));
        // The place of a line's end is the same whatever ends the line.
        let bytes = self.source.as_bytes();
        let in_crlf = usize::from(bytes.get(offset) == Some(&b'\n') && bytes[..offset].ends_with(b"\r"));
        Position { line: idx + 1, column: chars as usize - bom - in_crlf + 1, offset }
    }

    /// The number of characters that start before the byte at `offset`.
    fn chars_to(&self, offset: usize) -> u32 {
        let block = offset / BLOCK;
        self.chars_before[block] + count_chars(&self.source.as_bytes()[block * BLOCK..offset])
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

/// Counting the bytes that start a character never cuts one in half.
fn count_chars(bytes: &[u8]) -> u32 {
    bytes.iter().map(|it| u32::from((*it as i8) >= -0x40)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_are_those_of_counting() {
        let source = format!("\u{feff}ab\n{}\nend", "aé日🦀".repeat(3000));
        let lines = Lines::new(&source);
        for (offset, _) in source.char_indices().step_by(7) {
            let line = source[..offset].rsplit('\n').next().unwrap_or("").trim_start_matches('\u{feff}');
            let position = lines.position(Span::at(offset).start);
            assert_eq!((position.column, position.offset), (line.chars().count() + 1, offset));
        }
    }

    #[test]
    fn the_end_of_a_file_of_whole_blocks_has_a_position() {
        let source = "x".repeat(2 * BLOCK);
        assert_eq!(Lines::new(&source).position(u32::MAX).column, 2 * BLOCK + 1);
    }
}
