//! What the abstract machine knows at one point of a script.

use std::collections::BTreeMap;
use std::rc::Rc;

use shuck_ast::Stmt;

use super::files::FileState;
use super::signal::{ExitCode, Signal};
use crate::resolve::{Place, Symbol, Text};
use crate::text::Span;

/// The status of a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Status {
    /// This number.
    Known(i32),
    /// Only the running machine can tell what this command gave.
    Of {
        /// Its name.
        command: String,
        /// Where it stands.
        place: Option<Place>,
    },
    /// Anything.
    Unknown,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'t> {
    /// Text.
    Text(Text<'t>),
    /// `RC=$?`
    Status(Status),
}

/// Whether the script still runs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alive {
    /// Yes.
    Yes,
    /// On some path it ended with success.
    Maybe,
    /// It ended.
    Ended,
    /// It ended with a failure: a path on which people expect nothing.
    Failed,
}

/// A function of the script.
#[derive(Clone, Debug)]
pub(super) struct Function<'t> {
    pub(super) body: Rc<Stmt>,
    /// The script in which it stands.
    pub(super) script: Rc<Text<'t>>,
}

/// What is known at one point.
#[derive(Clone, Debug)]
pub(super) struct State<'t> {
    pub(super) files: BTreeMap<String, FileState<'t>>,
    pub(super) variables: BTreeMap<String, Value<'t>>,
    pub(super) functions: BTreeMap<String, Function<'t>>,
    pub(super) signals: Vec<Signal<'t>>,
    /// Scripts of `trap`, by signal.
    pub(super) traps: BTreeMap<String, Text<'t>>,
    pub(super) status: Status,
    /// `set -e`
    pub(super) errexit: bool,
    pub(super) alive: Alive,
    /// Something ran that may do anything.
    pub(super) anything: bool,
}

impl<'t> State<'t> {
    pub(super) fn new() -> State<'t> {
        State {
            files: BTreeMap::new(),
            variables: BTreeMap::new(),
            functions: BTreeMap::new(),
            signals: Vec::new(),
            traps: BTreeMap::new(),
            status: Status::Known(0),
            errexit: false,
            alive: Alive::Yes,
            anything: false,
        }
    }

    /// Whether commands still run, on some path at least.
    pub(super) fn runs(&self) -> bool {
        matches!(self.alive, Alive::Yes | Alive::Maybe)
    }

    /// Whether what runs here runs on every path.
    pub(super) fn certain(&self) -> bool {
        self.alive == Alive::Yes
    }

    /// The state behind two branches of which the running machine picks one.
    ///
    /// A branch that ends with a failure is how scripts handle errors: what it did stays as a possibility, and the
    /// script goes on as the other one.
    pub(super) fn merge(self, other: State<'t>) -> State<'t> {
        let (mut main, side) = match (self.alive, other.alive) {
            (Alive::Failed | Alive::Ended, Alive::Yes | Alive::Maybe) => (other, self),
            _ => (self, other),
        };
        main.anything |= side.anything;
        main.merge_signals(&side);
        if !side.runs() {
            if main.runs() && side.alive == Alive::Ended {
                main.alive = Alive::Maybe;
            }
            if main.runs() {
                return main;
            }
        }
        let mut files = std::mem::take(&mut main.files);
        for (path, theirs) in side.files {
            let ours = files.remove(&path).unwrap_or_default();
            files.insert(path, ours.merge(theirs));
        }
        main.files = files
            .into_iter()
            .map(|(path, file)| {
                let both = file.chunks.iter().any(|it| it.certain);
                (path, if both { file } else { file.merge(FileState::default()) })
            })
            .collect();
        let unknown = || Value::Text(Text::symbol(Symbol::Unknown, Span::at(0)));
        for (name, value) in &mut main.variables {
            if side.variables.get(name) != Some(value) {
                *value = unknown();
            }
        }
        for name in side.variables.into_keys() {
            main.variables.entry(name).or_insert_with(unknown);
        }
        main.functions.extend(side.functions);
        main.traps.extend(side.traps);
        if main.status != side.status {
            main.status = Status::Unknown;
        }
        main.errexit &= side.errexit;
        if main.runs() && side.alive == Alive::Maybe {
            main.alive = Alive::Maybe;
        }
        main
    }

    fn merge_signals(&mut self, side: &State<'t>) {
        let common = self.signals.iter().zip(&side.signals).take_while(|(left, right)| left == right).count();
        let mut rest = side.signals[common..].to_vec();
        // The same signal on both sides, with another status: success here, failure there.
        for own in &mut self.signals[common..] {
            let twin =
                rest.iter().position(|it| it.resource == own.resource && it.url == own.url && it.certain);
            match twin {
                Some(idx) if side.runs() => {
                    let twin = rest.remove(idx);
                    if twin.exit_code != own.exit_code {
                        own.exit_code = ExitCode::Unknown(None);
                    }
                }
                _ if side.runs() => own.certain = false,
                _ => {}
            }
        }
        for mut signal in rest {
            signal.certain = false;
            self.signals.push(signal);
        }
    }
}
