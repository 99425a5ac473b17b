//! A quick look at bytes: could this be a template at all?

use memchr::memmem;

/// The words one of which every template has (REPORT-FORMAT, "Which files").
const WORDS: [&str; 3] = ["AWSTemplateFormatVersion", "Resources", "Transform"];

/// Whether it may be a template; wrong only in one direction.
pub(super) fn may_be_template(source: &str) -> bool {
    has_words(source.as_bytes()) || has_escaped_letters(source.as_bytes())
}

/// Whether one of the words stands anywhere; for bytes that may be no text.
pub(super) fn has_words(bytes: &[u8]) -> bool {
    WORDS.iter().any(|it| memmem::find(bytes, it.as_bytes()).is_some())
}

/// Whether a letter of a word may be written as `\u0052`, `\x52` or `\U00000052`: a template could hide so.
fn has_escaped_letters(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', bytes)
        .any(|at| [&b"u00"[..], b"x", b"U0000"].iter().any(|it| bytes[at + 1..].starts_with(it)))
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
    let is_first = at == 0 || bytes[..at] == *"\u{feff}".as_bytes();
    let at_line_start = (is_first || matches!(before, Some(b'\n' | b'\r'))) && after == Some(&b':');
    let quoted = matches!(before, Some(b'"' | b'\'')) && matches!(after, Some(b'"' | b'\''));
    at_line_start || quoted
}

#[cfg(test)]
mod tests {
    use crate::lint::{FileKind, Options, check};

    #[track_caller]
    fn is_template(source: &str, expected: bool) {
        let kind = check(source.as_bytes(), &Options::default()).kind;
        assert_eq!(kind == FileKind::CloudFormation, expected, "{source:?}");
    }

    #[test]
    fn a_key_may_be_escaped() {
        let body = "{\"A\": {\"Type\": \"AWS::SNS::Topic\"}}";
        is_template(&format!("{{\"\\u0052esources\": {body}}}"), true);
        is_template(&format!("\"\\x52esources\": {body}"), true);
        is_template(&format!("\"\\U00000052esources\": {body}"), true);
        is_template("{\"name\": \"caf\\u00e9\"}", false);
    }

    #[test]
    fn words_of_a_broken_file_count_at_the_start_of_a_line() {
        is_template("Resources:\n  A: [AWS::SNS::Topic", true);
        is_template("\u{feff}Resources:\n  A: [AWS::SNS::Topic", true);
        // The last byte of this letter is that of a BOM.
        is_template("\u{ff}Resources:\n  A: [AWS::SNS::Topic", false);
        is_template("a: [AWS::SNS::Topic Resources: b", false);
    }
}
