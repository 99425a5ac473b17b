//! From bytes to text, or the reason why not.

/// Why bytes are no template text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// UTF-16, by its byte order mark or by the zero bytes between the letters.
    Utf16 {
        /// Whether the high byte comes first.
        big_endian: bool,
    },
    /// A NUL byte at this offset: a binary file.
    Binary(usize),
    /// The first byte that is no UTF-8.
    NotUtf8(usize),
}

/// The text of a file. The BOM of UTF-8 stays, so that offsets are those of the disk.
///
/// # Errors
/// [`NotText`] when the bytes are no UTF-8 text.
pub fn decode(bytes: &[u8]) -> Result<&str, NotText> {
    let utf16 = |big_endian| Err(NotText::Utf16 { big_endian });
    match bytes {
        [0xff, 0xfe, ..] => return utf16(false),
        [0xfe, 0xff, ..] => return utf16(true),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => return utf16(false),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => return utf16(true),
        _ => {}
    }
    if let Some(nul) = memchr::memchr(0, bytes) {
        return Err(NotText::Binary(nul));
    }
    std::str::from_utf8(bytes).map_err(|err| NotText::NotUtf8(err.valid_up_to()))
}
