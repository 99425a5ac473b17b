//! What the abstract machine knows at one point of a script.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shuck_ast::Stmt;

use super::AGENT_CONFIG;
use super::files::{Chunk, FileState};
use super::signal::{ExitCode, Signal};
use super::software::MissingHelper;
use super::steps::{Does, Step, Steps};
use super::words::Word;
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

impl Status {
    /// The number as text. Nobody wrote it, so it has no place.
    pub(super) fn text<'t>(&self) -> Option<Text<'t>> {
        match self {
            Status::Known(code) => Some(Text::decoded(&code.to_string(), Span::at(0))),
            Status::Of { .. } | Status::Unknown => None,
        }
    }
}

/// A status that a script handles, and the command that gave it: its name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report {
    pub(super) status: Status,
    pub(super) of: Option<(String, Option<Place>)>,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'t> {
    /// Text.
    Text(Text<'t>),
    /// `RC=$?`
    Status(Report),
    /// `A=(a b)`
    List(Rc<[Text<'t>]>),
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

/// What a statement leaves early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// `break`: the loop.
    Loop,
    /// `continue`: this round of it.
    Round,
    /// `return`: the function or the file that was sourced.
    Function,
}

/// What ends a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopBy {
    /// `exit`
    Exit,
    /// A command that fails under `set -e`.
    Failure,
    /// A variable that nothing sets, under `set -u`.
    Unset,
    /// A command that fails, before `&&`: only what stands behind that is not run.
    Chain,
    /// `exec`, in whose place another program runs.
    Exec,
}

/// A place at which the script ends for certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The command or the variable that ends it.
    pub place: Option<Place>,
    /// What ends it.
    pub by: StopBy,
    /// Whether what stands behind it would set the cluster.
    pub hides_cluster: bool,
    /// Whether what stands behind it would signal.
    pub hides_signal: bool,
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
    /// Variables that were given another value later.
    pub(super) reassigned: BTreeSet<String>,
    pub(super) functions: BTreeMap<String, Function<'t>>,
    pub(super) signals: Vec<Signal<'t>>,
    /// Scripts of `trap`, by signal, and whether every path has set them.
    pub(super) traps: BTreeMap<String, (Text<'t>, bool)>,
    pub(super) status: Status,
    /// The command that ran last.
    pub(super) last: Option<(String, Option<Place>)>,
    /// `set -e`
    pub(super) errexit: bool,
    /// `set -u`
    pub(super) nounset: bool,
    /// `set -o pipefail`
    pub(super) pipefail: bool,
    /// A function or a file that was sourced is run.
    pub(super) in_function: bool,
    /// What runs here runs after a question: in a branch, behind `&&` or `||`.
    pub(super) guarded: bool,
    /// Some failure before has ended a path, or a loop has waited for a success.
    pub(super) handled: bool,
    /// The unit of the agent may be another one than that of the package.
    pub(super) own_unit: bool,
    pub(super) alive: Alive,
    /// What is being left: nothing runs until it has ended.
    pub(super) leaving: Option<Leave>,
    /// Some path has left the loop or function already: it goes on behind that.
    pub(super) left: Option<Leave>,
    /// What the function gives on the paths that have left it.
    pub(super) returned: Option<Status>,
    /// Some path has ended with success, and has signalled nothing.
    pub(super) untold: bool,
    /// The arguments; `None` when they are not known.
    pub(super) args: Option<Rc<[Text<'t>]>>,
    /// The working directory; `None` when it is not known.
    pub(super) folder: Option<String>,
    /// Where the script of the user data ended.
    pub(super) stops: Vec<Stop>,
    /// Files that were made executable.
    pub(super) executable: BTreeSet<String>,
    /// What was done.
    pub(super) steps: Steps,
    /// Where `cfn-init` ended before it did anything, and why.
    pub(super) init_failure: Option<(Place, String)>,
    /// Helpers that were called and are not there.
    pub(super) missing: Vec<MissingHelper>,
    /// A command that never comes back.
    pub(super) deadlock: Option<Place>,
    /// Nobody waits for what runs here.
    pub(super) detached: bool,
    /// Some path of the shell has ended with success, and this one fails.
    pub(super) ended_well: bool,
    /// What runs here was trapped.
    pub(super) trapped: bool,
    /// A file of the system was read in: it may have set any variable.
    pub(super) sourced: bool,
    /// The agent was kept from starting, or the machine is switched off.
    pub(super) stopped: bool,
    /// Something ran that may do anything.
    pub(super) anything: bool,
}

impl<'t> State<'t> {
    pub(super) fn new() -> State<'t> {
        State {
            files: BTreeMap::new(),
            variables: BTreeMap::new(),
            reassigned: BTreeSet::new(),
            functions: BTreeMap::new(),
            signals: Vec::new(),
            traps: BTreeMap::new(),
            status: Status::Known(0),
            last: None,
            errexit: false,
            nounset: false,
            pipefail: false,
            in_function: false,
            guarded: false,
            handled: false,
            own_unit: false,
            alive: Alive::Yes,
            leaving: None,
            left: None,
            returned: None,
            untold: false,
            args: None,
            folder: Some("/".to_owned()),
            stops: Vec::new(),
            executable: BTreeSet::new(),
            steps: Steps::default(),
            init_failure: None,
            missing: Vec::new(),
            deadlock: None,
            detached: false,
            ended_well: false,
            trapped: false,
            sourced: false,
            stopped: false,
            anything: false,
        }
    }

    /// Whether commands still run, on some path at least.
    pub(super) fn runs(&self) -> bool {
        matches!(self.alive, Alive::Yes | Alive::Maybe) && self.leaving.is_none()
    }

    /// Whether what runs here runs on every path.
    pub(super) fn certain(&self) -> bool {
        self.alive == Alive::Yes && self.left.is_none()
    }

    /// What follows runs on some path only, until `left` is what it was.
    pub(super) fn unsure(&mut self) {
        self.left = self.left.or(Some(Leave::Function));
    }

    /// Notes what is done here.
    pub(super) fn step(&mut self, place: Option<Place>, does: Does) {
        // Nobody waits for what runs in the background.
        let certain = self.certain() && !(self.detached && matches!(does, Does::Installs { .. }));
        self.steps.push(Step { place, certain, does });
    }

    /// Writes to a file: `append`, or in the place of what there was.
    pub(super) fn write_file(&mut self, path: &str, chunk: Chunk<'t>, append: bool) {
        if !chunk.text.is_empty() {
            let sets_cluster = path == AGENT_CONFIG && chunk.text.as_str().contains("ECS_CLUSTER=");
            self.step(chunk.command, Does::Writes { path: path.to_owned(), append, sets_cluster });
        }
        self.files.entry(path.to_owned()).or_default().write(chunk, append);
    }

    /// The size of a copy, in bytes or so.
    pub(super) fn weight(&self) -> usize {
        let text = |it: &Value<'_>| match it {
            Value::Text(text) => text.len(),
            // A copy shares it.
            Value::Status(_) | Value::List(_) => 0,
        };
        let variables: usize = self.variables.values().map(|it| 128 + text(it)).sum();
        let files: usize = self.files.values().map(|it| 128 + 256 * it.chunks.len() + it.len()).sum();
        variables + files + 512 * self.signals.len() + 128 * (self.functions.len() + self.steps.len())
    }

    /// The path that a word names, from the root and without `.` and `..`; `None` when it is not known.
    pub(super) fn path_of(&self, word: &Word<'t>) -> Option<String> {
        let raw = word.known()?;
        if raw.starts_with('/') {
            return Some(normal_path(raw));
        }
        Some(normal_path(&format!("{}/{raw}", self.folder.as_ref()?)))
    }

    /// Notes that a file, or any file of a folder, may have other content from here on.
    pub(super) fn doubt(&mut self, word: &Word<'t>) {
        let Some(path) = self.path_of(word) else {
            // Any file, but one that is named by a variable is hardly ever the agent's.
            return;
        };
        // What is done to the folder is done to what is in it.
        let path = if path == "/etc/ecs" { AGENT_CONFIG.to_owned() } else { path };
        if path.starts_with("/etc/ecs/") || self.files.contains_key(&path) {
            let file = self.files.entry(path).or_default();
            file.unknown = true;
            file.doubt();
        }
    }

    /// Forgets that one branch wrote and another did not: a loop or a choice by value may well come to it.
    pub(super) fn settle(&mut self) {
        for chunk in self.files.values_mut().flat_map(|it| &mut it.chunks) {
            chunk.optional = false;
        }
    }

    /// Whether the script was not ended; it may be leaving a loop or a function.
    fn goes_on(&self) -> bool {
        matches!(self.alive, Alive::Yes | Alive::Maybe)
    }

    /// Takes over what a shell of its own did: files, signals; its variables are gone.
    pub(super) fn adopt(&mut self, inner: State<'t>) {
        self.files = inner.files;
        self.signals = inner.signals;
        self.steps = inner.steps;
        self.executable = inner.executable;
        self.missing = inner.missing;
        self.init_failure = inner.init_failure;
        self.stopped = inner.stopped;
        self.own_unit |= inner.own_unit;
        self.sourced |= inner.sourced;
        if inner.deadlock.is_some() {
            self.deadlock = inner.deadlock;
            self.alive = Alive::Failed;
        }
        self.anything |= inner.anything;
        self.status = match inner.alive {
            Alive::Failed if inner.ended_well => Status::Unknown,
            Alive::Failed => Status::Known(1),
            _ => inner.status,
        };
    }

    /// Ends the shell here. Paths that have left a loop or a function go on behind it.
    pub(super) fn end_here(&mut self, alive: Alive) {
        self.ended_well |= self.alive == Alive::Maybe;
        match self.left {
            Some(leave) => {
                self.handled = true;
                self.leaving = Some(leave);
                self.status =
                    self.returned.clone().filter(|_| leave == Leave::Function).unwrap_or(Status::Unknown);
                if alive == Alive::Ended {
                    self.alive = Alive::Maybe;
                    self.untold |= self.signals.is_empty();
                }
            }
            None => self.alive = alive,
        }
    }

    /// What the function gives on one more path that leaves it.
    fn returns(&mut self, status: Option<Status>) {
        self.returned = match (self.returned.take(), status) {
            (Some(left), Some(right)) if left != right => Some(Status::Unknown),
            (left, right) => left.or(right),
        };
    }

    /// The state behind two branches of which the running machine picks one.
    ///
    /// A branch that ends with a failure is how scripts handle errors: what it did stays as a possibility, and the
    /// script goes on as the other one.
    pub(super) fn merge(self, other: State<'t>) -> State<'t> {
        let (mut main, side) = match (self.alive, other.alive) {
            (Alive::Failed | Alive::Ended, Alive::Yes | Alive::Maybe) | (Alive::Failed, Alive::Ended) => {
                (other, self)
            }
            _ => (self, other),
        };
        main.anything |= side.anything;
        main.sourced |= side.sourced;
        main.own_unit |= side.own_unit;
        main.handled |= side.handled || !side.goes_on();
        main.stopped |= side.stopped;
        main.merge_signals(&side);
        main.steps.merge(side.steps.clone());
        main.ended_well |= side.ended_well;
        main.untold |= side.untold || (side.alive == Alive::Ended && side.signals.is_empty());
        main.returns(side.returned.clone());
        if side.goes_on() || side.deadlock.is_some() {
            main.missing.retain(|it| side.missing.contains(it));
            main.init_failure = main.init_failure.filter(|_| side.init_failure.is_some());
            main.deadlock = main.deadlock.filter(|_| side.deadlock.is_some());
        }
        if !side.goes_on() && main.goes_on() {
            if side.alive == Alive::Ended {
                main.alive = Alive::Maybe;
            }
            return main;
        }
        // Of two ends the success is the one that is meant.
        if (main.alive, side.alive) == (Alive::Ended, Alive::Failed) {
            return main;
        }
        // `cmd || return 1` is how functions give up.
        let gives_up = |it: &State<'_>| {
            it.leaving == Some(Leave::Function) && matches!(it.status, Status::Known(code) if code != 0)
        };
        if gives_up(&side) && main.runs() {
            return main;
        }
        if main.leaving != side.leaving {
            // What follows runs on the other path only.
            for (leaving, status) in
                [(main.leaving, main.status.clone()), (side.leaving, side.status.clone())]
            {
                if leaving == Some(Leave::Function) {
                    main.returns(Some(status));
                }
            }
            main.left = main.leaving.or(side.leaving);
            main.leaving = None;
        }
        main.left = main.left.or(side.left);
        let mut theirs = side.files;
        for (path, file) in &mut main.files {
            *file = std::mem::take(file).merge(theirs.remove(path).unwrap_or_default());
        }
        for (path, file) in theirs {
            main.files.insert(path, FileState::default().merge(file));
        }
        if main.last != side.last {
            main.last = None;
        }
        if main.folder != side.folder {
            main.folder = None;
        }
        if main.args != side.args {
            main.args = None;
        }
        let unknown = || Value::Text(Text::symbol(Symbol::Unknown, Span::at(0)));
        for (name, value) in &mut main.variables {
            if side.variables.get(name) != Some(value) {
                *value = unknown();
            }
        }
        for name in side.variables.into_keys() {
            main.variables.entry(name).or_insert_with(unknown);
        }
        main.reassigned.extend(side.reassigned);
        main.functions.extend(side.functions);
        let mut theirs = side.traps;
        for (name, (body, certain)) in &mut main.traps {
            *certain &= theirs.remove(name).is_some_and(|it| it.1 && it.0 == *body);
        }
        main.traps.extend(theirs.into_iter().map(|(name, (body, _))| (name, (body, false))));
        if main.status != side.status {
            main.status = Status::Unknown;
        }
        main.errexit &= side.errexit;
        main.nounset &= side.nounset;
        main.pipefail &= side.pipefail;
        if main.goes_on() && side.alive == Alive::Maybe {
            main.alive = Alive::Maybe;
        }
        main
    }

    fn merge_signals(&mut self, side: &State<'t>) {
        let same = |(left, right): &(&Signal<'_>, &Signal<'_>)| left.is_copy_of(right);
        let common = self.signals.iter().zip(&side.signals).take_while(same).count();
        let mut rest = side.signals[common..].to_vec();
        // The same signal on both sides, with another status: success here, failure there.
        for own in &mut self.signals[common..] {
            let twin =
                rest.iter().position(|it| it.resource == own.resource && it.url == own.url && it.certain);
            match twin {
                Some(idx) if side.goes_on() => {
                    let twin = rest.remove(idx);
                    if twin.exit_code != own.exit_code {
                        own.exit_code = ExitCode::Unknown(None);
                    }
                }
                _ if side.goes_on() => own.certain = false,
                _ => {}
            }
        }
        for mut signal in rest {
            signal.certain = false;
            self.signals.push(signal);
        }
    }
}

/// A path from the root without `//`, `.` and `..`.
fn normal_path(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
