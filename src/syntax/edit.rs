//! How text is written into a scalar that is there already: escaped as the scalar asks, or not at all.
//!
//! Invariant: what is replaced was copied byte for byte from the source, and what comes reads back as the text that was
//! asked for; the rest of the scalar, its quotes and its indentation stay as they are.

use super::{Kind, Node, Style, Tree};
use crate::diagnostic::Edit;
use crate::text::{Span, TextMap};

/// What may stand in a scalar without quotes, wherever it is; more letters only make trouble.
const PLAIN: &str = "_-./=$?@+~%^:{}";

impl<'t> Tree<'t> {
    /// The scalar in which all of `span` stands.
    #[must_use]
    pub fn scalar_at(&'t self, span: Span) -> Option<Node<'t>> {
        // In preorder nothing starts before what stands above it.
        let end = self.nodes.partition_point(|it| it.span.start <= span.start);
        let holds = |it: &Span| it.start <= span.start && span.end <= it.end;
        let idx = (0..end).rev().take(2).find(|idx| {
            let data = &self.nodes[*idx];
            data.kind == Kind::Scalar && holds(&data.span)
        })?;
        self.node(idx)
    }

    /// How the lines of the file end.
    #[must_use]
    pub fn line_break(&self) -> &'static str {
        let first = self.source.find('\n').unwrap_or(0);
        if self.source[..first].ends_with('\r') { "\r\n" } else { "\n" }
    }
}

impl Node<'_> {
    /// The edit that puts `text` in the place of `span`, which lies in this scalar; an empty span inserts. `None` where
    /// `span` is not one stretch that was copied as it is, or where `text` cannot be written so that it reads back.
    #[must_use]
    pub fn write(self, span: Span, text: &str) -> Option<Edit> {
        let map = self.text_map();
        let holds = |start: u32, end: u32| start <= span.start && span.end <= end;
        let pieces = map.pieces();
        let inside = pieces.iter().any(|it| it.verbatim && holds(it.source.start, it.source.end));
        (self.kind() == Kind::Scalar && inside).then_some(())?;
        let text = match self.style() {
            Style::SingleQuoted if is_one_line(text) => text.replace('\'', "''"),
            Style::DoubleQuoted => escaped(text)?,
            Style::Literal if is_one_line(&text.replace('\n', "")) => {
                let pad = " ".repeat(self.indent(&map)?);
                text.replace('\n', &format!("{}{pad}", self.tree().line_break()))
            }
            Style::Folded if is_one_line(text) => text.to_owned(),
            Style::Plain if self.takes_plain(span, text) => text.to_owned(),
            _ => return None,
        };
        Some(Edit::replace(span, text))
    }

    /// The edit that puts the scalar under a function in the short form, `!Sub`: before it, or before its header.
    #[must_use]
    pub fn tagged(self, tag: &str) -> Option<Edit> {
        if self.kind() != Kind::Scalar || self.tag().is_some() || self.anchor().is_some() {
            return None;
        }
        let at = match self.style() {
            Style::Literal | Style::Folded => self.header()?,
            _ => self.span().start as usize,
        };
        Some(Edit::replace(Span::at(at), format!("{tag} ")))
    }

    /// Where the `|` or `>` of a block scalar stands.
    fn header(self) -> Option<usize> {
        let before = self.tree().source.get(..self.span().start as usize)?;
        let head = before.trim_end();
        let start = head.rfind('\n').map_or(0, |it| it + 1);
        let line = &head[start..];
        let ends = |rest: &str| {
            let rest = rest.trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            rest.trim().is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
        };
        let header = line.match_indices(['|', '>']).find(|(at, _)| {
            let starts = line[..*at].chars().next_back().is_none_or(|it| matches!(it, ' ' | '\t'));
            starts && ends(&line[at + 1..])
        });
        header.map(|(at, _)| start + at)
    }

    /// How deep the lines of a block scalar stand.
    fn indent(self, map: &TextMap) -> Option<usize> {
        let source = self.tree().source;
        let column = |at: usize| Some(at - source.get(..at)?.rfind('\n').map_or(0, |it| it + 1));
        // An empty line may be shorter.
        let lines = map.pieces().iter().filter(|it| {
            let text = it.source.slice(source);
            it.verbatim && !text.starts_with(['\n', '\r'])
        });
        lines.filter_map(|it| column(it.source.start as usize)).min()
    }

    /// Whether a scalar without quotes stays one, and the same one, with `text` in it.
    fn takes_plain(self, span: Span, text: &str) -> bool {
        let source = self.tree().source;
        let whole = self.span();
        let in_brackets = self.parent().is_some_and(|it| it.style() == Style::Flow);
        let allowed = |it: char| {
            it.is_ascii_alphanumeric()
                || it == ' '
                || (PLAIN.contains(it) && !(in_brackets && "{}".contains(it)))
        };
        let before = source.get(whole.start as usize..span.start as usize).unwrap_or_default();
        let behind = source.get(span.end as usize..whole.end as usize).unwrap_or_default();
        let all = format!("{before}{text}{behind}");
        let first = all.chars().next();
        text.chars().all(allowed)
            && !all.contains(": ")
            && !all.contains(" #")
            && !all.ends_with([':', ' '])
            && first.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, '/' | '_' | '$'))
    }
}

fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// The text between double quotes, in JSON and YAML alike.
fn escaped(text: &str) -> Option<String> {
    let mut res = String::new();
    for it in text.chars() {
        match it {
            '"' | '\\' => res.extend(['\\', it]),
            '\n' => res.push_str("\\n"),
            it if it.is_control() => return None,
            it => res.push(it),
        }
    }
    Some(res)
}
