//! What bytes are to the scanner.

pub(super) const BOM: char = '\u{feff}';

/// Whether the scanner may read `source`: it has no characters that YAML does not allow, and its lines end with `\n`
/// or `\r\n`. A tab is for others to judge.
pub(super) fn are_common(source: &str) -> bool {
    let bytes = source.as_bytes();
    // Blocks, since a fold is fast and one over the whole file would read it twice from memory.
    bytes.chunks(4096).all(|block| !block.iter().fold(false, |res, it| res | is_control(*it)))
        && memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
        && (source.is_ascii() || has_common_characters(source))
}

fn is_control(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t')) || byte == 0x7f
}

/// Whether there are no controls among U+0080 to U+009F, no BOM but at the start, and neither U+FFFE nor U+FFFF.
fn has_common_characters(source: &str) -> bool {
    let bytes = source.strip_prefix(BOM).unwrap_or(source).as_bytes();
    memchr::memchr2_iter(0xc2, 0xef, bytes).all(|at| {
        !matches!(
            &bytes[at..],
            [0xc2, 0x80..=0x9f, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..]
        )
    })
}

pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Whether a byte is no part of a word.
pub(super) fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Whether a byte has a meaning inside brackets wherever it stands.
pub(super) fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// Whether a byte may stand in a tag such as `!Sub`; YAML allows more.
pub(super) fn is_of_tag(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/')
}

/// Whether a plain scalar cannot start with a byte, or only before some others.
pub(super) fn is_no_start(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
    )
}
