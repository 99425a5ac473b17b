//! Ways through a script: chains, pipes, choices and loops.
//!
//! Where only the running machine can tell, both ways are followed and their states merged.

use std::rc::Rc;

use shuck_ast::{BinaryCommand, BinaryOp, CaseItem, CaseTerminator, Command, Stmt, StmtSeq};

use super::answers::{is_question, is_test};
use super::broken;
use super::conditions::Truth;
use super::machine::{Machine, printed};
use super::state::{Alive, Leave, State, Status, StopBy, Value};
use super::words::{Word, checked_slice, range, unknown, whole_place};
use crate::model::{Answer, ImageFamily};
use crate::resolve::{Symbol, Text};
use crate::text::Span;

/// More rounds of a loop are not followed one by one.
pub(super) const MAX_ROUNDS: usize = 64;

impl<'t> Machine<'_, '_, 't> {
    /// `a && b || c`, `a | b | c`. Chains lean to the left and may have a thousand links: they are laid flat.
    pub(super) fn binary(
        &mut self,
        script: &Rc<Text<'t>>,
        binary: &BinaryCommand,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let mut links = vec![(binary.op, &*binary.right)];
        let mut first = &*binary.left;
        while let Command::Binary(inner) = &first.command
            && is_pipe(inner.op) == is_pipe(binary.op)
            && !first.negated
            && first.redirects.is_empty()
        {
            links.push((inner.op, &inner.right));
            first = &inner.left;
        }
        links.reverse();
        if is_pipe(binary.op) {
            return self.pipe(script, first, &links, state, stdin);
        }
        let errexit = std::mem::replace(&mut state.errexit, false);
        let guarded = std::mem::replace(&mut state.guarded, true);
        let mut out = self.statement(script, first, state, stdin);
        // Where the first command stands, and whether it is known to fail for a reason that its text does not show.
        let place_of_last =
            (range(first.span), matches!(&first.command, Command::Simple(_)) && !first.negated);
        let mut links = links.into_iter().peekable();
        // Where a link of the chain failed that was expected to succeed.
        let mut aside = None;
        while let Some((op, right)) = links.next() {
            if !state.runs() {
                break;
            }
            let on_success = op == BinaryOp::And;
            let left = state.status.clone();
            match &left {
                Status::Known(code) if (*code == 0) != on_success => {
                    if on_success && place_of_last.1 {
                        self.stop(script, place_of_last.0.clone(), StopBy::Chain, state);
                    }
                }
                Status::Known(_) => out.push(&self.statement(script, right, state, stdin)),
                _ if on_success => {
                    // `test && a || b` is a choice between the two.
                    let otherwise = links.next_if(|it| it.0 == BinaryOp::Or);
                    let otherwise = otherwise.map(|it| it.1);
                    out.push(&self.and(script, (&left, right), otherwise, (state, &mut aside), stdin));
                }
                _ => {
                    let mut other = self.fork(state);
                    self.statement(script, right, &mut other, stdin);
                    let hidden = matches!(other.status, Status::Known(0)) && other.runs();
                    join(state, other);
                    // `cmd || true` hides what cmd gave.
                    state.status = if hidden { Status::Known(0) } else { left };
                }
            }
        }
        state.errexit = errexit;
        state.guarded = guarded;
        out
    }

    /// `left && right`, `left && right || otherwise`, where only the running machine can tell what `left` gives.
    ///
    /// That both succeed is the way the script is meant to go, unless `left` is a question or `right` leaves.
    fn and(
        &mut self,
        script: &Rc<Text<'t>>,
        (left, right): (&Status, &Stmt),
        otherwise: Option<&Stmt>,
        (state, aside): (&mut State<'t>, &mut Option<State<'t>>),
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let question = match left {
            Status::Of { command, .. } => is_question(command),
            _ => true,
        };
        // What a variable holds decides later: it is not taken for granted.
        let assigns = matches!(&right.command, Command::Simple(it) if !it.assignments.is_empty() && checked_slice(script, range(it.name.span)).is_empty());
        let mut other = self.fork(state);
        let out = self.statement(script, right, state, stdin);
        let leaves = !state.runs() && state.deadlock.is_none();
        // A success says that all of them succeeded.
        if state.status == Status::Known(0) {
            state.status = match left {
                Status::Of { .. } if question => left.clone(),
                Status::Of { place, .. } => Status::Of { command: "&&".to_owned(), place: *place },
                _ => Status::Unknown,
            };
        }
        if let Some(otherwise) = otherwise {
            self.statement(script, otherwise, &mut other, stdin);
        }
        if question || assigns || leaves {
            let asked = state.status.clone();
            join(state, other);
            if state.runs() && matches!(&asked, Status::Of { command, .. } if is_test(command)) {
                state.status = asked;
            }
            if let Some(aside) = aside.take().filter(|_| leaves || assigns) {
                join(state, aside);
            }
            // Only a test is asked to choose; the rest may well have been meant to succeed.
            if !matches!(left, Status::Of { command, .. } if is_test(command)) {
                state.settle();
            }
        } else if otherwise.is_none() {
            aside.get_or_insert(other);
        } else {
            // What is done on failure stays a possibility.
            let status = state.status.clone();
            let gave_up = !other.runs();
            join(state, other);
            state.status = if gave_up { status } else { Status::Unknown };
        }
        out
    }

    /// A pipe: every command in a shell of its own, each reading what the one before prints.
    fn pipe(
        &mut self,
        script: &Rc<Text<'t>>,
        first: &Stmt,
        links: &[(BinaryOp, &Stmt)],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let mut out = stdin.clone();
        let mut statuses = Vec::new();
        let mut last = None;
        for stmt in std::iter::once(first).chain(links.iter().map(|it| it.1)) {
            out = self.subshell(state, |machine, inner| {
                let out = machine.statement(script, stmt, inner, &out);
                // A command that fails ends its part of the pipe.
                if inner.errexit && matches!(inner.status, Status::Known(code) if code != 0) {
                    inner.alive = Alive::Failed;
                }
                last.clone_from(&inner.last);
                out
            });
            statuses.push(state.status.clone());
        }
        state.last = last.or_else(|| state.last.take());
        if state.pipefail {
            state.status = pipe_status(statuses);
        }
        out
    }

    /// `if`: the condition's status decides where it is known, else both ways are followed.
    pub(super) fn choice(
        &mut self,
        script: &Rc<Text<'t>>,
        branches: &[(&StmtSeq, &StmtSeq)],
        otherwise: Option<&StmtSeq>,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        if self.too_deep(state) {
            return Text::default();
        }
        let Some(((condition, body), rest)) = branches.split_first() else {
            return match otherwise {
                Some(body) => self.sequence(script, body, state, stdin),
                None => {
                    state.status = Status::Known(0);
                    Text::default()
                }
            };
        };
        let errexit = std::mem::replace(&mut state.errexit, false);
        self.sequence(script, condition, state, stdin);
        state.errexit = errexit;
        let guarded = std::mem::replace(&mut state.guarded, true);
        let out = match state.status {
            Status::Known(0) => self.sequence(script, body, state, stdin),
            Status::Known(_) => {
                self.depth += 1;
                let out = self.choice(script, rest, otherwise, state, stdin);
                self.depth -= 1;
                out
            }
            _ => {
                let mut other = self.fork(state);
                let left = self.sequence(script, body, state, stdin);
                self.depth += 1;
                let right = self.choice(script, rest, otherwise, &mut other, stdin);
                self.depth -= 1;
                join(state, other);
                if left == right { left } else { unknown(script, range(condition.span)) }
            }
        };
        state.guarded = guarded;
        out
    }

    /// `case`: the first arm whose pattern fits; all that may fit where only the running machine can tell.
    pub(super) fn case(
        &mut self,
        script: &Rc<Text<'t>>,
        subject: &Word<'t>,
        cases: &[CaseItem],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let guarded = std::mem::replace(&mut state.guarded, true);
        let mut sides = Vec::new();
        let mut res = None;
        for case in cases {
            let mut truth = Truth::No;
            for pattern in &case.patterns {
                truth = truth.or(self.pattern(script, pattern, state).fits(&subject.text));
            }
            if case.terminator != CaseTerminator::Break && truth != Truth::No {
                truth = Truth::Unknown;
            }
            match truth {
                Truth::No => {}
                Truth::Yes => {
                    res = Some(self.sequence(script, &case.body, state, stdin));
                    break;
                }
                Truth::Unknown => {
                    let mut side = self.fork(state);
                    self.sequence(script, &case.body, &mut side, stdin);
                    sides.push(side);
                }
            }
        }
        if res.is_none() {
            state.status = Status::Known(0);
        }
        let sure = sides.is_empty();
        for side in sides {
            join(state, side);
        }
        state.settle();
        state.guarded = guarded;
        if sure { res.unwrap_or_default() } else { printed(subject) }
    }

    /// Rounds of a loop; whether the first one runs is certain or not.
    pub(super) fn rounds(
        &mut self,
        script: &Rc<Text<'t>>,
        body: &StmtSeq,
        state: &mut State<'t>,
        stdin: &Text<'t>,
        first: bool,
    ) -> Text<'t> {
        let before = self.fork(state);
        // What the body sets is different in every round.
        let mut trial = self.fork(state);
        self.sequence(script, body, &mut trial, stdin);
        for (name, value) in trial.variables {
            if before.variables.get(&name) != Some(&value) {
                state.variables.insert(name, Value::Text(Text::symbol(Symbol::Unknown, Span::at(0))));
            }
        }
        let out = self.sequence(script, body, state, stdin);
        state.settle();
        round_ends(state);
        state.left = behind_loop(state.left, before.left);
        if !first {
            join(state, before);
        }
        if out.is_empty() { out } else { unknown(script, range(body.span)) }
    }

    /// `while read -r NAME; do ...; done` of known input: once for each line.
    fn each_line(
        &mut self,
        script: &Rc<Text<'t>>,
        (condition, body): (&StmtSeq, &StmtSeq),
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Option<Text<'t>> {
        let mut all = condition.iter();
        let (Some(only), None) = (all.next(), all.next()) else { return None };
        let Command::Simple(command) = &only.command else { return None };
        let known = !stdin.is_empty() && !stdin.symbols().any(|it| matches!(it, Symbol::Unknown));
        if only.negated || !known || stdin.as_str().lines().count() > MAX_ROUNDS {
            return None;
        }
        let name = self.words(script, &command.name, state);
        if name.first().and_then(Word::known) != Some("read") {
            return None;
        }
        let args: Vec<_> = command.args.iter().flat_map(|it| self.words(script, it, state)).collect();
        let mut rest = stdin.clone();
        let mut out = Text::default();
        let left = state.left;
        while !rest.is_empty() {
            // The last line without an end is not gone through.
            if !rest.as_str().contains('\n') {
                break;
            }
            rest = self.read_line(&args, state, &rest)?;
            out.push(&self.sequence(script, body, state, &rest));
            if !round_ends(state) {
                break;
            }
        }
        state.left = behind_loop(state.left, left);
        if state.runs() {
            state.status = Status::Known(0);
        }
        Some(out)
    }

    /// `while` and `until`.
    pub(super) fn repeated(
        &mut self,
        script: &Rc<Text<'t>>,
        (condition, body): (&StmtSeq, &StmtSeq),
        state: &mut State<'t>,
        stdin: &Text<'t>,
        on_success: bool,
    ) -> Text<'t> {
        if let Some(out) = self.each_line(script, (condition, body), state, stdin) {
            return out;
        }
        let errexit = std::mem::replace(&mut state.errexit, false);
        self.sequence(script, condition, state, stdin);
        // What counts its arguments is done as often as there are some.
        let counts = script.as_str().get(range(condition.span)).is_some_and(|it| it.contains("$#"));
        let mut out = Text::default();
        for _ in 0..MAX_ROUNDS {
            let goes_on = matches!(state.status, Status::Known(code) if (code == 0) == on_success);
            if !counts || !goes_on || !state.runs() {
                break;
            }
            state.errexit = errexit;
            out.push(&self.sequence(script, body, state, stdin));
            if !round_ends(state) {
                state.errexit = errexit;
                return out;
            }
            state.errexit = false;
            self.sequence(script, condition, state, stdin);
        }
        state.errexit = errexit;
        if !out.is_empty() && matches!(state.status, Status::Known(code) if (code == 0) != on_success) {
            state.status = Status::Known(0);
            return out;
        }
        let asked = state.last.clone();
        let endless = !leaves(script, body, state);
        if endless && self.waits_for_agent(script, condition, !on_success, state) {
            return Text::default();
        }
        let always = matches!(state.status, Status::Known(code) if (code == 0) == on_success);
        let out = match state.status {
            Status::Known(code) if (code == 0) != on_success => Text::default(),
            Status::Known(_) => self.rounds(script, body, state, stdin, true),
            _ => self.rounds(script, body, state, stdin, false),
        };
        if state.runs() {
            state.status = Status::Known(0);
            state.last = asked;
            // It went on until the question had its answer.
            state.handled = true;
            // Nothing comes behind a loop that never ends.
            if always && endless {
                state.alive = Alive::Maybe;
                state.untold = true;
            }
        }
        out
    }

    /// Whether a loop waits for the agent of Amazon Linux, which waits for the end of the user data: neither comes.
    fn waits_for_agent(
        &self,
        script: &Rc<Text<'t>>,
        condition: &StmtSeq,
        until: bool,
        state: &mut State<'t>,
    ) -> bool {
        let systemd =
            matches!(self.image.family, Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023));
        let waits = systemd && self.image.ecs == Answer::Yes && !state.detached && !state.stopped;
        // One plain command, asked until it succeeds.
        let mut all = condition.iter();
        let (Some(only), None) = (all.next(), all.next()) else { return false };
        let plain = matches!(only.command, Command::Simple(_)) && only.negated != until;
        let text = script.as_str().get(range(condition.span)).unwrap_or_default();
        // The port of the agent's own interface.
        let asks = ["localhost:51678", "127.0.0.1:51678", "is-active ecs", "is-active --quiet ecs"];
        if !waits || !plain || state.own_unit || !state.runs() || !asks.iter().any(|it| text.contains(it)) {
            return false;
        }
        state.deadlock = whole_place(script, broken::first_line(script.as_str(), range(condition.span)));
        state.alive = Alive::Failed;
        state.deadlock.is_some()
    }
}

/// Whether something in a body may leave the loop.
fn leaves(script: &Rc<Text<'_>>, body: &StmtSeq, state: &State<'_>) -> bool {
    let text = script.as_str().get(range(body.span)).unwrap_or_default();
    let calls = state.functions.keys().any(|it| text.contains(it.as_str()));
    calls || ["break", "exit", "return", "kill"].iter().any(|it| text.contains(it))
}

fn is_pipe(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Pipe | BinaryOp::PipeAll)
}

/// Goes on with both of two states.
pub(super) fn join<'t>(state: &mut State<'t>, other: State<'t>) {
    let own = std::mem::replace(state, State::new());
    *state = own.merge(other);
}

/// What is left behind a loop: a path that has returned from the function is still gone.
pub(super) fn behind_loop(inside: Option<Leave>, before: Option<Leave>) -> Option<Leave> {
    inside.filter(|it| *it == Leave::Function).or(before)
}

/// Ends one round of a loop; false when the loop ends with it.
pub(super) fn round_ends(state: &mut State<'_>) -> bool {
    let leaving = state.leaving;
    if matches!(leaving, Some(Leave::Round | Leave::Loop)) {
        state.leaving = None;
    }
    leaving.is_none_or(|it| it == Leave::Round) && state.runs()
}

/// The status of a pipe under `pipefail`: that of the last command which fails.
fn pipe_status(statuses: Vec<Status>) -> Status {
    let mut res = Status::Known(0);
    for status in statuses {
        match (&res, &status) {
            (_, Status::Known(0)) => {}
            // A failure that is known fails the pipe, whatever others give.
            (Status::Known(code), Status::Of { .. } | Status::Unknown) if *code != 0 => {}
            _ => res = status,
        }
    }
    res
}
