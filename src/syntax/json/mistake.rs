//! What can be wrong in JSON: the words, and what to do.

use super::{Reader, Step};
use crate::syntax::{Problem, explain};
use crate::text::Span;

/// Ends the reading.
pub(super) fn fail<T>(problem: Problem) -> Step<T> {
    Err(Box::new(problem))
}

impl Reader<'_> {
    /// Something follows a value.
    pub(super) fn missing_comma<T>(&self) -> Step<T> {
        let span = self.token();
        let word = explain::quote(self.source, span);
        let (message, help) = match self.bytes[self.at] {
            b':' => ("a colon follows a value".to_owned(), "put a comma and a key before it"),
            b'/' => return self.bad_word(),
            _ => (format!("a comma is missing before {word}"), "add a comma after the value before it"),
        };
        let mut problem = Problem::syntax(span, message).help(help);
        if let Some((.., open)) = self.builder.innermost() {
            problem = problem.because(open_bracket(open), "inside these brackets");
        }
        fail(problem)
    }

    /// Something stands where a key belongs.
    pub(super) fn bad_key<T>(&self) -> Step<T> {
        let span = self.token();
        let word = explain::quote(self.source, span);
        fail(match self.bytes[self.at] {
            b'}' | b']' => self.trailing_comma(span),
            b',' => Problem::syntax(span, "a comma stands where a key belongs").help("remove it"),
            b'/' | b'#' => return self.bad_word(),
            _ => Problem::syntax(span, format!("{word} stands where a key belongs"))
                .help("write the key in double quotes"),
        })
    }

    /// Something stands where a value belongs.
    pub(super) fn bad_word<T>(&self) -> Step<T> {
        let span = self.token();
        let word = explain::quote(self.source, span);
        let no_value = |help: &str| Problem::syntax(span, format!("{word} is no value of JSON")).help(help);
        fail(match self.bytes[self.at] {
            b']' | b'}' if self.builder.innermost().is_none() => {
                Problem::syntax(span, format!("{word} closes nothing")).help("remove it")
            }
            b']' | b'}' if self.after_comma() => self.trailing_comma(span),
            b']' | b'}' | b',' => {
                Problem::syntax(span, format!("a value is missing before {word}")).help("write the value")
            }
            b':' => Problem::syntax(span, "a colon stands where a value belongs").help("remove it"),
            b'/' | b'#' => {
                Problem::syntax(span, "a comment stands here, and JSON has none").help("remove it")
            }
            b'\'' => no_value("write texts in double quotes"),
            b'0'..=b'9' | b'-' | b'+' | b'.' => {
                no_value("write a number without plus sign and leading zeros, or put it in double quotes")
            }
            _ => no_value("put it in double quotes"),
        })
    }

    fn trailing_comma(&self, bracket: Span) -> Problem {
        let word = explain::quote(self.source, bracket);
        Problem::syntax(bracket, format!("a comma stands before {word} with nothing after it"))
            .help("remove the comma")
    }

    /// The backslash at `at` starts no escape.
    pub(super) fn bad_escape<T>(&self, at: usize) -> Step<T> {
        let is_unicode = self.bytes.get(at + 1) == Some(&b'u');
        let len = if is_unicode { 6 } else { 2 };
        let text = self.source[at..].chars().take(len).take_while(|it| !matches!(it, '"' | '\n' | '\r'));
        let span = Span::new(at, at + text.map(char::len_utf8).sum::<usize>().max(1));
        let word = explain::quote(self.source, span);
        let is_code = span.slice(self.source).bytes().skip(2).filter(u8::is_ascii_hexdigit).count() == 4;
        fail(match (is_unicode, is_code) {
            (true, true) => Problem::syntax(span, format!("{word} is one half of a pair of surrogates"))
                .help("write both halves, or the character itself"),
            (true, false) => {
                Problem::syntax(span, format!("{word} needs four hexadecimal digits")).help("write all four")
            }
            _ => Problem::syntax(span, format!("{word} is no escape of JSON"))
                .help("write `\\\\` for a backslash"),
        })
    }

    /// The string at `start` goes on after its line.
    pub(super) fn unclosed_string<T>(&self, start: usize, end: usize) -> Step<T> {
        fail(
            Problem::syntax(Span::new(start, end), "this text is not closed on its line")
                .help("close it with `\"`, and write `\\n` for a line break"),
        )
    }

    /// The byte at `at` may not stand in a string.
    pub(super) fn control_character<T>(&self, at: usize) -> Step<T> {
        let byte = self.bytes[at];
        let (name, escape) = match byte {
            b'\t' => ("a tab".to_owned(), "\\t".to_owned()),
            _ => (format!("the control character U+{byte:04X}"), format!("\\u{byte:04x}")),
        };
        fail(
            Problem::syntax(Span::new(at, at + 1), format!("{name} stands inside a text of JSON"))
                .help(format!("write it as `{escape}`")),
        )
    }
}

fn open_bracket(collection: Span) -> Span {
    Span { start: collection.start, end: collection.start + 1 }
}
