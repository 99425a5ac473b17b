//! What `echo` and `printf` print.

use crate::boot::MAX_VALUE;
use crate::boot::machine::printed;
use crate::boot::words::Word;
use crate::resolve::Text;
use crate::text::Span;

pub(super) fn joined<'t>(words: &[Word<'t>]) -> Text<'t> {
    let mut res = Text::default();
    for (idx, word) in words.iter().enumerate() {
        if idx > 0 {
            res.push(&Text::decoded(
                " ",
                word.place.map_or(Span::at(0), |it| Span::at(it.span.start as usize)),
            ));
        }
        res.push(&word.text);
    }
    res
}

fn line_break<'t>(near: &Word<'t>) -> Text<'t> {
    Text::decoded("\n", near.place.map_or(Span::at(0), |it| it.span))
}

pub(super) fn echo<'t>(args: &[Word<'t>], name: &Word<'t>) -> Text<'t> {
    let mut args = args;
    let (mut breaks, mut escapes) = (true, false);
    while let Some((first, rest)) = args.split_first() {
        let raw = first.text.as_str();
        let flags =
            raw.strip_prefix('-').filter(|it| !it.is_empty() && it.bytes().all(|it| b"neE".contains(&it)));
        let Some(flags) = flags.filter(|_| !first.quoted) else { break };
        breaks &= !flags.contains('n');
        escapes |= flags.contains('e');
        args = rest;
    }
    let text = joined(args);
    let mut res = if escapes { escaped(&text) } else { text };
    if breaks {
        res.push(&line_break(name));
    }
    res
}

/// `printf FORMAT ARGS`: `%s`, `%d` and escapes; other formats are unknown.
pub(super) fn printf<'t>(args: &[Word<'t>], name: &Word<'t>) -> Text<'t> {
    let args = match args.split_first() {
        Some((first, rest)) if first.text.as_str() == "--" => rest,
        _ => args,
    };
    let Some((format, mut values)) = args.split_first() else { return Text::default() };
    let format = escaped(&format.text);
    let mut res = Text::default();
    // The format is used again as long as there are arguments.
    loop {
        let before = values.len();
        let Some(text) = printed_once(&format, &mut values) else { return printed(name) };
        res.push(&text);
        if res.len() > MAX_VALUE {
            return printed(name);
        }
        if values.is_empty() || values.len() == before {
            return res;
        }
    }
}

/// The format once; `None` when it has more than `%s`, `%b`, `%d` and `%%`.
fn printed_once<'t>(format: &Text<'t>, values: &mut &[Word<'t>]) -> Option<Text<'t>> {
    let raw = format.as_str();
    let mut res = Text::default();
    let mut done = 0;
    while let Some(at) = raw[done..].find('%').map(|it| done + it) {
        res.push(&format.slice(done..at));
        match raw.as_bytes().get(at + 1) {
            Some(b's' | b'b' | b'd') => {
                if let Some((value, rest)) = values.split_first() {
                    res.push(&value.text);
                    *values = rest;
                }
            }
            Some(b'%') => res.push(&format.slice(at..at + 1)),
            _ => return None,
        }
        done = at + 2;
    }
    res.push(&format.slice(done..raw.len()));
    Some(res)
}

/// `seq 5`, `seq 2 5`: one number on each line; nothing where there are too many, or it counts in another way.
pub(super) fn numbers<'t>(args: &[Word<'t>], name: &Word<'t>) -> Option<Text<'t>> {
    let number = |it: &Word<'t>| it.known()?.parse::<u32>().ok();
    let (first, last) = match args {
        [last] => (1, number(last)?),
        [first, last] => (number(first)?, number(last)?),
        _ => return None,
    };
    if last.saturating_sub(first) >= 1000 {
        return None;
    }
    let lines: String = (first..=last).map(|it| format!("{it}\n")).collect();
    Some(Text::decoded(&lines, name.place.map_or(Span::at(0), |it| it.span)))
}

/// Undoes `\n` and `\t`.
fn escaped<'t>(text: &Text<'t>) -> Text<'t> {
    let raw = text.as_str();
    let mut res = Text::default();
    let mut done = 0;
    while let Some(at) = raw[done..].find('\\').map(|it| done + it) {
        res.push(&text.slice(done..at));
        let decoded = match raw.as_bytes().get(at + 1) {
            Some(b'n') => "\n",
            Some(b't') => "\t",
            Some(b'\\') => "\\",
            _ => {
                res.push(&text.slice(at..at + 1));
                done = at + 1;
                continue;
            }
        };
        let span = text.place(at..at + 2).map_or(Span::at(0), |it| it.span);
        res.push(&Text::decoded(decoded, span));
        done = at + 2;
    }
    res.push(&text.slice(done..raw.len()));
    res
}
