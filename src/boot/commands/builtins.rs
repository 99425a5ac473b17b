//! Builtins that change how the shell goes on: `trap`, `set`.

use crate::boot::branches::join;
use crate::boot::machine::Machine;
use crate::boot::state::{Alive, State, Status};
use crate::boot::words::Word;
use crate::resolve::Text;

impl<'t> Machine<'_, '_, 't> {
    /// `trap BODY SIGNALS`.
    pub(super) fn trap_command(&mut self, args: &[Word<'t>], state: &mut State<'t>) {
        if args.iter().any(|it| matches!(it.text.as_str(), "-p" | "-l")) {
            return;
        }
        let mut args = args.iter().filter(|it| it.text.as_str() != "--");
        let Some(body) = args.next() else { return };
        state.status = Status::Known(0);
        for name in args {
            let name = name.text.as_str().trim_start_matches("SIG").to_uppercase();
            let name = if name == "0" { "EXIT".to_owned() } else { name };
            if matches!(body.text.as_str(), "-" | "") {
                state.traps.remove(&name);
                continue;
            }
            if name == "ERR" {
                // Any command from here on may fail: what is done then is done on some path.
                let mut failing = self.fork(state);
                failing.status = Status::Unknown;
                self.inline(&body.text, &mut failing, &Text::default());
                failing.alive = Alive::Failed;
                join(state, failing);
            }
            state.traps.insert(name, (body.text.clone(), true));
        }
    }
}

pub(super) fn set<'t>(args: &[Word<'t>], state: &mut State<'t>) {
    let mut named = None;
    for (idx, word) in args.iter().enumerate() {
        let raw = word.text.as_str();
        if let Some(on) = named.take() {
            match raw {
                "errexit" => state.errexit = on,
                "nounset" => state.nounset = on,
                "pipefail" => state.pipefail = on,
                _ => {}
            }
            continue;
        }
        // `set -- a b`
        if raw == "--" {
            let rest = args.iter().skip(idx + 1);
            let known = rest.clone().all(|it| it.quoted || it.is_one_word());
            state.args = known.then(|| rest.map(|it| it.text.clone()).collect());
            break;
        }
        let on = raw.starts_with('-');
        if !on && !raw.starts_with('+') {
            break;
        }
        if raw[1..].contains('e') {
            state.errexit = on;
        }
        if raw[1..].contains('u') {
            state.nounset = on;
        }
        named = raw[1..].ends_with('o').then_some(on);
    }
    state.status = Status::Known(0);
}
