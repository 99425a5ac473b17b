//! PowerShell and batch files, taken apart as far as the boot needs it: statements and their words.

use std::ops::Range;

use crate::boot::words::{Word, place};
use crate::resolve::{Symbol, Text};
use crate::text::Span;

/// A statement.
pub(super) struct Statement<'t> {
    pub(super) words: Vec<Word<'t>>,
    /// Whether every path runs it: it stands in no braces, or in those of `try`.
    pub(super) certain: bool,
}

/// The bodies of `<name>` and `</name>`, in order. One that is not closed goes to the end.
pub(super) fn bodies(raw: &str, name: &str) -> Vec<Range<usize>> {
    let lower = raw.to_ascii_lowercase();
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut res = Vec::new();
    let mut from = 0;
    while let Some(start) = lower[from..].find(&open).map(|it| from + it + open.len()) {
        let end = lower[start..].find(&close).map_or(raw.len(), |it| start + it);
        res.push(start..end);
        from = end;
    }
    res
}

/// The statements of a PowerShell script. `value` gives the text of a variable.
pub(super) fn powershell<'t>(
    text: &Text<'t>,
    body: Range<usize>,
    mut run: impl FnMut(&Statement<'t>),
    value: &dyn Fn(&str) -> Option<Text<'t>>,
) {
    let raw = text.as_str();
    let bytes = raw.as_bytes();
    let (mut at, mut words) = (body.start, Vec::new());
    // What opens each brace around: whether what is in it runs on every path.
    let mut around: Vec<bool> = Vec::new();
    while at < body.end {
        match bytes[at] {
            b'`' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            b'`' if raw[at + 1..body.end].starts_with("\r\n") => at += 3,
            b'<' if bytes.get(at + 1) == Some(&b'#') => {
                at = raw[at..body.end].find("#>").map_or(body.end, |it| at + it + 2);
            }
            b'#' => at = raw[at..body.end].find('\n').map_or(body.end, |it| at + it),
            b'\n' | b';' => {
                finish(&mut words, &around, &mut run);
                at += 1;
            }
            b'{' => {
                let tries =
                    words.first().is_some_and(|it: &Word<'_>| it.text.as_str().eq_ignore_ascii_case("try"));
                finish(&mut words, &around, &mut run);
                around.push(tries && around.iter().all(|it| *it));
                at += 1;
            }
            b'}' => {
                finish(&mut words, &around, &mut run);
                around.pop();
                at += 1;
            }
            b' ' | b'\t' | b'\r' => at += 1,
            _ => {
                let end = word_end(raw, at..body.end);
                // What is assigned to keeps its name.
                let assigns = words.is_empty() && raw[at..end].starts_with('$');
                let word = if assigns { name(text, at..end) } else { word(text, at..end, value) };
                words.push(word);
                at = end;
            }
        }
    }
    finish(&mut words, &around, &mut run);
}

fn finish<'t>(words: &mut Vec<Word<'t>>, around: &[bool], run: &mut impl FnMut(&Statement<'t>)) {
    if !words.is_empty() {
        let words = std::mem::take(words);
        run(&Statement { words, certain: around.iter().all(|it| *it) });
    }
}

/// The end of the word that begins at the start: quotes and brackets may hold blanks.
fn word_end(raw: &str, bytes: Range<usize>) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, char) in raw[bytes.clone()].char_indices() {
        match (quote, char) {
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, '\n') if depth > 0 => {}
            (None, ' ' | '\t' | '\r' | '\n' | ';' | '{' | '}') if depth == 0 && at > 0 => {
                return bytes.start + at;
            }
            _ => {}
        }
    }
    bytes.end
}

/// A word as it stands.
fn name<'t>(text: &Text<'t>, bytes: Range<usize>) -> Word<'t> {
    let place = place(text, bytes.clone());
    Word { text: text.slice(bytes), status: None, quoted: false, place }
}

/// A word: quotes around it are taken off, variables are filled in where they are known.
pub(super) fn word<'t>(
    text: &Text<'t>,
    bytes: Range<usize>,
    value: &dyn Fn(&str) -> Option<Text<'t>>,
) -> Word<'t> {
    let raw = &text.as_str()[bytes.clone()];
    let place = place(text, bytes.clone());
    let quote = raw.chars().next().filter(|it| matches!(it, '"' | '\''));
    let closed = quote.is_some_and(|it| raw.len() > 1 && raw.ends_with(it));
    let inner = if closed { bytes.start + 1..bytes.end - 1 } else { bytes };
    let plain = text.slice(inner.clone());
    let variable = if quote == Some('\'') { None } else { plain.as_str().find('$') };
    let text = match variable {
        None => plain,
        Some(_) => {
            let name = plain.as_str().trim_start_matches('$').trim_matches(['{', '}']);
            let whole = plain.as_str().starts_with('$')
                && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
            let near = place.map_or(Span::at(0), |it| it.span);
            let known = if whole { value(&name.to_ascii_lowercase()) } else { None };
            known.unwrap_or_else(|| Text::symbol(Symbol::Unknown, near))
        }
    };
    Word { text, status: None, quoted: quote.is_some(), place }
}
