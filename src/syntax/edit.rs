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
        if matches!(self.style(), Style::Literal | Style::Folded) {
            // Without its line break a line would take the indentation of the next one in, and a first line that begins
            // with a blank makes all of them deeper.
            let is_line = !span.slice(self.tree().source).contains('\n');
            // An empty last line may not count.
            let rest = self.tree().source.get(span.end as usize..)?;
            let is_lost =
                text.ends_with('\n') && rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
            let first = text.chars().chain(rest.chars()).next();
            let is_deep = span.start == self.span().start && first.is_none_or(char::is_whitespace);
            (is_line && !is_lost && !is_deep).then_some(())?;
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::parse;

    /// Ways to write a text of one line as a scalar, and what of it may be written so.
    fn sources(text: &str) -> Vec<String> {
        let json = text.replace('\\', "\\\\").replace('"', "\\\"");
        let mut res = vec![
            format!("a:\n  b: '{}'\n  c: d\n", text.replace('\'', "''")),
            format!("a: {{b: \"{json}\", c: d}}\n"),
            format!("{{\"a\": {{\"b\": \"{json}\", \"c\": [1]}}}}"),
            format!("a:\n  b: |\n    x{text}\n    last\n  c: d\n"),
            format!("a:\r\n  b: |\r\n    x{text}\r\n    last\r\n  c: d\r\n"),
            format!("a:\n  b: >-\n    x{text}x\n  c: d\n"),
        ];
        if text.bytes().all(|it| it.is_ascii_alphanumeric()) {
            res.push(format!("a:\n  b: x{text} # why\n  c: d\n"));
            res.push(format!("a: {{b: x{text}, c: d}}\n"));
        }
        res
    }

    proptest! {
        /// What is written reads back, and nothing else has changed.
        #[test]
        fn what_is_written_reads_back(
            base in "[a-c'\"\\\\ ${}#:]{0,12}",
            new in "[a-c'\"\\\\ ${}#:\n\t-]{0,8}",
            at in 0_usize..20,
            len in 0_usize..4,
        ) {
            for source in sources(&base) {
                let parsed = parse(&source);
                let scalar = |it: &Tree<'_>| -> Option<String> {
                    Some(it.roots().next()?.get("a")?.get("b")?.text().to_owned())
                };
                let Some(node) = parsed.tree.roots().next().and_then(|it| it.get("a")?.get("b")) else { continue };
                let text = node.text();
                let (start, end) = (at.min(text.len()), (at + len).min(text.len()));
                let Some(span) = (if start < end {
                    node.text_map().to_source(start, end)
                } else {
                    node.text_map().to_source(start, start + 1).map(|it| Span::at(it.start as usize))
                }) else { continue };
                let Some(edit) = node.write(span, &new) else { continue };
                let mut edited = source.clone();
                edited.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
                let mut wanted = text.to_owned();
                wanted.replace_range(start..end, &new);
                let parsed = parse(&edited);
                prop_assert_eq!(scalar(&parsed.tree), Some(wanted), "{:?} became {:?}", source, edited);
                let after = parsed.tree.roots().next().and_then(|it| it.get("a")?.get("c").map(|it| it.kind()));
                prop_assert!(after.is_some());
            }
        }
    }

    #[test]
    fn a_tag_goes_before_the_header() {
        let source = "a: |- # a | b\n  x\nb:\n  - >\n    y\n  - 'z'\n  - !Sub q\n";
        let parsed = parse(source);
        let mut scalars: Vec<_> = parsed.tree.nodes().filter(|it| it.kind() == Kind::Scalar).collect();
        scalars.retain(|it| ["x\n", "x", "y\n", "z", "q"].contains(&it.text()));
        let tagged = |it: &Node<'_>| Some(it.tagged("!Sub")?.span.start as usize);
        let wanted = [source.find("|-"), source.find(">\n"), source.find("'z'"), None];
        assert_eq!(scalars.iter().map(tagged).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_place_finds_its_scalar() {
        let source = "a:\n  b: hello\n  c: [x, 'yz']\n";
        let parsed = parse(source);
        for word in ["hello", "ell", "x", "yz", "b"] {
            let at = source.find(word).expect("it is there");
            let node = parsed.tree.scalar_at(Span::new(at, at + word.len())).expect("a scalar");
            assert!(node.text().contains(word));
        }
        assert_eq!(parsed.tree.scalar_at(Span::new(0, source.len())), None);
        let parents = parsed.tree.nodes().map(|it| it.parent().map(|it| it.kind()));
        assert_eq!(parents.filter(Option::is_none).count(), 1);
    }
}
