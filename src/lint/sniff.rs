//! A quick look at bytes: could this be a template at all?

use memchr::memmem;

/// The words one of which every template has (REPORT-FORMAT, "Which files").
const WORDS: [&str; 3] = ["AWSTemplateFormatVersion", "Resources", "Transform"];

/// Whether it may be a template; wrong only in one direction.
pub(super) fn may_be_template(bytes: &[u8]) -> bool {
    WORDS.iter().any(|it| memmem::find(bytes, it.as_bytes()).is_some())
}

/// The same for text in UTF-16.
pub(super) fn may_be_template_in_utf16(bytes: &[u8]) -> bool {
    WORDS.iter().any(|word| {
        // The zero bytes stand between the letters in both byte orders.
        let spread: Vec<u8> = word.bytes().flat_map(|it| [it, 0]).collect();
        memmem::find(bytes, &spread[..spread.len() - 1]).is_some()
    })
}

/// Whether the words that make a template stand at the start of a line or as JSON keys.
pub(super) fn has_template_words(bytes: &[u8]) -> bool {
    let typed = memmem::find(bytes, b"AWS::").is_some();
    WORDS.iter().any(|word| {
        // `Resources` and `Transform` are common words; the version is not.
        let decisive = typed || *word == WORDS[0];
        decisive && memmem::find_iter(bytes, word.as_bytes()).any(|at| is_key(bytes, at, word.len()))
    })
}

fn is_key(bytes: &[u8], at: usize, len: usize) -> bool {
    let before = at.checked_sub(1).map(|it| bytes[it]);
    let after = bytes.get(at + len);
    let at_line_start = matches!(before, None | Some(b'\n' | b'\r' | 0xbf)) && after == Some(&b':');
    let quoted = matches!(before, Some(b'"' | b'\'')) && matches!(after, Some(b'"' | b'\''));
    at_line_start || quoted
}
