//! `read`: what stands in the input goes into variables.

use crate::boot::machine::Machine;
use crate::boot::state::{State, Status, Value};
use crate::boot::words::Word;
use crate::resolve::{Symbol, Text};
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    /// `read -r NAMES` of known input. Gives what it leaves for the next one, nothing where that is not known.
    pub(in crate::boot) fn read_line(
        &mut self,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Option<Text<'t>> {
        let mut whole = false;
        let mut names: Vec<&str> = Vec::new();
        let mut args = args.iter();
        while let Some(word) = args.next() {
            match word.text.as_str() {
                "-d" => whole = args.next().is_some_and(|it| it.text.is_empty()),
                option if option.starts_with('-') => {
                    // `-t 5`, `-p PROMPT`
                    if option.ends_with(['t', 'p', 'n', 'N', 'u', 'a', 'i']) {
                        args.next();
                    }
                }
                name => names.push(name),
            }
        }
        let raw = stdin.as_str();
        let is_known = !raw.is_empty() && !stdin.symbols().any(|it| matches!(it, Symbol::Unknown));
        let end = if whole { raw.len() } else { raw.find('\n').unwrap_or(raw.len()) };
        // What is taken apart by more than one name, or at other letters, is not followed.
        let line = stdin.slice(0..end);
        let value = match names.as_slice() {
            [_] if is_known && !state.variables.contains_key("IFS") => Some(trimmed(&line)),
            _ => None,
        };
        for name in &names {
            let unknown = || Text::symbol(Symbol::Unknown, Span::at(0));
            state.variables.insert((*name).to_owned(), Value::Text(value.clone().unwrap_or_else(unknown)));
        }
        value?;
        state.status = Status::Known(i32::from(whole || end == raw.len()));
        Some(stdin.slice((end + 1).min(raw.len())..raw.len()))
    }
}

/// Without the blanks at both ends.
fn trimmed<'t>(text: &Text<'t>) -> Text<'t> {
    let raw = text.as_str();
    let start = raw.len() - raw.trim_start_matches([' ', '\t', '\n']).len();
    let end = raw.trim_end_matches([' ', '\t', '\n']).len();
    text.slice(start..end.max(start))
}
