//! JSON to tree, in one pass without recursion.
//!
//! Strict, as JSON is defined (RFC 8259): what is no JSON is tried as YAML by the caller. Where YAML fails as well,
//! a second reading passes over what YAML allows besides (a trailing comma, a comment, a word without quotes), and
//! so finds the mistake.

mod mistake;

use super::build::{Beyond, Builder};
use super::find::find;
use super::tree::{Kind, Style, Tree};
use super::{Problem, explain, scalar};
use crate::text::Span;
use mistake::fail;

/// The tree of `source`, and what was wrong if it is no JSON: then the tree ends there.
pub(super) fn parse(source: &str, strict: bool) -> (Tree<'_>, Option<Problem>) {
    let at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { source, bytes: source.as_bytes(), at, strict, builder: Builder::new(source) };
    let problem =
        reader.read().err().map(|it| explain::conflict(source, it.span.start as usize).unwrap_or(*it));
    (reader.builder.finish(), problem)
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// Whether a trailing comma, a comment and a word without quotes are mistakes.
    strict: bool,
    builder: Builder<'s>,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value, after a colon or a comma in a list, or as the whole file.
    Value,
    /// The first value of a list, or its end.
    FirstItem,
    /// A key after a comma.
    Key,
    /// The first key, or the end.
    FirstKey,
    /// A comma or the end of what is open.
    Next,
}

/// Boxed, since it is rare and large.
type Step<T> = Result<T, Box<Problem>>;

impl Reader<'_> {
    fn read(&mut self) -> Step<()> {
        let mut expect = Expect::Value;
        loop {
            self.skip_blanks();
            let Some(&byte) = self.bytes.get(self.at) else { return self.at_end(expect) };
            expect = match (expect, byte) {
                (Expect::Next, _) if self.builder.innermost().is_none() => {
                    let span = self.token();
                    let message =
                        format!("{} follows the end of the document", explain::quote(self.source, span));
                    return fail(Problem::syntax(span, message).help("remove what follows the last bracket"));
                }
                (Expect::Next, b',') => self.comma(),
                (Expect::Next | Expect::FirstItem | Expect::FirstKey, b']' | b'}') => self.close()?,
                (Expect::Value | Expect::Key, b']' | b'}') if !self.strict && self.after_comma() => {
                    self.close()?
                }
                (Expect::Next, _) => return self.missing_comma(),
                (Expect::Key | Expect::FirstKey, b'"') => self.key()?,
                (Expect::Key | Expect::FirstKey, _) => return self.bad_key(),
                (Expect::Value | Expect::FirstItem, _) => self.value(byte)?,
            };
        }
    }

    fn at_end(&mut self, expect: Expect) -> Step<()> {
        match self.builder.innermost() {
            Some((kind, _, open)) => {
                fail(explain::not_closed(self.source, open.start as usize, bracket(kind)))
            }
            None if expect == Expect::Next => Ok(()),
            None => fail(Problem::syntax(Span::at(self.at), "the file ends before its first value")),
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'#') if !self.strict => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn comma(&mut self) -> Expect {
        self.at += 1;
        if self.in_mapping() { Expect::Key } else { Expect::Value }
    }

    /// Whether the last token was a comma.
    fn after_comma(&self) -> bool {
        self.builder.innermost().is_some() && !self.builder.wants_value()
    }

    fn in_mapping(&self) -> bool {
        matches!(self.builder.innermost(), Some((Kind::Mapping, ..)))
    }

    fn key(&mut self) -> Step<Expect> {
        let start = self.at;
        self.string()?;
        let key = Span::new(start, self.at);
        self.skip_blanks();
        if self.bytes.get(self.at) != Some(&b':') {
            let message = format!("a colon is missing after the key {}", explain::quote(self.source, key));
            return fail(Problem::syntax(key, message).help("write `:` and a value after the key"));
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn value(&mut self, byte: u8) -> Step<Expect> {
        match byte {
            b'{' => return self.open(Kind::Mapping, Expect::FirstKey),
            b'[' => return self.open(Kind::Sequence, Expect::FirstItem),
            b'"' => self.string()?,
            _ => self.word()?,
        }
        Ok(Expect::Next)
    }

    fn open(&mut self, kind: Kind, expect: Expect) -> Step<Expect> {
        let span = Span::new(self.at, self.at + 1);
        self.builder.open(kind, Style::Flow, None, span).map_err(|it| self.beyond(&it))?;
        self.at += 1;
        Ok(expect)
    }

    fn beyond(&self, node: &Beyond) -> Box<Problem> {
        Box::new(explain::beyond(self.source, node))
    }

    fn close(&mut self) -> Step<Expect> {
        let Some((kind, _, open)) = self.builder.innermost() else { return self.bad_word() };
        let span = Span::new(self.at, self.at + 1);
        if span.slice(self.source) != bracket(kind) {
            return fail(explain::wrong_bracket(self.source, open.start as usize, span));
        }
        self.at += 1;
        self.builder.close(Some(self.at));
        Ok(Expect::Next)
    }

    /// The string whose opening quote is next.
    fn string(&mut self) -> Step<()> {
        let start = self.at;
        let end = find(self.bytes, start + 1, *b"\"\\");
        match self.bytes.get(end) {
            Some(b'"') => {
                self.at = end + 1;
                let span = Span::new(start, self.at);
                let added = self.builder.borrowed(Kind::Scalar, Style::DoubleQuoted, None, span);
                added.map_err(|it| self.beyond(&it))
            }
            _ => self.escaped_string(start),
        }
    }

    /// The string from `start` on, of which some characters are escaped.
    fn escaped_string(&mut self, start: usize) -> Step<()> {
        let side_start = self.builder.side().len();
        let mut at = start + 1;
        loop {
            let end = find(self.bytes, at, *b"\"\\");
            self.builder.side().push_str(&self.source[at..end]);
            at = match self.bytes.get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    let span = Span::new(start, self.at);
                    let added = self.builder.decoded(Style::DoubleQuoted, None, span, side_start);
                    return added.map_err(|it| self.beyond(&it));
                }
                Some(b'\\') => {
                    let Some((character, next)) = self.escape(end) else { return self.bad_escape(end) };
                    self.builder.side().push(character);
                    next
                }
                None | Some(b'\n' | b'\r') => return self.unclosed_string(start, end),
                Some(_) => return self.control_character(end),
            };
        }
    }

    fn escape(&self, at: usize) -> Option<(char, usize)> {
        let character = match self.bytes.get(at + 1)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return scalar::unicode(self.source, at, 4),
            _ => return None,
        };
        Some((character, at + 2))
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Step<()> {
        let span = self.token();
        let word = span.slice(self.source);
        let is_value = matches!(word, "true" | "false" | "null") || is_number(word.as_bytes());
        let is_yaml = word.starts_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '+' | '.'));
        if !is_value && (self.strict || !is_yaml) {
            return self.bad_word();
        }
        let added = self.builder.borrowed(Kind::Scalar, Style::Plain, None, span);
        added.map_err(|it| self.beyond(&it))?;
        self.at = span.end as usize;
        Ok(())
    }

    /// The next token.
    fn token(&self) -> Span {
        let rest = &self.bytes[self.at..];
        let len = match rest.first() {
            Some(b'"') => string_len(rest),
            Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
            _ => {
                let ends = |it: &u8| it.is_ascii_whitespace() || b"{}[],:\"".contains(it);
                rest.iter().position(ends).unwrap_or(rest.len())
            }
        };
        Span::new(self.at, self.at + len)
    }
}

fn bracket(kind: Kind) -> &'static str {
    if kind == Kind::Mapping { "}" } else { "]" }
}

/// The length of the string at the start of `rest`, at most up to the end of the line.
fn string_len(rest: &[u8]) -> usize {
    let mut len = 1;
    loop {
        match rest.get(len) {
            None | Some(b'\n' | b'\r') => return len,
            Some(b'"') => return len + 1,
            Some(b'\\') if !matches!(rest.get(len + 1), None | Some(b'\n' | b'\r')) => len += 2,
            Some(_) => len += 1,
        }
    }
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
fn is_number(word: &[u8]) -> bool {
    let digits = |rest: &[u8]| rest.iter().take_while(|it| it.is_ascii_digit()).count();
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = &fraction[len..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
