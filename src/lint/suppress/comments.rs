//! Ignores in comments: `# ecslint: ignore[ECS303] why` of YAML, and the same words in the comments of scripts.
//!
//! A comment that has its line for itself counts for the next line, another one for its own. Scripts are searched
//! as text, whatever language they are in: `#` begins a comment in all that an instance is given.

use super::{Means, Scope, Suppressions, Written};
use crate::diagnostic::Finding;
use crate::syntax::{Kind, Node, Tree};
use crate::text::{Span, TextMap, near};

const WORDS: [&str; 2] = ["ignore", "ignore-file"];

/// Reads the comments of a file and of the scripts in it.
pub(super) fn read(tree: &Tree<'_>, res: &mut Suppressions) {
    let source = tree.source();
    let mut below = Below::default();
    for comment in tree.comments() {
        let Some(found) = instruction(comment.slice(source)) else { continue };
        if res.is_full(*comment) {
            return;
        }
        let offset = comment.start as usize;
        add(res, found, &TextMap::verbatim(0, source.len()), offset, || {
            below.line(source, offset).map(|(start, end)| Span::new(start, end))
        });
    }
    let scripts = tree.roots().filter_map(|it| it.get("Resources")).flat_map(Node::descendants);
    for script in scripts.filter(|it| it.kind() == Kind::Scalar && it.text().contains("ecslint:")) {
        let (text, map) = (script.text(), script.text_map());
        let mut below = Below::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if let Some(at) = comment_start(line)
                && let Some(found) = instruction(line[at..].trim_end())
            {
                if res.is_full(script.span()) {
                    return;
                }
                add(res, found, &map, start + at, || match below.line(text, start + at) {
                    Some((start, end)) => map.to_source(start, end_of_command(text, start, end)),
                    None => next_piece(tree, script),
                });
            }
            start += line.len();
        }
    }
}

/// The start of the line above that of `offset`.
pub(super) fn line_before(source: &str, offset: u32) -> u32 {
    let own = line_start(source, offset as usize);
    Span::at(if own == 0 { 0 } else { line_start(source, own - 1) }).start
}

/// An instruction, with the places of its parts in the comment.
struct Instruction<'s> {
    /// From the word up to the bracket.
    start: usize,
    end: usize,
    word: &'s str,
    /// The text between the brackets, if there are any.
    codes: Option<(usize, &'s str)>,
    reason: &'s str,
}

/// The instruction that a comment is; `None` for all other comments.
fn instruction(comment: &str) -> Option<Instruction<'_>> {
    let mut from = 0;
    let start = loop {
        let at = from + comment[from..].find('#')? + 1;
        let rest = comment[at..].trim_start();
        if let Some(rest) = rest.strip_prefix("ecslint:") {
            break comment.len() - rest.trim_start().len();
        }
        from = at;
    };
    let rest = &comment[start..];
    let word_end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '-').unwrap_or(rest.len());
    let (word, behind) = rest.split_at(word_end);
    let bracket = behind.trim_start().strip_prefix('[').and_then(|it| it.split_once(']'));
    let (codes, reason) = match bracket {
        Some((codes, reason)) => (Some((comment.len() - reason.len() - 1 - codes.len(), codes)), reason),
        None => (None, ""),
    };
    let end = codes.map_or(start + word_end, |(at, codes)| at + codes.len() + 1);
    let reason = reason.trim_matches(|it: char| it.is_whitespace() || matches!(it, ':' | '-'));
    Some(Instruction { start, end, word, codes, reason })
}

/// Adds an instruction whose comment stands at `offset` of `text`.
fn add(
    res: &mut Suppressions,
    found: Instruction<'_>,
    map: &TextMap,
    offset: usize,
    line: impl FnOnce() -> Option<Span>,
) {
    let place = |start: usize, end: usize| map.to_source(offset + start, offset + end);
    let Some(span) = place(found.start, found.end) else { return };
    let malformed = |span, help: String| {
        let word = found.word;
        Finding::at(span, format!("`{word}` is nothing that ecslint can do")).help(help)
    };
    let scope = match found.word {
        "ignore-file" => Some(Scope::File),
        "ignore" => line().map(Scope::Line),
        word => {
            let near = near(word, WORDS, 1).first().map(|it| format!("did you mean `{it}`?"));
            let or_bracket = found.codes.map(|_| "there are `ignore` and `ignore-file`".to_owned());
            // Whoever only speaks of ecslint means nothing by it.
            let help = near.or(or_bracket);
            let span = place(found.start, found.start + word.len());
            res.malformed.extend(span.zip(help).map(|(span, help)| malformed(span, help)));
            return;
        }
    };
    let Some((at, list)) = found.codes else {
        let finding = Finding::at(span, format!("`{}` names no code, so it ignores nothing", found.word));
        res.malformed.push(finding.help(format!("write `{}[ECS303] WHY`", found.word)));
        return;
    };
    let mut codes = Vec::new();
    let mut start = at;
    for raw in list.split(',') {
        let code = raw.trim();
        let from = start + (raw.len() - raw.trim_start().len());
        if let Some(span) = place(from, from + code.len()) {
            codes.push((code, span));
        }
        start += raw.len() + 1;
    }
    // Nothing below the comment: it counts for nothing, and is told to be unused.
    let scope = scope.unwrap_or(Scope::Line(span));
    res.add(Written { span, codes, reason: found.reason, means: Means::Comment, scope });
}

/// Finds the lines that the comments of a text count for. Many may stand above one line: it is looked for once.
#[derive(Default)]
struct Below {
    /// A comment, and the start and end of the line below it; the end of the text where there is none.
    last: Option<(usize, (usize, usize))>,
}

impl Below {
    /// The line that the comment at `comment` counts for.
    fn line(&mut self, text: &str, comment: usize) -> Option<(usize, usize)> {
        let own = line_start(text, comment);
        if !text[own..comment].trim_matches(['\u{feff}', ' ', '\t']).is_empty() {
            return Some((own, line_end(text, own)));
        }
        let known = self.last.filter(|(from, below)| *from <= comment && comment < below.0);
        let below = known.map_or_else(|| next_line(text, line_end(text, comment)), |it| it.1);
        self.last = Some((comment, below));
        (below.0 < below.1).then_some(below)
    }
}

/// The first line from `start` on that has more than a comment.
fn next_line(text: &str, mut start: usize) -> (usize, usize) {
    while start < text.len() {
        let end = line_end(text, start);
        let line = text[start..end].trim();
        if !line.is_empty() && !line.starts_with('#') {
            return (start, end);
        }
        start = end;
    }
    (start, start)
}

/// The end of a command that is continued on the next lines.
fn end_of_command(text: &str, start: usize, mut end: usize) -> usize {
    while text[start..end].trim_end().ends_with('\\') && end < text.len() {
        end = line_end(text, end);
    }
    end
}

/// Where a script is put together from the pieces of a list, the line below a piece is that of the next pieces.
fn next_piece(tree: &Tree<'_>, piece: Node<'_>) -> Option<Span> {
    let lists = tree.nodes().filter(|it| it.kind() == Kind::Sequence);
    let list = lists.filter(|it| it.items().any(|it| it == piece)).last()?;
    let mut behind = list.items().skip_while(|it| *it != piece).skip(1).peekable();
    let start = behind.peek()?.full_span();
    let mut end = start;
    for it in behind {
        end = it.full_span();
        if it.kind() == Kind::Scalar && it.text().contains('\n') {
            break;
        }
    }
    Some(start.to(end))
}

/// Where a line of a script has a comment of ours: `#` at its start or behind a blank.
fn comment_start(line: &str) -> Option<usize> {
    let ours = line.find("ecslint:")?;
    let at = line[..ours].trim_end().strip_suffix('#')?.len();
    (at == 0 || line[..at].ends_with([' ', '\t', ';'])).then_some(at)
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |it| it + 1)
}

/// Behind the line break of the line that holds `offset`.
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |it| offset + it + 1)
}
