//! The abstract machine: statements of the shell over unknown values.
//!
//! Where only the running machine can tell which way it goes, both ways are followed and their states merged. A
//! command of unknown status is taken to succeed under `set -e`: that it may fail is true of every command.

use std::rc::Rc;

use shuck_ast::{BinaryOp, Command, CompoundCommand, DeclOperand, Stmt, StmtSeq, StmtTerminator};
use shuck_parser::parser::Parser;

use super::answers::decides;
use super::commands::scripts::restore;
use super::conditions::Truth;
use super::questions::Question;
use super::state::{Alive, Function, State, Status, StopBy};
use super::steps::Does;
use super::words::{Word, checked_slice, range, unknown, whole_place};
use super::{Defect, MAX_NESTING, MAX_VALUE, MAX_WORK, broken};
use crate::model::Image;
use crate::resolve::{Place, Scenario, Symbol, Text};
use crate::text::Span;

/// Statements that stand deeper in each other, functions included, are not followed.
const MAX_DEPTH: usize = 64;

/// What one command is worth of the steps that a template may take.
const STEPS_OF_A_COMMAND: usize = 16;

/// Runs scripts of one boot.
pub(super) struct Machine<'m, 'w, 't> {
    /// What values the template has.
    pub(super) scenario: &'m Scenario<'w, 't>,
    /// What the instance was started from.
    pub(super) image: Image,
    work: usize,
    pub(super) nesting: usize,
    pub(super) syntax_errors: Vec<(Option<Place>, String)>,
    /// Parts of the user data that are not run.
    pub(super) defects: Vec<Defect>,
    /// What it asks the metadata service.
    pub(super) questions: Vec<Question>,
    /// How deep statements stand in each other here.
    pub(super) depth: usize,
    /// How many `cfn-init` run inside of each other.
    pub(super) init_depth: usize,
    /// How many names `mktemp` has given.
    pub(super) n_temporary: usize,
}

impl<'m, 'w, 't> Machine<'m, 'w, 't> {
    pub(super) fn new(scenario: &'m Scenario<'w, 't>, image: Image) -> Machine<'m, 'w, 't> {
        Machine {
            scenario,
            image,
            work: 0,
            nesting: 0,
            syntax_errors: Vec::new(),
            defects: Vec::new(),
            questions: Vec::new(),
            depth: 0,
            init_depth: 0,
            n_temporary: 0,
        }
    }

    /// What bash would refuse in the scripts of the user data.
    pub(super) fn take_syntax_errors(&mut self) -> Vec<(Option<Place>, String)> {
        std::mem::take(&mut self.syntax_errors)
    }

    /// Whether the bound was reached.
    pub(super) fn is_bounded(&self) -> bool {
        self.work > MAX_WORK || self.scenario.world().is_spent()
    }

    /// Charges work by the bytes it handles.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.work = self.work.saturating_add(bytes / 256);
        self.scenario.world().spend(bytes / 64);
    }

    /// A copy of the state for another path.
    pub(super) fn fork(&mut self, state: &State<'t>) -> State<'t> {
        self.charge(state.weight());
        state.clone()
    }

    /// Runs a script in a shell of its own: what it sets is gone when it ends, what it writes stays.
    pub(super) fn script(&mut self, text: &Text<'t>, state: &mut State<'t>) -> Text<'t> {
        self.script_with(text, None, state)
    }

    /// The same with arguments, where they are known.
    pub(super) fn script_with(
        &mut self,
        text: &Text<'t>,
        args: Option<Rc<[Text<'t>]>>,
        state: &mut State<'t>,
    ) -> Text<'t> {
        let outermost = self.nesting == 0;
        self.subshell(state, |machine, inner| {
            inner.errexit = shebang_sets(text.as_str(), 'e');
            inner.nounset = shebang_sets(text.as_str(), 'u');
            inner.pipefail = false;
            inner.traps.clear();
            inner.functions.clear();
            inner.in_function = false;
            inner.args = args;
            // The end of a script that the script runs is not its own end.
            if !outermost {
                inner.stops.clear();
            }
            machine.inline(text, inner, &Text::default())
        })
    }

    /// Runs something in a shell of its own: what it does to the machine stays, what it sets is gone. A status that
    /// `set -e` inside decides is an answer about all that ran there.
    pub(super) fn subshell<R>(
        &mut self,
        state: &mut State<'t>,
        run: impl FnOnce(&mut Self, &mut State<'t>) -> R,
    ) -> R {
        let mut inner = self.fork(state);
        let outermost = self.nesting == 0;
        inner.traps.remove("EXIT");
        let before = inner.steps.len();
        let res = run(self, &mut inner);
        self.end(&mut inner);
        if inner.errexit && inner.steps.len() > before && inner.status == Status::Known(0) {
            inner.status = Status::Of { command: "(".to_owned(), place: None };
        }
        if outermost {
            state.stops = std::mem::take(&mut inner.stops);
        }
        state.adopt(inner);
        res
    }

    /// Ends a shell: what it has trapped runs, however it ended.
    pub(super) fn end(&mut self, state: &mut State<'t>) {
        if state.deadlock.is_some() {
            return;
        }
        let alive = std::mem::replace(&mut state.alive, Alive::Yes);
        let leaving = state.leaving.take();
        let status = state.status.clone();
        self.trap("EXIT", state);
        state.alive = alive;
        state.leaving = leaving;
        state.status = status;
    }

    /// Runs text in the shell that is there: `eval`, `source`, a trap.
    pub(super) fn inline(&mut self, text: &Text<'t>, state: &mut State<'t>, stdin: &Text<'t>) -> Text<'t> {
        if self.nesting >= MAX_NESTING || text.len() > MAX_VALUE {
            state.anything = true;
            return Text::default();
        }
        self.nesting += 1;
        // The parser's work may grow with the square of the length.
        self.charge(text.len() * (1 + text.len() / 2048));
        let left = state.left;
        let parse = Parser::new(text.as_str()).parse();
        let script = Rc::new(text.clone());
        let out = match parse.diagnostics.first() {
            None if parse.is_ok() => self.sequence(&script, &parse.file.body, state, stdin),
            Some(error) if self.nesting == 1 => {
                self.until_error(&script, &parse.file.body, (range(error.span), &error.message), state)
            }
            // What a shell in a shell makes of an error is not told.
            _ => {
                state.anything = true;
                Text::default()
            }
        };
        state.leaving = None;
        state.left = left;
        self.nesting -= 1;
        out
    }

    /// Statements in order; gives what they print.
    pub(super) fn sequence(
        &mut self,
        script: &Rc<Text<'t>>,
        sequence: &StmtSeq,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let mut out = Text::default();
        for stmt in sequence.iter() {
            if !state.runs() {
                break;
            }
            let printed = self.statement(script, stmt, state, stdin);
            self.charge(printed.len());
            if out.len() + printed.len() > MAX_VALUE {
                out = unknown(script, range(stmt.span));
            } else {
                out.push(&printed);
            }
            if state.errexit && matches!(state.status, Status::Known(code) if code != 0) && fails(stmt) {
                self.trap("ERR", state);
                self.stop(script, range(stmt.span), StopBy::Failure, state);
                state.end_here(Alive::Failed);
            }
            if state.errexit
                && self.nesting == 1
                && !state.trapped
                && fails(stmt)
                && matches!(state.status, Status::Of { .. })
            {
                state.step(
                    whole_place(script, broken::first_line(script.as_str(), range(stmt.span))),
                    Does::MayEnd,
                );
            }
            // A bare test decides under `set -e` whether the script goes on.
            let tests = matches!(&state.status, Status::Of { command, .. } if decides(command));
            if state.errexit && tests && fails(stmt) && state.alive == Alive::Yes {
                state.alive = Alive::Maybe;
                state.untold = true;
            }
        }
        out
    }

    /// Whether statements stand too deep in each other; then anything may happen in them.
    pub(super) fn too_deep(&mut self, state: &mut State<'t>) -> bool {
        let res = self.depth > MAX_DEPTH;
        if res {
            state.anything = true;
            self.work = MAX_WORK + 1;
        }
        res
    }

    pub(super) fn statement(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        self.work = self.work.saturating_add(1);
        self.scenario.world().spend(STEPS_OF_A_COMMAND);
        if self.is_bounded() || self.too_deep(state) {
            state.anything = true;
            return Text::default();
        }
        self.depth += 1;
        let out = self.redirected(script, stmt, state, stdin);
        self.depth -= 1;
        out
    }

    fn redirected(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let input = self.input(script, &stmt.redirects, state).unwrap_or_else(|| stdin.clone());
        let target = self.open(script, stmt, state);
        let out = if stmt.terminator.is_some_and(|it| matches!(it, StmtTerminator::Background(_))) {
            let out = self.subshell(state, |machine, inner| {
                inner.detached = true;
                machine.command(script, stmt, inner, &input)
            });
            state.status = Status::Known(0);
            out
        } else {
            self.command(script, stmt, state, &input)
        };
        if stmt.negated {
            state.status = match state.status {
                Status::Known(0) => Status::Known(1),
                Status::Known(_) => Status::Known(0),
                Status::Of { place, .. } => Status::Of { command: "!".to_owned(), place },
                Status::Unknown => Status::Unknown,
            };
        }
        match target {
            Some(path) => {
                if !out.is_empty() {
                    let command = whole_place(script, broken::first_line(script.as_str(), range(stmt.span)));
                    self.write(&path, out, true, command, state);
                }
                Text::default()
            }
            None => out,
        }
    }

    fn command(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        match &stmt.command {
            Command::Simple(command) => {
                // Before a command they are set for it alone.
                let mut before = Vec::new();
                for assignment in &command.assignments {
                    let name = assignment.target.name.as_str().to_owned();
                    before.push((name.clone(), state.variables.get(&name).cloned()));
                    self.assign(script, assignment, state);
                }
                let mut words = self.words(script, &command.name, state);
                for arg in &command.args {
                    words.append(&mut self.words(script, arg, state));
                }
                if !state.runs() {
                    return Text::default();
                }
                if words.is_empty() {
                    // Only assignments: the status is that of the last substitution, else 0.
                    let substitutes = command.assignments.iter().any(|it| {
                        let bytes = range(it.span);
                        let raw = checked_slice(script, bytes);
                        raw.as_str().contains("$(") || raw.as_str().contains('`')
                    });
                    if !substitutes {
                        state.status = Status::Known(0);
                    }
                    return Text::default();
                }
                if words.len() > 1 && words[0].known() == Some("exec") {
                    self.stop(script, range(stmt.span), StopBy::Exec, state);
                }
                let out = self.run(script, &words, state, stdin);
                restore(before, state);
                out
            }
            Command::Builtin(builtin) => {
                self.builtin(script, builtin, state);
                Text::default()
            }
            Command::Decl(decl) => {
                for operand in &decl.operands {
                    match operand {
                        DeclOperand::Assignment(assignment) => self.assign(script, assignment, state),
                        // `export $(cat FILE)` may set any variable.
                        DeclOperand::Dynamic(_) => state.sourced = true,
                        DeclOperand::Flag(_) | DeclOperand::Name(_) => {}
                    }
                }
                state.status = Status::Known(0);
                Text::default()
            }
            Command::Binary(binary) => self.binary(script, binary, state, stdin),
            Command::Compound(compound) => self.compound(script, stmt, compound, state, stdin),
            Command::Function(def) => {
                self.charge(64 * range(def.span).len());
                let function = Function { body: Rc::new((*def.body).clone()), script: Rc::clone(script) };
                for name in def.static_names() {
                    state.functions.insert(name.as_str().to_owned(), function.clone());
                }
                state.status = Status::Known(0);
                Text::default()
            }
            Command::AnonymousFunction(_) => {
                state.anything = true;
                Text::default()
            }
        }
    }
}

/// Whether the first line of a script has an option such as `-e`.
fn shebang_sets(text: &str, option: char) -> bool {
    let first = text.lines().next().filter(|it| it.starts_with("#!")).unwrap_or_default();
    let short = |it: &&str| it.starts_with('-') && !it.starts_with("--");
    first.split_whitespace().find(short).is_some_and(|it| it.contains(option))
}

/// The status of a test.
pub(super) fn truth_status(truth: Truth, command: &str, place: Option<Place>) -> Status {
    match truth {
        Truth::Yes => Status::Known(0),
        Truth::No => Status::Known(1),
        Truth::Unknown => Status::Of { command: command.to_owned(), place },
    }
}

/// What a command prints of which nothing is known.
pub(super) fn printed<'t>(word: &Word<'t>) -> Text<'t> {
    Text::symbol(Symbol::Unknown, word.place.map_or(Span::at(0), |it| it.span))
}

/// Whether a failing statement ends the script under `set -e`.
fn fails(stmt: &Stmt) -> bool {
    let ignored = match &stmt.command {
        Command::Binary(it) => matches!(it.op, BinaryOp::And | BinaryOp::Or),
        // What fails inside has ended the script already, or did not count.
        Command::Compound(it) => !matches!(
            it,
            CompoundCommand::Subshell(_) | CompoundCommand::Conditional(_) | CompoundCommand::Arithmetic(_)
        ),
        _ => false,
    };
    !stmt.negated && !ignored
}

impl<'t> Machine<'_, '_, 't> {
    /// The body of a function.
    pub(super) fn body(
        &mut self,
        function: &Function<'t>,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        if self.nesting >= MAX_NESTING {
            state.anything = true;
            return Text::default();
        }
        self.nesting += 1;
        let (left, returned) = (state.left.take(), state.returned.take());
        let in_function = std::mem::replace(&mut state.in_function, true);
        let out = self.statement(&function.script, &function.body, state, stdin);
        state.in_function = in_function;
        state.leaving = None;
        state.left = left;
        // Some path has left it with another status.
        if std::mem::replace(&mut state.returned, returned).is_some_and(|it| it != state.status) {
            state.status = Status::Unknown;
        }
        self.nesting -= 1;
        out
    }
}
