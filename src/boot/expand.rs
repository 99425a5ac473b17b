//! What the shell makes of the letters of a word: backslashes, quotes between braces, here-documents.

use std::ops::Range;

use super::MAX_VALUE;
use super::state::State;
use super::variables::variable;
use super::words::{checked_slice, unknown};
use crate::resolve::Text;
use crate::text::Span;

/// A stretch without quotes. Between braces the parser leaves quotes in: the shell takes them off.
pub(super) fn literal<'t>(script: &Text<'t>, bytes: Range<usize>, quoted: bool) -> Text<'t> {
    let text = checked_slice(script, bytes.clone());
    let raw = text.as_str();
    if quoted || !raw.contains(['"', '\'']) || !raw.contains('{') {
        return unescape(script, bytes, quoted);
    }
    if raw.contains(['$', '`']) {
        return unknown(script, bytes);
    }
    let expands = expands_braces(raw);
    let mut res = Text::default();
    let (mut done, mut open) = (0, None);
    let mut chars = raw.char_indices();
    while let Some((at, char)) = chars.next() {
        let escapes = char == '\\' && open != Some('\'');
        let brace = expands && open.is_none() && matches!(char, '{' | '}' | ',');
        if !escapes && !brace && (open.is_some_and(|it| it != char) || !matches!(char, '"' | '\'')) {
            continue;
        }
        res.push(&text.slice(done..at));
        if brace {
            // Each part becomes a word of its own.
            done = at + 1;
            if char == ',' {
                res.push(&Text::decoded(" ", Span::at(0)));
            }
            continue;
        }
        done = at + char.len_utf8();
        if escapes {
            chars.next();
        } else {
            open = if open.is_some() { None } else { Some(char) };
        }
    }
    res.push(&text.slice(done..raw.len()));
    res
}

/// Whether braces hold a comma that nothing quotes: `{a,b}` becomes two words.
pub(super) fn expands_braces(raw: &str) -> bool {
    let (mut depth, mut open) = (0_usize, None);
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        match (open, char) {
            (None | Some('"'), '\\') => {
                chars.next();
            }
            (Some(quote), _) if quote == char => open = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => open = Some(char),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth > 0 => return true,
            _ => {}
        }
    }
    false
}

/// Removes the backslashes that the shell removes.
pub(super) fn unescape<'t>(script: &Text<'t>, bytes: Range<usize>, quoted: bool) -> Text<'t> {
    let text = checked_slice(script, bytes);
    let raw = text.as_str();
    if !raw.contains('\\') {
        return text;
    }
    let mut res = Text::default();
    let mut done = 0;
    let mut chars = raw.char_indices();
    while let Some((at, char)) = chars.next() {
        if char != '\\' {
            continue;
        }
        let Some((_, next)) = chars.next() else { break };
        if quoted && !matches!(next, '$' | '`' | '"' | '\\' | '\n') {
            continue;
        }
        res.push(&text.slice(done..at));
        // A backslash before the line break takes both away.
        done = if next == '\n' { at + 2 } else { at + 1 };
    }
    res.push(&text.slice(done..raw.len()));
    res
}

/// What stands in `$'...'`; nothing where it has escapes other than those of letters.
pub(super) fn dollar_quoted<'t>(text: &Text<'t>) -> Option<Text<'t>> {
    let raw = text.as_str();
    let mut res = Text::default();
    let mut done = 0;
    while let Some(at) = raw[done..].find('\\').map(|it| done + it) {
        res.push(&text.slice(done..at));
        let decoded = match raw.as_bytes().get(at + 1)? {
            b'n' => "\n",
            b't' => "\t",
            b'\\' => "\\",
            b'\'' => "'",
            b'"' => "\"",
            _ => return None,
        };
        let span = text.place(at..at + 2).map_or(Span::at(0), |it| it.span);
        res.push(&Text::decoded(decoded, span));
        done = at + 2;
    }
    res.push(&text.slice(done..raw.len()));
    Some(res)
}

pub(super) fn without_leading_tabs<'t>(body: &Text<'t>) -> Text<'t> {
    let mut res = Text::default();
    let mut start = 0;
    for line in body.as_str().split_inclusive('\n') {
        let tabs = line.len() - line.trim_start_matches('\t').len();
        res.push(&body.slice(start + tabs..start + line.len()));
        start += line.len();
    }
    res
}

/// Expands `$name` and `${name}`; everything else that begins with `$` or a backquote is unknown.
pub(super) fn expand<'t>(body: &Text<'t>, state: &State<'t>) -> Text<'t> {
    let raw = body.as_str();
    let mut res = Text::default();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = raw[at..].find(['$', '`', '\\']).map(|it| at + it) {
        let rest = &raw[found..];
        let (end, value) = match rest.as_bytes() {
            [b'\\', b'$' | b'`' | b'\\', ..] => (found + 2, Some(body.slice(found + 1..found + 2))),
            [b'\\', b'\n', ..] => (found + 2, Some(Text::default())),
            [b'\\', ..] => (found + 1, Some(body.slice(found..found + 1))),
            [b'`', ..] => {
                let end = rest[1..].find('`').map_or(raw.len(), |it| found + it + 2);
                (end, None)
            }
            [b'$', b'(', ..] => (closing(raw, found + 1), None),
            [b'$', b'{', ..] => match rest.find('}') {
                Some(len) => (found + len + 1, variable(state, &rest[2..len])),
                None => (raw.len(), None),
            },
            _ => {
                let name: String =
                    rest[1..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
                if name.is_empty() {
                    (found + 1, Some(body.slice(found..found + 1)))
                } else {
                    (found + 1 + name.len(), variable(state, &name))
                }
            }
        };
        res.push(&body.slice(done..found));
        res.push(&value.unwrap_or_else(|| unknown(body, found..end)));
        if res.len() > MAX_VALUE.max(raw.len()) {
            return unknown(body, 0..raw.len());
        }
        done = end;
        at = end;
    }
    res.push(&body.slice(done..raw.len()));
    res
}

/// The byte behind the bracket that closes the one at `open`.
pub(super) fn closing(raw: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (idx, byte) in raw.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return idx + 1;
        }
    }
    raw.len()
}
