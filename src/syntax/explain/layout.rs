//! Indentation, keys without colon and colons without key.

use super::{Place, quote};
use crate::syntax::Problem;
use crate::syntax::lines::{blanks, is_blank, is_space, line_end, line_start};
use crate::syntax::tree::Style;
use crate::text::Span;

impl Place<'_> {
    /// The parser stops at the colon of something that can be no key.
    pub(super) fn second_colon(&self) -> Problem {
        let key = self.before();
        let value = strip_dashes(self.source, key);
        if let Some(colon) = colon_in(value.slice(self.source)) {
            // `key: value: x`: the text up to the second colon was read as the value.
            let first = Span::new(value.start as usize, value.start as usize + colon);
            let whole = Span::new(first.end as usize + 1, self.rest().end as usize);
            let key = quote(self.source, first);
            return self
                .at_byte(format!("a second colon stands in the value of {key}"))
                .because(trim(self.source, whole), "the value")
                .help("put the whole value in quotes");
        }
        let Some(above) = self.line_above(key.start as usize) else {
            return self.at_byte("a colon stands where a value belongs").help("put the text in quotes");
        };
        let entry = strip_dashes(self.source, above);
        self.part_of(entry, value)
            .or_else(|| self.no_blank_after_colon(entry))
            .unwrap_or_else(|| no_colon(self.source, entry))
    }

    /// `part` is indented below an entry that has a value on its line.
    fn part_of(&self, entry: Span, part: Span) -> Option<Problem> {
        let colon = entry.start as usize + colon_in(entry.slice(self.source))?;
        let name = quote(self.source, Span::new(entry.start as usize, colon));
        let value = trim(self.source, Span::new(colon + 1, entry.end as usize));
        if value.is_empty() {
            return None;
        }
        let message =
            format!("{} is indented as a part of {name}, which has a value", quote(self.source, part));
        Some(
            Problem::syntax(part, message)
                .because(value, "the value")
                .help(format!("indent it like {name}, or move the value")),
        )
    }

    /// The parser stops at a word that starts a line where a key belongs.
    pub(super) fn no_key(&self) -> Problem {
        let line = self.rest();
        self.ended_block()
            .or_else(|| self.no_blank_after_colon(line))
            .unwrap_or_else(|| no_colon(self.source, line))
    }

    /// The parser stops where the next key of a mapping belongs.
    pub(super) fn no_entry(&self) -> Problem {
        let line = self.before();
        let before = line.slice(self.source).trim_end();
        if before.ends_with('-') && before.trim_matches(['-', ' ']).is_empty() {
            let dash = line.start as usize + before.len() - 1;
            return Problem::syntax(Span::new(dash, dash + 1), "a list item stands where a key belongs")
                .help("indent the list under its key, or remove the dash");
        }
        if before.is_empty() { self.bad_indentation() } else { self.after_value() }
    }

    /// The parser stops where the next item of a list belongs.
    pub(super) fn no_item(&self) -> Problem {
        if !self.before().is_empty() {
            return self.after_value();
        }
        let column = |at: usize| at - line_start(self.source.as_bytes(), at);
        let list = self.builder.innermost().map(|(.., list)| list);
        match list.filter(|list| column(list.start as usize) == column(self.at)) {
            Some(list) => self
                .at_word("a key stands where a list item belongs")
                .because(Span { start: list.start, end: list.start + 1 }, "the list starts here")
                .help("indent it as a part of the item above, or write `- ` before it"),
            None => self.bad_indentation(),
        }
    }

    /// A line whose indentation is that of nothing above.
    pub(super) fn bad_indentation(&self) -> Problem {
        if let Some(problem) = self.ended_block() {
            return problem;
        }
        let bytes = self.source.as_bytes();
        let here = self.at - line_start(bytes, self.at);
        let mut at = self.at;
        let mut deeper = None;
        while let Some(line) = self.line_above(at) {
            at = line.start as usize;
            let there = at - line_start(bytes, at);
            if there <= here {
                break;
            }
            deeper = Some(line);
        }
        if deeper.is_none()
            && let Some(above) = self.line_above(self.at)
            && let Some(problem) = self.part_of(strip_dashes(self.source, above), self.key())
        {
            let comment = Span::new(above.end as usize, line_start(bytes, self.at));
            let comment = trim(self.source, comment);
            return match comment.slice(self.source).starts_with('#') {
                true if self.key() == self.rest() => self.comment_inside(comment),
                _ => problem,
            };
        }
        let problem = self.at_word(format!("the indentation of {here} fits no line above"));
        match deeper {
            Some(line) => {
                let there = line.start as usize - line_start(bytes, line.start as usize);
                problem
                    .because(line, format!("indented by {there}"))
                    .help(format!("indent it by {there}, or like what it belongs to"))
            }
            None => problem.help("indent it like what it belongs to"),
        }
    }

    /// The key at the start of the line that the parser stopped at, or the whole line.
    fn key(&self) -> Span {
        let line = self.rest();
        let len = colon_in(line.slice(self.source)).unwrap_or(line.len());
        Span::new(self.at, self.at + len)
    }

    fn comment_inside(&self, comment: Span) -> Problem {
        Problem::syntax(comment, "a comment stands inside a value of several lines")
            .help("move the comment above the value, or put the value in quotes")
    }

    /// Something after the end of a document.
    pub(super) fn after_document(&self) -> Problem {
        let root = self.builder.last_root().filter(|it| it.1 == Style::Block);
        let column = |at: usize| at - line_start(self.source.as_bytes(), at);
        match root {
            Some((span, _)) if column(span.start as usize) > column(self.at) => {
                let indentation = column(span.start as usize);
                let first =
                    Span::new(span.start as usize, line_end(self.source.as_bytes(), span.start as usize));
                self.at_word("this line is indented less than the first one")
                    .because(trim(self.source, first), format!("indented by {indentation}"))
                    .help("indent all sections alike")
            }
            _ => self
                .at_word(format!("{} follows the end of the document", quote(self.source, self.word())))
                .help("remove it, or start another document with `---`"),
        }
    }

    /// `b` in `a: [x] b`.
    fn after_value(&self) -> Problem {
        let text = quote(self.source, self.rest());
        self.at_line(format!("{text} follows a value that has ended"))
            .help("put the whole value in quotes, or remove what follows")
    }

    /// A line that is indented less than the text block above, which ends there.
    fn ended_block(&self) -> Option<Problem> {
        let block = self.builder.last_scalar().filter(|it| matches!(it.1, Style::Literal | Style::Folded))?.0;
        let bytes = self.source.as_bytes();
        let above = self.line_above(self.at)?;
        if block.is_empty() || above.start < block.start || !self.before().is_empty() {
            return None;
        }
        let indentation = block.start as usize - line_start(bytes, block.start as usize);
        let first = Span::new(block.start as usize, line_end(bytes, block.start as usize));
        Some(
            self.at_line("this line is indented less than the text block above, which ends here")
                .because(trim(self.source, first), format!("the block is indented by {indentation}"))
                .help(format!("indent it by {indentation}")),
        )
    }

    /// `key:value`, which is one word.
    fn no_blank_after_colon(&self, line: Span) -> Option<Problem> {
        let text = line.slice(self.source);
        let colon = text.find(':')?;
        let is_name = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '"' | '\'');
        let is_key = colon > 0 && text[..colon].chars().all(is_name) && !text[colon..].starts_with("://");
        let at = line.start as usize + colon;
        is_key.then(|| {
            Problem::syntax(Span::new(at, at + 1), "a blank is missing after this colon").help("write `: `")
        })
    }

    /// The line up to where the parser stopped, without indentation.
    fn before(&self) -> Span {
        let bytes = self.source.as_bytes();
        let start = line_start(bytes, self.at);
        let start = start + blanks(&bytes[start..self.at], is_blank);
        Span::new(start, self.at)
    }

    /// The next line above that has text, without indentation.
    fn line_above(&self, at: usize) -> Option<Span> {
        let bytes = self.source.as_bytes();
        let mut end = line_start(bytes, at);
        while end > 0 {
            let start = line_start(bytes, end - 1);
            let text = start + blanks(&bytes[start..end], is_space);
            let line = self.source[text..end].trim_end();
            if !line.is_empty() && !line.starts_with('#') {
                return Some(Span::new(text, text + line.len()));
            }
            end = start;
        }
        None
    }
}

fn no_colon(source: &str, line: Span) -> Problem {
    Problem::syntax(line, format!("{} stands where a key belongs", quote(source, line)))
        .help("write a colon after the key, or indent the line as a part of the value above")
}

/// Where the colon of an entry is.
fn colon_in(text: &str) -> Option<usize> {
    if let Some(quote) = text.chars().next().filter(|it| matches!(it, '"' | '\'')) {
        let close = 1 + text[1..].find(quote)? + 1;
        return Some(close).filter(|it| text[*it..].trim_start().starts_with(':'));
    }
    text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))
}

/// Without the dashes of list items.
fn strip_dashes(source: &str, line: Span) -> Span {
    let text = line.slice(source);
    let mut rest = text;
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    Span { start: line.end - Span::at(rest.len()).start, end: line.end }
}

fn trim(source: &str, span: Span) -> Span {
    let text = span.slice(source);
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start, start + text.trim().len())
}
