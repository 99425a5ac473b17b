//! `sed -i`: edits of files whose lines are known.
//!
//! Understood are `s/.../.../`, `/.../d` and `$ a text`, with patterns of plain characters, `^`, `$` and `.*`;
//! whatever else it does leaves the file unknown.

use crate::boot::AGENT_CONFIG;
use crate::boot::files::Chunk;
use crate::boot::machine::Machine;
use crate::boot::state::State;
use crate::boot::words::Word;
use crate::resolve::{Place, Text};

/// Longer lines are not edited.
const MAX_LINE: usize = 4096;

/// One command of a script.
enum Edit<'t> {
    Replace { pattern: Pattern, by: Text<'t>, all: bool },
    Delete(Pattern),
    Append(Text<'t>),
}

/// A pattern of which the texts are plain.
struct Pattern {
    start: bool,
    end: bool,
    /// `None` is `.*`; in a text nothing is special.
    parts: Vec<Option<String>>,
}

impl<'t> Machine<'_, '_, 't> {
    /// Runs `sed -i` with these words.
    pub(super) fn edit(&mut self, words: &[Word<'t>], state: &mut State<'t>, place: Option<Place>) {
        let mut scripts = Vec::new();
        let mut plain = Vec::new();
        let mut args = words[1..].iter();
        while let Some(arg) = args.next() {
            match arg.text.as_str() {
                "-e" | "--expression" => scripts.extend(args.next()),
                raw if raw.starts_with('-') => {}
                _ => plain.push(arg),
            }
        }
        if scripts.is_empty() && !plain.is_empty() {
            scripts.push(plain.remove(0));
        }
        // Other patterns, or another output, than what is read here.
        let other = words[1..].iter().any(|it| {
            let raw = it.text.as_str();
            let short = raw.starts_with('-') && !raw.starts_with("--") && !raw.starts_with("-i");
            (short && raw.contains(['E', 'r', 'n', 's', 'z']))
                || raw.starts_with("--regexp")
                || raw == "--quiet"
        });
        let edits: Option<Vec<_>> =
            if other { None } else { scripts.iter().map(|it| edit_of(&it.text)).collect() };
        let harmless =
            scripts.iter().all(|it| it.known().is_some_and(|it| !it.contains("ECS_") && !it.contains('r')));
        for path in plain {
            let Some(name) = state.path_of(path) else {
                state.anything = true;
                continue;
            };
            let before = self.read(path, state);
            if before.only_symbol().is_some() || edits.is_none() || !state.certain() {
                // A file that the boot has not written stays what it is as long as the edit has no words for it.
                if name == AGENT_CONFIG || state.files.contains_key(&name) {
                    let file = state.files.entry(name).or_default();
                    file.unknown |= !(harmless && file.chunks.is_empty());
                    if !file.chunks.is_empty() {
                        file.doubt();
                    }
                }
                continue;
            }
            let mut text = Some(before);
            for edit in edits.iter().flatten() {
                text = text.and_then(|it| edit.on(&it));
            }
            match text {
                Some(text) if text.is_empty() && !state.files.contains_key(&name) => {}
                Some(text) => {
                    let chunk =
                        Chunk { text, certain: true, optional: false, path: path.place, command: place };
                    state.files.entry(name).or_default().edit(chunk);
                }
                None => {
                    let file = state.files.entry(name).or_default();
                    file.unknown = true;
                    file.doubt();
                }
            }
        }
    }
}

impl<'t> Edit<'t> {
    /// The text after the edit; `None` when only the running machine can tell.
    fn on(&self, text: &Text<'t>) -> Option<Text<'t>> {
        let mut res = Text::default();
        let mut start = 0;
        for line in text.as_str().split_inclusive('\n') {
            let body = line.trim_end_matches('\n');
            if body.len() > MAX_LINE {
                return None;
            }
            match self {
                Edit::Delete(pattern) => {
                    if pattern.find(body, 0).is_none() {
                        res.push(&text.slice(start..start + line.len()));
                    }
                }
                Edit::Replace { pattern, by, all } => {
                    let mut done = 0;
                    while let Some((from, to)) = pattern.find(body, done) {
                        res.push(&text.slice(start + done..start + from));
                        res.push(by);
                        done = to;
                        if !all || from == to || pattern.start {
                            break;
                        }
                    }
                    res.push(&text.slice(start + done..start + line.len()));
                }
                Edit::Append(_) => res.push(&text.slice(start..start + line.len())),
            }
            start += line.len();
        }
        if let Edit::Append(line) = self
            && !text.is_empty()
        {
            if !text.as_str().ends_with('\n') {
                return None;
            }
            res.push(line);
            res.push(&text.slice(text.len() - 1..text.len()));
        }
        Some(res)
    }
}

impl Pattern {
    /// The first place from `from` on that it fits.
    fn find(&self, line: &str, from: usize) -> Option<(usize, usize)> {
        let mut parts = self.parts.iter();
        let Some(first) = parts.next() else {
            return match (self.start, self.end) {
                (true, true) => line.is_empty().then_some((0, 0)),
                (false, true) => Some((line.len(), line.len())),
                _ => Some((from, from)),
            };
        };
        // At the end of the line only the last place fits.
        if let ([Some(text)], true, false) = (self.parts.as_slice(), self.end, self.start) {
            let start = line.len().checked_sub(text.len())?;
            return (start >= from && line.ends_with(text.as_str())).then_some((start, line.len()));
        }
        let (start, mut at) = match first {
            Some(text) if self.start => {
                (from, line[from..].starts_with(text.as_str()).then_some(from + text.len())?)
            }
            Some(text) => {
                let at = line[from..].find(text.as_str()).map(|it| from + it)?;
                (at, at + text.len())
            }
            None => (from, from),
        };
        let mut open = first.is_none();
        for part in parts {
            match part {
                None => open = true,
                Some(text) => {
                    // `.*` takes as much as it can.
                    at += if open { line[at..].rfind(text.as_str())? } else { return None };
                    at += text.len();
                    open = false;
                }
            }
        }
        if open {
            at = line.len();
        }
        (!self.end || at == line.len()).then_some((start, at))
    }

    fn of(raw: &str) -> Option<Pattern> {
        let (start, raw) = raw.strip_prefix('^').map_or((false, raw), |it| (true, it));
        let (end, raw) = raw.strip_suffix('$').map_or((false, raw), |it| (true, it));
        let mut parts = Vec::new();
        for (idx, text) in raw.split(".*").enumerate() {
            if idx > 0 {
                parts.push(None);
            }
            let plain = text.replace("\\.", ".").replace("\\/", "/");
            if text.replace("\\.", "").replace("\\/", "").contains(['\\', '[', '*', '.', '^', '$']) {
                return None;
            }
            if !plain.is_empty() {
                parts.push(Some(plain));
            }
        }
        Some(Pattern { start, end, parts })
    }
}

/// The command that a script is; `None` when it is not understood.
fn edit_of<'t>(script: &Text<'t>) -> Option<Edit<'t>> {
    let raw = script.as_str();
    if let Some(rest) = raw.strip_prefix('s') {
        let separator = rest.chars().next().filter(char::is_ascii_punctuation)?;
        let open = 1 + separator.len_utf8();
        let middle = open + end_of(&raw[open..], separator)?;
        let close = middle + 1 + end_of(&raw[middle + 1..], separator)?;
        let flags = &raw[close + 1..];
        let by = script.slice(middle + 1..close);
        if !matches!(flags, "" | "g") || by.as_str().contains(['\\', '&']) {
            return None;
        }
        let pattern = script.slice(open..middle);
        return Some(Edit::Replace { pattern: Pattern::of(pattern.known()?)?, by, all: flags == "g" });
    }
    if let Some(rest) = raw.strip_prefix('/') {
        let close = end_of(rest, '/')?;
        let pattern = script.slice(1..1 + close);
        return (rest[close + 1..].trim() == "d").then_some(Edit::Delete(Pattern::of(pattern.known()?)?));
    }
    let rest = raw.strip_prefix('$')?.trim_start().strip_prefix('a')?;
    let rest = rest.trim_start().trim_start_matches('\\').trim_start();
    Some(Edit::Append(script.slice(raw.len() - rest.len()..raw.len())))
}

/// The end of a part of `s/.../.../`.
fn end_of(raw: &str, separator: char) -> Option<usize> {
    let mut escaped = false;
    for (idx, char) in raw.char_indices() {
        if char == separator && !escaped {
            return Some(idx);
        }
        escaped = char == '\\' && !escaped;
    }
    None
}
