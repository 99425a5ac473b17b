//! What is wrong with the text of a file, in words of people: the fact, its place, and what to do.
//!
//! The YAML parser says what it expected, and often stops behind the mistake. Here the lines around that place are
//! looked at once more. They decide about words and place only, never about whether something is wrong.

mod bracket;
mod layout;

use granit_parser::{ErrorKind, ScanError};

use super::build::{Beyond, Builder};
use super::lines::{line_end, line_start};
use super::{MAX_DEPTH, MAX_NODES, Problem, ProblemKind};
use crate::text::Span;

pub(super) use bracket::{not_closed, wrong_bracket};

/// The problem that the YAML parser stopped at.
pub(super) fn explain(source: &str, builder: &Builder<'_>, err: &ScanError) -> Problem {
    let at = err.marker().byte_offset().unwrap_or(source.len()).min(source.len());
    let place = Place { source, at, builder };
    conflict(source, at).unwrap_or_else(|| place.explain(err.kind()))
}

/// The problem of the node that is one too many.
pub(super) fn beyond(source: &str, node: &Beyond) -> Problem {
    match node {
        Beyond::Depth(at) => too_deep(source, *at),
        Beyond::Nodes(at) => {
            Problem::syntax(Span::at(*at), format!("more than {MAX_NODES} keys, values and lists"))
                .help("split the template")
        }
    }
}

/// The problem of a collection that starts at `at` inside [`MAX_DEPTH`] others.
fn too_deep(source: &str, at: usize) -> Problem {
    let len = source[at..].chars().next().map_or(0, char::len_utf8);
    Problem::syntax(Span::new(at, at + len), format!("nested deeper than {MAX_DEPTH} levels"))
        .help("split the template")
}

/// The problem of a second tag on one node.
pub(super) fn two_tags(source: &str, first: Span, second: Span) -> Problem {
    let (outer, inner) = (quote(source, first), quote(source, second));
    let message = format!("{outer} and {inner} stand on one value, and YAML allows one tag");
    Problem { kind: ProblemKind::TwoTags, ..Problem::syntax(second, message) }
        .because(first, "the first tag")
        .help(format!("write {inner} in its long form, on a line of its own"))
}

/// The problem of a mark that git left at `at` or in the line above; what it breaks is not worth a word.
pub(super) fn conflict(source: &str, at: usize) -> Option<Problem> {
    let start = line_start(source.as_bytes(), at);
    let above = line_start(source.as_bytes(), start.saturating_sub(1));
    [start, above].into_iter().find_map(|start| {
        let line = source[start..line_end(source.as_bytes(), start)].trim_end();
        let is_mark = line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line == "=======";
        is_mark.then(|| {
            Problem::syntax(Span::new(start, start + line.len()), "a merge conflict is not resolved")
                .help("choose one of the two sides and remove the marks")
        })
    })
}

/// The words of a span for a message: its first line, shortened, in backticks.
pub(super) fn quote(source: &str, span: Span) -> String {
    const MAX_CHARS: usize = 40;
    let line = span.slice(source).trim().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}

/// Where the parser stopped, and what it had read.
struct Place<'e> {
    source: &'e str,
    at: usize,
    builder: &'e Builder<'e>,
}

impl Place<'_> {
    fn explain(&self, kind: &ErrorKind) -> Problem {
        use ErrorKind as Kind;
        match kind {
            Kind::RecursionLimitExceeded => too_deep(self.source, self.at),

            Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabAtBlockScalarStart
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::InvalidBlockEntryWhitespace
            | Kind::InvalidMappingValueWhitespace => self.tab(),

            Kind::MappingValueNotAllowed => self.second_colon(),
            Kind::SimpleKeyExpected => self.no_key(),
            Kind::ExpectedBlockMappingKey => self.no_entry(),
            Kind::ExpectedBlockSequenceEntry => self.no_item(),
            Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => self.after_document(),
            Kind::InvalidIndentation | Kind::InvalidBlockScalarIndent => self.bad_indentation(),
            Kind::BlockSequenceEntryNotAllowed => {
                self.at_word("a list cannot start on the line of its key").help("start it on the next line")
            }
            Kind::InvalidBlockScalarHeader => self.block_header(),
            Kind::CommentInterceptedScalar => self
                .at_line("a comment stands inside a value of several lines")
                .help("move the comment above the value, or put the value in quotes"),
            Kind::CommentNotSeparated => {
                self.at_line("a comment needs a blank before its `#`").help("write ` #`")
            }

            Kind::UnclosedFlowCollection { open } => {
                not_closed(self.source, self.at, if *open == '{' { "}" } else { "]" })
            }
            Kind::MismatchedFlowCollectionEnd { .. } => self.mismatch(),
            Kind::MisplacedFlowCollectionEnd => self.stray_bracket(),
            Kind::ExpectedFlowMappingSeparator
            | Kind::ExpectedFlowSequenceSeparator
            | Kind::InvalidColonPlacement => self.no_comma(),
            Kind::BlockEntryInFlowCollection | Kind::PlainScalarStartsWithDashFlowIndicator => {
                self.at_byte("a dash starts no item inside brackets").help("remove it, or put it in quotes")
            }
            Kind::UnexpectedEofFlowSequence
            | Kind::UnexpectedEofFlowMapping
            | Kind::UnexpectedEofImplicitFlowMapping
            | Kind::UnexpectedEofBlockMapping
            | Kind::UnexpectedEofBlockSequence
            | Kind::ExpectedNodeContent
            | Kind::UnexpectedEof => self.no_value(),

            Kind::UnclosedQuotedScalar => {
                self.at_line("this quote is never closed").help(format!("close it with {}", self.byte()))
            }
            Kind::DocumentIndicatorInQuotedScalar => self
                .at_line("this quote is not closed before a line with `---` or `...`")
                .help(format!("close it with {}", self.byte())),
            Kind::InvalidTrailingSingleQuotedScalar => self
                .at_line("this text follows the closing quote")
                .help("write `''` for a quote inside the text, or put the whole value in quotes"),
            Kind::InvalidTrailingDoubleQuotedScalar => self
                .at_line("this text follows the closing quote")
                .help("write `\\\"` for a quote inside the text, or put the whole value in quotes"),
            Kind::UnknownQuotedScalarEscape
            | Kind::InvalidQuotedScalarHexEscape
            | Kind::InvalidLowSurrogateHexEscape
            | Kind::InvalidLowSurrogate
            | Kind::MissingLowSurrogate
            | Kind::UnpairedLowSurrogate
            | Kind::InvalidUnicodeEscape => self.bad_escape(),

            Kind::UnexpectedCharacter { character } => self.bad_character(*character),
            Kind::MappingKeyNotAllowed => {
                self.at_byte("a value cannot start with `? `").help("put the value in quotes")
            }
            Kind::MissingAnchorOrAliasName => {
                let word = self.byte();
                self.at_byte(format!("a name is missing after {word}")).help("put the value in quotes")
            }
            Kind::InvalidTagTerminator => self.bad_tag(),
            Kind::UndeclaredTagHandle => {
                let word = quote(self.source, self.word());
                self.at_word(format!("the prefix of the tag {word} is not declared"))
                    .help("write a tag with one `!`, or put the value in quotes")
            }
            other => self.at_word(lower_first(&other.to_string())),
        }
    }

    fn tab(&self) -> Problem {
        let bytes = self.source.as_bytes();
        let start = line_start(bytes, self.at);
        // The parser stops behind the tab, or at the start of a value that goes on in a line with one.
        let before = memchr::memrchr(b'\t', &bytes[start..self.at]).map(|it| start + it);
        let tab = before.or_else(|| memchr::memchr(b'\t', &bytes[self.at..]).map(|it| self.at + it));
        let tab = tab.unwrap_or(self.at);
        let indents = bytes[line_start(bytes, tab)..tab].iter().all(u8::is_ascii_whitespace);
        let span = Span::new(tab, (tab + 1).min(bytes.len()));
        if indents {
            return Problem::syntax(span, "a tab indents this line").help("indent with blanks");
        }
        Problem::syntax(span, "a tab stands where YAML allows blanks only").help("write blanks instead")
    }

    /// Of `a: |x`.
    fn block_header(&self) -> Problem {
        let word = self.byte();
        self.at_line(format!("text stands in the line of {word}"))
            .help("start the text in the next line, or put the value in quotes")
    }

    fn no_value(&self) -> Problem {
        match self.source.as_bytes().get(self.at) {
            None => Problem::syntax(Span::at(self.at), "the file ends where a value belongs")
                .help("write the value"),
            Some(_) => {
                let word = self.byte();
                self.at_byte(format!("a value is missing before {word}"))
                    .help(format!("write the value, or remove {word}, or put it in quotes"))
            }
        }
    }

    /// The parser stops at the opening quote.
    fn bad_escape(&self) -> Problem {
        let bytes = self.source.as_bytes();
        let mut at = self.at + 1;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
            at += found;
            let n_digits = match bytes.get(at + 1) {
                Some(b'x') => 2,
                Some(b'u') => 4,
                Some(b'U') => 8,
                Some(it) if b"0abt\tnvfre \"/\\N_LP\n\r".contains(it) => 0,
                _ => return self.escape(at, 2, "is no escape"),
            };
            match super::scalar::unicode(self.source, at, n_digits) {
                _ if n_digits == 0 => at += 2,
                Some((_, end)) => at = end,
                None => return self.escape(at, n_digits + 2, "stands for no character"),
            }
        }
        self.at_line("a backslash in this text starts no escape").help("write `\\\\` for a backslash")
    }

    fn escape(&self, at: usize, n_chars: usize, fact: &str) -> Problem {
        let chars = self.source[at..].chars().take(n_chars);
        let ends = |it: &char| matches!(it, '"' | '\n' | '\r');
        let len: usize = chars.take_while(|it| !ends(it)).map(char::len_utf8).sum();
        let span = Span::new(at, at + len);
        Problem::syntax(span, format!("{} {fact}", quote(self.source, span)))
            .help("write `\\\\` for a backslash, or put the text in single quotes")
    }

    fn bad_character(&self, character: char) -> Problem {
        if character.is_control() || !matches!(character, '%' | '@' | '`') {
            let code = u32::from(character);
            // For a text block the parser tells its start only.
            let found = self.source[self.at..].find(character).map_or(self.at, |it| self.at + it);
            let len = self.source[found..].chars().next().map_or(0, char::len_utf8);
            let span = Span::new(found, found + len);
            return Problem::syntax(span, format!("the character U+{code:04X} is not allowed here"))
                .help("remove it, or write it as an escape in double quotes");
        }
        let name = if character == '`' { "a backtick".to_owned() } else { self.byte() };
        self.at_byte(format!("a value cannot start with {name}")).help("put the value in quotes")
    }

    /// Of `!Sub"x"` and `!Ref,`.
    fn bad_tag(&self) -> Problem {
        let rest = &self.source[self.at..line_end(self.source.as_bytes(), self.at)];
        let is_name = |it: char| it.is_alphanumeric() || matches!(it, '!' | ':' | '-' | '_' | '.');
        let len = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + len);
        Problem::syntax(span, format!("a blank is missing after the tag {}", quote(self.source, span)))
            .help("write a blank after the tag, or put the value in quotes")
    }

    /// The byte that the parser stopped at, quoted.
    fn byte(&self) -> String {
        quote(self.source, self.byte_span())
    }

    fn byte_span(&self) -> Span {
        let len = self.source[self.at..].chars().next().map_or(0, char::len_utf8);
        Span::new(self.at, self.at + len)
    }

    /// From where the parser stopped up to the next blank.
    fn word(&self) -> Span {
        let rest = &self.source[self.at..];
        Span::new(self.at, self.at + rest.find(char::is_whitespace).unwrap_or(rest.len()))
    }

    /// From where the parser stopped up to the end of the line.
    fn rest(&self) -> Span {
        let line = &self.source[self.at..line_end(self.source.as_bytes(), self.at)];
        Span::new(self.at, self.at + line.trim_end().len())
    }

    fn at_byte(&self, message: impl Into<String>) -> Problem {
        Problem::syntax(self.byte_span(), message)
    }

    fn at_word(&self, message: impl Into<String>) -> Problem {
        Problem::syntax(self.word(), message)
    }

    fn at_line(&self, message: impl Into<String>) -> Problem {
        Problem::syntax(self.rest(), message)
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
