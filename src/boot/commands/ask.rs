//! Questions about texts: `grep`.

use crate::boot::conditions::Truth;
use crate::boot::machine::Machine;
use crate::boot::software;
use crate::boot::state::State;
use crate::boot::words::Word;
use crate::model::Answer;
use crate::resolve::{Symbol, Text};

impl<'t> Machine<'_, '_, 't> {
    /// Whether `grep` finds something, where the texts decide it.
    pub(super) fn grep(&self, args: &[Word<'t>], state: &State<'t>, stdin: &Text<'t>) -> Truth {
        let plain: Vec<_> = args.iter().filter(|it| !it.text.as_str().starts_with('-')).collect();
        if let (Some(Symbol::Packages), [pattern]) = (stdin.only_symbol(), plain.as_slice()) {
            return self.lists(pattern, state);
        }
        let flags: String = args.iter().map(|it| it.text.as_str()).filter(|it| it.starts_with('-')).collect();
        let text = match plain.as_slice() {
            [_] => stdin.clone(),
            [_, file] => self.read(file, state),
            _ => return Truth::Unknown,
        };
        let (Some(pattern), Some(text)) = (plain[0].known(), text.known()) else { return Truth::Unknown };
        let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
        let literal = pattern.bytes().all(|it| it.is_ascii_alphanumeric() || b"_=/-: ".contains(&it));
        if flags.contains(['v', 'e', 'f', 'c', 'L']) {
            return Truth::Unknown;
        }
        if !text.contains(pattern) && (literal || text.is_empty()) && !flags.contains('i') {
            return Truth::No;
        }
        let plain_pattern = plain[0].known() == Some(pattern) && literal && !flags.contains(['w', 'x']);
        if plain_pattern && text.contains(pattern) { Truth::Yes } else { Truth::Unknown }
    }

    /// Whether a package is among those that the instance has.
    pub(super) fn lists(&self, pattern: &Word<'t>, state: &State<'t>) -> Truth {
        if pattern.known() != Some(software::HELPERS) {
            return Truth::Unknown;
        }
        match software::listed(self.image, state) {
            Answer::Yes => Truth::Yes,
            Answer::Unknown => Truth::Unknown,
            Answer::No => Truth::No,
        }
    }
}
