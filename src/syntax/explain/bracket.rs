//! Brackets that do not fit, and what is missing between them.

use super::{Place, quote};
use crate::syntax::Problem;
use crate::syntax::lines::{blanks, is_blank, line_start};
use crate::syntax::tree::Kind;
use crate::text::Span;

/// The problem of the bracket at `open` that nothing closes.
pub(in crate::syntax) fn not_closed(source: &str, open: usize, close: &str) -> Problem {
    let span = Span::new(open, open + 1);
    let message = format!("{} is never closed", quote(source, span));
    Problem::syntax(span, message).help(format!("add `{close}` where it ends"))
}

/// The problem of the bracket at `close` that is another than that at `open`.
pub(in crate::syntax) fn wrong_bracket(source: &str, open: usize, close: Span) -> Problem {
    let open = Span::new(open, open + 1);
    let wanted = closing(source, open);
    let message = format!("{} closes what {} opened", quote(source, close), quote(source, open));
    Problem::syntax(close, message).because(open, "opened here").help(format!("add `{wanted}` before it"))
}

impl Place<'_> {
    /// The parser stops at the opening bracket; the other one has to be found.
    pub(super) fn mismatch(&self) -> Problem {
        match mismatch(self.source.as_bytes(), self.at) {
            Some(close) => wrong_bracket(self.source, self.at, Span::new(close, close + 1)),
            None => self.at_byte("another bracket closes what this one opens").help("make the two a pair"),
        }
    }

    pub(super) fn stray_bracket(&self) -> Problem {
        let word = self.byte();
        self.at_byte(format!("{word} closes nothing")).help("remove it, or put the value in quotes")
    }

    /// Something follows an item or entry without a comma.
    pub(super) fn no_comma(&self) -> Problem {
        let bytes = self.source.as_bytes();
        let is_colon = bytes.get(self.at) == Some(&b':');
        let Some((kind, open)) = self.builder.innermost_bracket() else {
            return self.at_word(format!("{} stands where a comma belongs", quote(self.source, self.word())));
        };
        let close = closing(self.source, open);
        // A line that is not indented more than that of the bracket is meant to stand outside.
        let (here, there) = (line_start(bytes, self.at), line_start(bytes, open.start as usize));
        let indentation = |line: usize| blanks(&bytes[line..], is_blank);
        if here > there && indentation(here) <= indentation(there) {
            let line = Span::new(here + indentation(here), self.rest().end as usize);
            return not_closed(self.source, open.start as usize, close)
                .because(line, "not indented, so it stands outside");
        }
        let problem = if is_colon && kind == Kind::Mapping {
            self.at_byte("a second colon stands in one entry")
                .help("add a comma between the two entries, or put the value in quotes")
        } else if is_colon {
            self.at_byte("a colon stands where a comma belongs").help("put the text in quotes")
        } else {
            let word = quote(self.source, self.word());
            self.at_word(format!("a comma is missing before {word}"))
                .help("add a comma after the value before it")
        };
        problem.because(open, "inside these brackets")
    }
}

fn closing(source: &str, open: Span) -> &'static str {
    if open.slice(source) == "{" { "}" } else { "]" }
}

/// The first closing bracket at or below the level of the bracket at `open` that does not fit.
fn mismatch(bytes: &[u8], open: usize) -> Option<usize> {
    let mut wanted = Vec::new();
    let mut at = open;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => wanted.push(b'}'),
            b'[' => wanted.push(b']'),
            b'}' | b']' => {
                let wanted = wanted.pop()?;
                if wanted != byte {
                    return Some(at);
                }
            }
            // A quote inside a word is only a letter.
            b'"' | b'\'' if at > 0 && !bytes[at - 1].is_ascii_alphanumeric() => {
                at += 1;
                while *bytes.get(at)? != byte {
                    at += if byte == b'"' && bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'#' if at > 0 && bytes[at - 1].is_ascii_whitespace() => {
                at += memchr::memchr(b'\n', &bytes[at..])?;
            }
            _ => {}
        }
        at += 1;
    }
    None
}
