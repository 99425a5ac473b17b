//! New entries in mappings, in the manner of those that are there: by indentation or in brackets, with quotes or without.

use crate::diagnostic::Edit;
use crate::rule::Facts;
use crate::syntax::{Kind, Node, Style};
use crate::template::Entry;
use crate::text::Span;

/// What a new entry says.
#[derive(Clone, Copy)]
pub(super) enum New<'a> {
    /// `key: text`
    Text(&'a str, &'a str),
    /// `key:`, and below it `key: text`
    Under(&'a str, &'a str, &'a str),
    /// `key:` with a list of names.
    List(&'a str, &'a [&'a str]),
}

/// Lets a resource wait for others: `DependsOn` gets their names.
pub(super) fn depend_on(facts: &Facts<'_, '_>, resource: &Entry<'_>, ids: &[&str]) -> Option<Vec<Edit>> {
    let Some((_, node)) = resource.node.entry("DependsOn") else {
        let new = match ids {
            [id] => New::Text("DependsOn", id),
            _ => New::List("DependsOn", ids),
        };
        return Some(vec![insert(facts, resource.node, Some("Type"), new)?]);
    };
    let source = facts.parse.tree.source();
    let quoted = |like: Node<'_>| {
        let quote = if like.style() == Style::DoubleQuoted { "\"" } else { "" };
        ids.iter().map(|id| format!("{quote}{id}{quote}")).collect::<Vec<_>>()
    };
    match node.kind() {
        Kind::Scalar
            if matches!(node.style(), Style::Plain | Style::DoubleQuoted) && !node.text().is_empty() =>
        {
            let old = node.span().slice(source);
            let new = quoted(node).join(", ");
            Some(vec![Edit::replace(node.span(), format!("[{old}, {new}]"))])
        }
        Kind::Sequence => {
            let last = node.items().last().filter(|it| it.kind() == Kind::Scalar)?;
            let at = last.span().end as usize;
            let text = if node.style() == Style::Flow {
                let between = between(source, node, last);
                quoted(last).iter().map(|it| format!(",{between}{it}")).collect::<String>()
            } else {
                let dash = dash_column(source, last)?;
                let lead = format!("{}{}- ", facts.parse.tree.line_break(), " ".repeat(dash));
                return Some(vec![Edit::replace(
                    Span::at(line_end(source, at)),
                    quoted(last).iter().map(|it| format!("{lead}{it}")).collect::<String>(),
                )]);
            };
            Some(vec![Edit::replace(Span::at(at), text)])
        }
        _ => None,
    }
}

/// Where an item goes that follows on another one of a list, and how it is written there.
pub(super) fn next_item(facts: &Facts<'_, '_>, item: Node<'_>, text: &str) -> Option<(Span, String)> {
    let source = facts.parse.tree.source();
    let end = item.span().end as usize;
    let list = item.parent().filter(|it| it.kind() == Kind::Sequence)?;
    if list.style() == Style::Flow {
        return Some((Span::at(end), format!(", {text}")));
    }
    // The first of a list in a list has two dashes before it.
    let column = column(source, item.full_span().start as usize)?.checked_sub("- ".len())?;
    let lead = format!("{}{}- ", facts.parse.tree.line_break(), " ".repeat(column));
    Some((Span::at(line_end(source, end)), format!("{lead}{text}")))
}

/// Adds an entry to a mapping that has some: behind the one named, where there is a one-line value, else before the
/// first.
pub(super) fn insert(
    facts: &Facts<'_, '_>,
    mapping: Node<'_>,
    behind: Option<&str>,
    new: New<'_>,
) -> Option<Edit> {
    let source = facts.parse.tree.source();
    let entries: Vec<_> = mapping.entries().collect();
    let (first, _) = *entries.first()?;
    let one_line = |(key, value): &&(Node<'_>, Node<'_>)| {
        let whole = key.span().to(value.full_span());
        let simple = matches!(value.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
        value.kind() == Kind::Scalar && simple && !whole.slice(source).contains('\n')
    };
    let before = entries
        .iter()
        .find(|(key, _)| behind.is_some_and(|it| key.text() == it))
        .filter(one_line)
        .or_else(|| entries.first().filter(one_line));
    if mapping.style() == Style::Flow {
        let quote = if first.style() == Style::DoubleQuoted { "\"" } else { "" };
        let text = new.in_brackets(quote);
        let lead = between(source, mapping, first);
        return Some(match before {
            Some((_, value)) => Edit::replace(Span::at(value.span().end as usize), format!(",{lead}{text}")),
            None => Edit::replace(Span::at(first.span().start as usize), format!("{text},{lead}")),
        });
    }
    if mapping.style() != Style::Block || !is_plain_key(source, first) {
        return None;
    }
    let line_break = facts.parse.tree.line_break();
    let column = column(source, first.span().start as usize)?;
    let pad = format!("{line_break}{}", " ".repeat(column));
    let text = new.by_indentation(&pad, step(source, mapping, column));
    Some(match before {
        Some((_, value)) => {
            let at = line_end(source, value.full_span().end as usize);
            Edit::replace(Span::at(at), format!("{pad}{text}"))
        }
        None => Edit::replace(Span::at(first.span().start as usize), format!("{text}{pad}")),
    })
}

impl New<'_> {
    fn by_indentation(self, pad: &str, step: usize) -> String {
        let deeper = " ".repeat(step);
        match self {
            New::Text(key, text) => format!("{key}: {text}"),
            New::Under(key, inner, text) => format!("{key}:{pad}{deeper}{inner}: {text}"),
            New::List(key, list) => {
                list.iter().fold(format!("{key}:"), |res, it| format!("{res}{pad}{deeper}- {it}"))
            }
        }
    }

    fn in_brackets(self, quote: &str) -> String {
        let quoted = |it: &str| format!("{quote}{it}{quote}");
        match self {
            New::Text(key, text) => format!("{}: {}", quoted(key), quoted(text)),
            New::Under(key, inner, text) => {
                format!("{}: {{{}: {}}}", quoted(key), quoted(inner), quoted(text))
            }
            New::List(key, list) => {
                let list: Vec<_> = list.iter().map(|it| quoted(it)).collect();
                format!("{}: [{}]", quoted(key), list.join(", "))
            }
        }
    }
}

/// What stands between the parts of something in brackets: a blank, or a line break and the indentation.
fn between(source: &str, brackets: Node<'_>, part: Node<'_>) -> String {
    let before = source.get(brackets.span().start as usize..part.span().start as usize).unwrap_or_default();
    let blanks = &before[before.trim_end().len()..];
    if blanks.contains('\n') { blanks.to_owned() } else { " ".to_owned() }
}

/// Whether nothing but indentation, dashes, and blanks stands before a key.
fn is_plain_key(source: &str, key: Node<'_>) -> bool {
    let before = source.get(..key.span().start as usize).unwrap_or_default();
    let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
    line.bytes().all(|it| matches!(it, b' ' | b'-')) && key.tag().is_none() && key.anchor().is_none()
}

/// By how much the file indents: as much as it does here.
fn step(source: &str, mapping: Node<'_>, own: usize) -> usize {
    let above = mapping.parent().and_then(|it| it.entries().next());
    let above = above.and_then(|(key, _)| column(source, key.span().start as usize));
    above.and_then(|it| own.checked_sub(it)).filter(|it| (1..=8).contains(it)).unwrap_or(2)
}

fn column(source: &str, at: usize) -> Option<usize> {
    let before = source.get(..at)?;
    Some(before[before.rfind('\n').map_or(0, |it| it + 1)..].chars().count())
}

/// The column of the dash before an item of a list by indentation.
fn dash_column(source: &str, item: Node<'_>) -> Option<usize> {
    let before = source.get(..item.full_span().start as usize)?;
    let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
    let blanks = line.len() - line.trim_start_matches(' ').len();
    (line.trim() == "-").then_some(blanks)
}

/// The end of the line, comment included.
fn line_end(source: &str, at: usize) -> usize {
    let rest = &source[at..];
    let len = rest.find('\n').unwrap_or(rest.len());
    at + rest[..len].trim_end_matches('\r').len()
}
