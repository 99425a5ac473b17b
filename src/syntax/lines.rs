//! Line breaks and blanks as YAML has them: `\n`, `\r\n` and `\r` end a line.

/// A blank between words.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A space; tabs do not indent.
pub(super) fn is_space(byte: u8) -> bool {
    byte == b' '
}

/// How many bytes at the start are blank.
pub(super) fn blanks(bytes: &[u8], is_blank: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|it| is_blank(**it)).count()
}

/// The end of the line break at `at`, if there is one.
pub(super) fn after_break(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'\r', b'\n', ..] => Some(at + 2),
        [b'\r' | b'\n', ..] => Some(at + 1),
        _ => None,
    }
}

/// The start of the line break that ends at `at`; `at` when there is none.
pub(super) fn before_break(bytes: &[u8], at: usize) -> usize {
    match &bytes[..at] {
        [.., b'\r', b'\n'] => at - 2,
        [.., b'\r' | b'\n'] => at - 1,
        _ => at,
    }
}

/// Where the line of `at` starts; the first one after a BOM.
pub(super) fn line_start(bytes: &[u8], at: usize) -> usize {
    let bom = if bytes[..at].starts_with("\u{feff}".as_bytes()) { "\u{feff}".len() } else { 0 };
    memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(bom, |it| it + 1)
}

/// Where the line of `at` ends, before its line break.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |it| at + it)
}
