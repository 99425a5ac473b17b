//! Ways through a script: chains, pipes, choices and loops.
//!
//! Where only the running machine can tell, both ways are followed and their states merged.

use std::rc::Rc;

use shuck_ast::{BinaryCommand, BinaryOp, CaseItem, CaseTerminator, Command, Stmt, StmtSeq};

use super::conditions::Truth;
use super::machine::{Machine, printed};
use super::state::{Alive, Leave, State, Status, Value};
use super::syntax;
use super::words::{Word, range, unknown, whole_place};
use crate::model::{Answer, ImageFamily};
use crate::resolve::{Symbol, Text};
use crate::text::Span;

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
        let mut out = self.statement(script, first, state, stdin);
        for (op, right) in links {
            if !state.runs() {
                break;
            }
            let on_success = op == BinaryOp::And;
            match &state.status {
                Status::Known(code) if (*code == 0) != on_success => continue,
                Status::Known(_) => out.push(&self.statement(script, right, state, stdin)),
                // `a && b`: that both succeed is the way the script is meant to go, unless `a` is a question.
                Status::Of { command, .. } if on_success && is_test(command) => {
                    let other = self.fork(state);
                    out.push(&self.statement(script, right, state, stdin));
                    join(state, other);
                }
                _ if on_success => out.push(&self.statement(script, right, state, stdin)),
                status => {
                    let left = status.clone();
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
        for stmt in std::iter::once(first).chain(links.iter().map(|it| it.1)) {
            let mut inner = self.fork(state);
            inner.errexit = false;
            inner.traps.remove("EXIT");
            out = self.statement(script, stmt, &mut inner, &out);
            self.end(&mut inner);
            state.adopt(inner);
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
        match state.status {
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
        }
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
        if sides.is_empty() {
            return res.unwrap_or_default();
        }
        for side in sides {
            join(state, side);
        }
        printed(subject)
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
        round_ends(state);
        state.left = before.left;
        if !first {
            join(state, before);
        }
        if out.is_empty() { out } else { unknown(script, range(body.span)) }
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
        let errexit = std::mem::replace(&mut state.errexit, false);
        self.sequence(script, condition, state, stdin);
        state.errexit = errexit;
        let asked = state.last.clone();
        let endless = !leaves(script, body);
        if endless && self.waits_for_agent(script, condition, state) {
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
            // Nothing comes behind a loop that never ends.
            if always && endless {
                state.alive = Alive::Maybe;
            }
        }
        out
    }

    /// Whether a loop waits for the agent of Amazon Linux, which waits for the end of the user data: neither comes.
    fn waits_for_agent(&self, script: &Rc<Text<'t>>, condition: &StmtSeq, state: &mut State<'t>) -> bool {
        let systemd =
            matches!(self.image.family, Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023));
        let text = script.as_str().get(range(condition.span)).unwrap_or_default();
        // The port of the agent's own interface.
        let asks = ["localhost:51678", "127.0.0.1:51678", "is-active ecs", "is-active --quiet ecs"];
        let waits = systemd && self.image.ecs == Answer::Yes && !state.detached && !state.stopped;
        if !waits || !asks.iter().any(|it| text.contains(it)) || !state.runs() {
            return false;
        }
        state.deadlock = whole_place(script, syntax::first_line(script.as_str(), range(condition.span)));
        state.alive = Alive::Failed;
        state.deadlock.is_some()
    }
}

/// Whether something in a body may leave the loop.
fn leaves(script: &Rc<Text<'_>>, body: &StmtSeq) -> bool {
    let text = script.as_str().get(range(body.span)).unwrap_or_default();
    ["break", "exit", "return", "kill"].iter().any(|it| text.contains(it))
}

fn is_pipe(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Pipe | BinaryOp::PipeAll)
}

/// Goes on with both of two states.
pub(super) fn join<'t>(state: &mut State<'t>, other: State<'t>) {
    let own = std::mem::replace(state, State::new());
    *state = own.merge(other);
}

/// Ends one round of a loop; false when the loop ends with it.
pub(super) fn round_ends(state: &mut State<'_>) -> bool {
    let leaving = state.leaving;
    if matches!(leaving, Some(Leave::Round | Leave::Loop)) {
        state.leaving = None;
    }
    leaving.is_none_or(|it| it == Leave::Round) && state.runs()
}

/// Whether a command's status is an answer rather than a success.
pub(super) fn is_test(command: &str) -> bool {
    matches!(command, "[" | "[[" | "test" | "grep" | "egrep" | "fgrep")
}
