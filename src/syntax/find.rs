//! Finds the byte that ends a run of text; most of the time of reading goes by here.

/// Where the first byte is that is one of two, or a control such as a line break or a tab; the end if there is none.
pub(super) fn find(bytes: &[u8], mut at: usize, either: [u8; 2]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let [one, other] = either.map(|it| ONES * u64::from(it));
    // Eight bytes at once: the high bit of each tells whether it is less than another. A borrow reaches only the bytes
    // behind one that was found.
    let less = |word: u64, than: u64| word.wrapping_sub(than) & !word & HIGH;
    while let Some(chunk) = bytes.get(at..).and_then(|it| it.first_chunk()) {
        let word = u64::from_le_bytes(*chunk);
        let found = less(word ^ one, ONES) | less(word ^ other, ONES) | less(word, ONES * u64::from(b' '));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    at + rest.iter().position(|it| *it < b' ' || either.contains(it)).unwrap_or(rest.len())
}

/// A set of bytes, where there are more of them.
pub(super) struct Set([bool; 256]);

impl Set {
    pub(super) const fn new(bytes: &[u8]) -> Set {
        let mut res = [false; 256];
        let mut idx = 0;
        while idx < bytes.len() {
            res[bytes[idx] as usize] = true;
            idx += 1;
        }
        Set(res)
    }

    /// Where the first byte of the set is from `at` on; the end if there is none.
    pub(super) fn find(&self, bytes: &[u8], at: usize) -> usize {
        let rest = &bytes[at..];
        at + rest.iter().position(|it| self.0[*it as usize]).unwrap_or(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_once_are_as_one_by_one() {
        let texts = (0..=255_u8).flat_map(|byte| (0..20).map(move |at| (byte, at)));
        for (byte, at) in texts {
            // Neighbours of what is looked for, and bytes above ASCII, before and behind it.
            for filling in [b'!', b'#', b'[', b']', b' ', 0x7f, 0x80, 0xa2, 0xff] {
                let mut text = [filling; 21];
                text[at] = byte;
                text[20] = b'"';
                let is_found = byte < b' ' || matches!(byte, b'"' | b'\\');
                assert_eq!(find(&text, 0, *b"\"\\"), if is_found { at } else { 20 }, "{byte} at {at}");
            }
        }
        assert_eq!(find(b"abc", 1, *b"xy"), 3);
    }
}
