//! Nothing of a template, a file name or a parameter moves the cursor, changes a colour, or hides.
//!
//! A terminal obeys control characters (`ESC [ 31 m`, also its one-character form U+009B), bidirectional ones turn the
//! text around so that it reads differently from what the parser sees, and zero-width ones make two names look alike.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character must not be shown as it is. A newline and a tab are such characters too.
#[must_use]
pub fn is_unsafe(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_control();
    }
    char.is_control()
        || matches!(char,
            // Soft hyphen, the invisible joiners and fillers, the separators of lines and paragraphs.
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            // The Arabic letter mark, musical and shorthand controls, tags, more variation selectors.
            | '\u{61c}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text on one line, what must not be shown escaped as in Rust: `\n`, `\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// The same, of at most `max` characters before escaping; a longer text loses its middle.
#[must_use]
pub fn short(text: &str, max: usize) -> String {
    line(&cut(text, max)).into_owned()
}

/// The same with its line breaks, for what may have several lines.
#[must_use]
pub fn short_lines(text: &str, max: usize) -> String {
    escape(&cut(text, max), |it| it == '\n').into_owned()
}

/// A piece of source text of exactly as many bytes, so that every span still points to the same words.
///
/// A tab stays, since who shows the text has to expand it.
#[must_use]
pub fn same_length(text: &str) -> Cow<'_, str> {
    let is_unsafe = |it: char| it != '\t' && is_unsafe(it);
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut res = String::with_capacity(text.len());
    for char in text.chars() {
        match char.len_utf8() {
            _ if !is_unsafe(char) => res.push(char),
            1 => res.push('?'),
            2 => res.push('¤'),
            3 => res.push('\u{fffd}'),
            _ => res.push_str("\u{fffd}?"),
        }
    }
    Cow::Owned(res)
}

/// Lines as they may go to the log of a workflow, whose runner obeys some: one that starts with `::name`, and `##[`
/// wherever it stands.
///
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
#[must_use]
pub fn without_commands(text: String) -> String {
    let is_command = |line: &str| line.trim_start().starts_with("::");
    if !text.contains("##[") && !text.lines().any(is_command) {
        return text;
    }
    let harmless = |line: &str| {
        // As wide as before: carets stand below.
        let line = line.replace("##[", "#?[");
        if is_command(&line) { line.replacen("::", ":?", 1) } else { line }
    };
    text.split_inclusive('\n').map(harmless).collect()
}

/// The text, or its head and tail.
fn cut(text: &str, max: usize) -> Cow<'_, str> {
    let count = text.chars().count();
    if count <= max {
        return Cow::Borrowed(text);
    }
    let (tail, dots) = (max / 3, 3);
    let head = text.chars().take(max.saturating_sub(tail + dots));
    Cow::Owned(head.chain("...".chars()).chain(text.chars().skip(count - tail)).collect())
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_unsafe = |it: char| is_unsafe(it) && !keep(it);
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut res = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if is_unsafe(char) {
            // `escape_default` knows `\n`, `\r` and `\t`, and escapes all that is not ASCII.
            let _ = write!(res, "{}", char.escape_default());
        } else {
            res.push(char);
        }
    }
    Cow::Owned(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "a\u{1b}[31m\u{7}\u{8}\r\n\0\u{7f}\u{9b}31m\u{202e}\u{200b}\u{feff}\u{e0041}é日z";

    #[test]
    fn nothing_unsafe_is_left() {
        for text in [line(EVIL).into_owned(), short(EVIL, 12), same_length(EVIL).into_owned()] {
            assert!(!text.contains(is_unsafe), "{text:?}");
        }
        assert_eq!(short_lines(EVIL, 100).matches('\n').count(), 1);
    }

    #[test]
    fn a_line_says_what_was_there() {
        assert_eq!(line("a\u{1b}[31m\nb\u{202e}"), "a\\u{1b}[31m\\nb\\u{202e}");
        assert!(matches!(line("nüchtern 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_line_is_a_command_of_a_runner() {
        let text = "AWS::ECS::Cluster\n  ::error ::x\n::stop-commands::y\na ##[group]b ##[x]\n".to_owned();
        let expected = "AWS::ECS::Cluster\n  :?error ::x\n:?stop-commands::y\na #?[group]b #?[x]\n";
        assert_eq!(without_commands(text.clone()), expected);
        assert_eq!(without_commands(text).len(), expected.len());
    }

    #[test]
    fn source_text_keeps_its_length() {
        assert_eq!(same_length(EVIL).len(), EVIL.len());
        for char in (0..=0x10_ffff).filter_map(char::from_u32) {
            assert_eq!(same_length(&char.to_string()).len(), char.len_utf8());
        }
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(short("abcdefghijklmnop", 12), "abcde...mnop");
        assert_eq!(short("abcdefghijkl", 12), "abcdefghijkl");
    }
}
