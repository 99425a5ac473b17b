//! Where a script ends: at what bash refuses, at a command that fails under `set -e`, at `exit`; and its traps.

use std::ops::Range;
use std::rc::Rc;

use shuck_ast::StmtSeq;

use super::branches::join;
use super::broken;
use super::machine::Machine;
use super::state::{Alive, State, Status, Stop, StopBy, Value};
use super::steps::Does;
use super::words::{place, range, whole_place};
use crate::resolve::{Place, Symbol, Text};
use crate::text::Span;

/// More errors are not remembered.
const MAX_SYNTAX_ERRORS: usize = 8;

impl<'t> Machine<'_, '_, 't> {
    /// A script that bash refuses: it reads command after command, runs those before the error and ends there.
    pub(super) fn until_error(
        &mut self,
        script: &Rc<Text<'t>>,
        body: &StmtSeq,
        (error, message): (Range<usize>, &str),
        state: &mut State<'t>,
    ) -> Text<'t> {
        let mut whole = 0;
        for stmt in body.iter().take_while(|it| range(it.span).end <= error.start) {
            whole = range(stmt.span).end;
            if state.runs() {
                self.statement(script, stmt, state, &Text::default());
            }
        }
        if state.runs() {
            let words = broken::words(script.as_str(), whole, error, message);
            let message = message.strip_prefix("syntax error: ").unwrap_or(message);
            self.note_error(
                place(script, words),
                &format!("bash refuses the script from here on: {message}"),
            );
            // A trap may still do anything.
            state.anything |= !state.traps.is_empty();
            state.status = Status::Known(2);
            state.alive = Alive::Failed;
        }
        Text::default()
    }

    /// Notes what is wrong with the script of the user data.
    pub(super) fn note_error(&mut self, place: Option<Place>, message: &str) {
        let known = self.syntax_errors.iter().any(|it| it.0 == place);
        if self.nesting == 1 && !known && self.syntax_errors.len() < MAX_SYNTAX_ERRORS {
            self.syntax_errors.push((place, message.to_owned()));
        }
    }

    /// Notes that the script of the user data ends here.
    pub(super) fn stop(&self, script: &Rc<Text<'t>>, bytes: Range<usize>, by: StopBy, state: &mut State<'t>) {
        if self.nesting != 1 || !state.certain() || state.trapped {
            return;
        }
        let raw = script.as_str();
        // A command without its variable is not run.
        let hidden = match by {
            StopBy::Unset => raw.get(..bytes.start).and_then(|it| it.rfind('\n')).unwrap_or(0),
            _ => bytes.end,
        };
        let rest = raw.get(hidden..).unwrap_or_default();
        let rest = match by {
            // The rest of the line.
            StopBy::Chain => rest.lines().next().unwrap_or_default(),
            _ => rest,
        };
        let live = |word: &str| rest.lines().any(|it| !it.trim_start().starts_with('#') && it.contains(word));
        let (hides_cluster, hides_signal) = (live("ECS_CLUSTER=") || live("cfn-init"), live("cfn-signal"));
        let place = whole_place(script, bytes);
        if by != StopBy::Chain {
            state.step(place, Does::Ends { failed: !matches!(state.status, Status::Known(0)) });
        }
        state.stops.push(Stop { place, by, hides_cluster, hides_signal });
    }

    /// Forgets what variables hold that say how it went, where they have said something else before: a trap on `EXIT`
    /// may come from any line.
    fn doubt_statuses(&self, state: &mut State<'t>) {
        let says_how = |text: &str| {
            text.parse::<u8>().is_ok()
                || matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "success" | "failure")
        };
        for name in &state.reassigned {
            if let Some(Value::Text(text)) = state.variables.get_mut(name)
                && text.known().is_some_and(says_how)
            {
                *text = Text::symbol(Symbol::Unknown, Span::at(0));
            }
        }
    }

    pub(super) fn trap(&mut self, name: &str, state: &mut State<'t>) {
        let Some((body, certain)) = state.traps.remove(name) else { return };
        let before = (!certain).then(|| self.fork(state));
        let trapped = std::mem::replace(&mut state.trapped, true);
        if name == "EXIT" {
            self.doubt_statuses(state);
        }
        self.inline(&body, state, &Text::default());
        state.trapped = trapped;
        if let Some(before) = before {
            join(state, before);
        }
    }
}
