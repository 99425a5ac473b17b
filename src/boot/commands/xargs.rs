//! `xargs`: a command whose last words come through its input.

use std::rc::Rc;

use crate::boot::branches::MAX_ROUNDS;
use crate::boot::machine::Machine;
use crate::boot::state::{State, Status};
use crate::boot::words::Word;
use crate::resolve::{Symbol, Text};

/// Programs that may do anything to any file when nobody knows what they are called with.
const REACHING: [&str; 16] = [
    "bash", "cp", "dd", "env", "install", "ln", "mv", "perl", "python", "python3", "rm", "rsync", "sed",
    "sh", "tee", "truncate",
];

/// Options whose value is the next word.
const WITH_VALUE: [&str; 8] = ["-d", "-E", "-I", "-L", "-n", "-P", "-s", "-a"];

impl<'t> Machine<'_, '_, 't> {
    /// `xargs -n1 CMD ARGS`, `xargs -I{} CMD {}`: of known input as it is run, one call for all words where they are not
    /// counted out. Of unknown input what reaches for files may do anything.
    pub(super) fn xargs(
        &mut self,
        script: &Rc<Text<'t>>,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
        name: &Word<'t>,
    ) -> Text<'t> {
        let (mut rest, mut mark, mut counts) = (args, None, false);
        while let Some((first, after)) = rest.split_first() {
            let raw = first.text.as_str();
            if !raw.starts_with('-') {
                break;
            }
            rest = after;
            counts |= raw.starts_with("-n") || raw.starts_with("-L");
            if let Some(glued) = raw.strip_prefix("-I").filter(|it| !it.is_empty()) {
                mark = Some(glued.to_owned());
            } else if WITH_VALUE.contains(&raw) {
                let value = rest.split_first();
                mark = value.filter(|_| raw == "-I").map(|it| it.0.text.as_str().to_owned()).or(mark);
                rest = value.map_or(rest, |it| it.1);
            } else if raw == "-i" {
                mark = Some("{}".to_owned());
            }
        }
        let Some(command) = rest.first() else {
            state.status = Status::Of { command: "xargs".to_owned(), place: name.place };
            return stdin.clone();
        };
        let is_known = !stdin.is_empty()
            && !stdin.symbols().any(|it| matches!(it, Symbol::Unknown | Symbol::Packages))
            && !stdin.as_str().contains(['"', '\'', '\\', '\0'])
            && stdin.as_str().lines().count() <= MAX_ROUNDS;
        if !is_known {
            let base = command.known().map(|it| it.rsplit('/').next().unwrap_or(it));
            return match base {
                Some(base) if !REACHING.contains(&base) => {
                    let place = name.place;
                    let mut words = rest.to_vec();
                    words.push(Word { text: unknown(name), status: None, quoted: false, place });
                    self.nested(script, &words, state)
                }
                _ => self.anything(name, state),
            };
        }
        let word = |text| Word { text, status: None, quoted: true, place: name.place };
        let calls: Vec<Vec<Word<'t>>> = match &mark {
            Some(mark) => {
                let filled = |line: Text<'t>| rest.iter().map(|it| fill(it, mark, &line)).collect();
                pieces(stdin, |it| it == '\n').into_iter().map(filled).collect()
            }
            None => {
                let given = pieces(stdin, char::is_whitespace).into_iter().map(word);
                let with = |more: Vec<Word<'t>>| rest.iter().cloned().chain(more).collect();
                if counts { given.map(|it| with(vec![it])).collect() } else { vec![with(given.collect())] }
            }
        };
        let mut out = Text::default();
        for words in calls {
            out.push(&self.nested(script, &words, state));
            if !state.runs() {
                break;
            }
        }
        out
    }

    /// Runs a command with an input of its own, which is empty.
    fn nested(&mut self, script: &Rc<Text<'t>>, words: &[Word<'t>], state: &mut State<'t>) -> Text<'t> {
        self.depth += 1;
        let out = if self.too_deep(state) {
            Text::default()
        } else {
            self.run(script, words, state, &Text::default())
        };
        self.depth -= 1;
        out
    }
}

fn unknown<'t>(name: &Word<'_>) -> Text<'t> {
    Text::symbol(Symbol::Unknown, name.place.map_or(crate::text::Span::at(0), |it| it.span))
}

/// The stretches between letters that part them; none is empty.
fn pieces<'t>(text: &Text<'t>, parts: impl Fn(char) -> bool) -> Vec<Text<'t>> {
    let mut res = Vec::new();
    let mut start = 0;
    for part in text.as_str().split(parts) {
        let blank = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            res.push(text.slice(start + blank..start + part.len()));
        }
        // What parts them is a letter of one byte, or a blank of several.
        start += part.len() + text.as_str()[start + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
    res
}

/// A word with `line` in each place of `mark`.
fn fill<'t>(word: &Word<'t>, mark: &str, line: &Text<'t>) -> Word<'t> {
    let mut text = Text::default();
    let mut start = 0;
    for (at, _) in word.text.as_str().match_indices(mark) {
        text.push(&word.text.slice(start..at));
        text.push(line);
        start = at + mark.len();
    }
    text.push(&word.text.slice(start..word.text.as_str().len()));
    Word { text, ..word.clone() }
}
