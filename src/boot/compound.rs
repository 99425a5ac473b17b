//! Statements that are more than a command: builtins that leave, assignments, loops and groups.

use std::rc::Rc;

use shuck_ast::{ArrayElem, ArrayExpr, AssignmentValue, BuiltinCommand, CompoundCommand, Stmt};

use super::branches::{behind_loop, round_ends};
use super::machine::{Machine, truth_status};
use super::state::{Alive, Leave, State, Status, StopBy, Value};
use super::words::{MAX_WORDS, Word, range, unknown, whole_place};
use crate::resolve::Text;

impl<'t> Machine<'_, '_, 't> {
    pub(super) fn builtin(&mut self, script: &Rc<Text<'t>>, builtin: &BuiltinCommand, state: &mut State<'t>) {
        match builtin {
            BuiltinCommand::Exit(exit) => {
                if let Some(code) = &exit.code {
                    state.status = self.word(script, code, state).status_of_shell();
                }
                let failed = !matches!(state.status, Status::Known(0));
                self.stop(script, range(exit.span), StopBy::Exit, state);
                state.end_here(if failed { Alive::Failed } else { Alive::Ended });
            }
            BuiltinCommand::Break(_) => {
                state.status = Status::Known(0);
                state.leaving = Some(Leave::Loop);
            }
            BuiltinCommand::Continue(_) => {
                state.status = Status::Known(0);
                state.leaving = Some(Leave::Round);
            }
            BuiltinCommand::Return(node) => {
                if !state.in_function {
                    // Bash complains, and goes on.
                    state.status = Status::Known(2);
                    return;
                }
                if let Some(code) = &node.code {
                    state.status = self.word(script, code, state).status_of_shell();
                }
                state.leaving = Some(Leave::Function);
            }
        }
    }

    pub(super) fn assign(
        &mut self,
        script: &Rc<Text<'t>>,
        assignment: &shuck_ast::Assignment,
        state: &mut State<'t>,
    ) {
        let name = assignment.target.name.as_str().to_owned();
        let value = match &assignment.value {
            AssignmentValue::Scalar(word) if assignment.target.subscript.is_none() => {
                let word = self.word(script, word, state);
                match word.status {
                    Some(status) => Value::Status(status),
                    None if assignment.append => {
                        let mut text = match state.variables.get(&name) {
                            Some(Value::Text(text)) => text.clone(),
                            _ => unknown(script, range(assignment.span)),
                        };
                        text.push(&word.text);
                        self.charge(text.len());
                        Value::Text(text)
                    }
                    None => Value::Text(word.text),
                }
            }
            AssignmentValue::Compound(list) if assignment.target.subscript.is_none() => {
                match self.list(script, list, state) {
                    Some(list) if !assignment.append => Value::List(list),
                    Some(list) => match state.variables.get(&name) {
                        Some(Value::List(before)) if before.len() + list.len() <= MAX_WORDS => {
                            self.charge(64 * before.len());
                            Value::List(before.iter().chain(list.iter()).cloned().collect())
                        }
                        _ => Value::Text(unknown(script, range(assignment.span))),
                    },
                    None => Value::Text(unknown(script, range(assignment.span))),
                }
            }
            _ => Value::Text(unknown(script, range(assignment.span))),
        };
        if state.variables.get(&name).is_some_and(|it| *it != value) {
            state.reassigned.insert(name.clone());
        }
        state.variables.insert(name, value);
    }

    /// The elements of `(a b)`; `None` when they are not known, or stand at places of their own.
    fn list(
        &mut self,
        script: &Rc<Text<'t>>,
        list: &ArrayExpr,
        state: &mut State<'t>,
    ) -> Option<Rc<[Text<'t>]>> {
        let mut res = Vec::new();
        for element in &list.elements {
            let ArrayElem::Sequential(value) = element else { return None };
            let words = self.words(script, &value.word, state);
            if res.len() + words.len() > MAX_WORDS || !words.iter().all(|it| it.quoted || it.is_one_word()) {
                return None;
            }
            res.extend(words.into_iter().map(|it| it.text));
        }
        Some(res.into())
    }

    pub(super) fn compound(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        compound: &CompoundCommand,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        match compound {
            CompoundCommand::If(node) => {
                let mut branches = vec![(&node.condition, &node.then_branch)];
                branches.extend(node.elif_branches.iter().map(|(condition, body)| (condition, body)));
                self.choice(script, &branches, node.else_branch.as_ref(), state, stdin)
            }
            CompoundCommand::Case(node) => {
                let subject = self.word(script, &node.word, state);
                self.case(script, &subject, &node.cases, state, stdin)
            }
            CompoundCommand::Subshell(body) => {
                self.subshell(state, |machine, inner| machine.sequence(script, body, inner, stdin))
            }
            CompoundCommand::BraceGroup(body) => self.sequence(script, body, state, stdin),
            CompoundCommand::For(node) => {
                let words: Vec<Word<'t>> =
                    node.words.iter().flatten().flat_map(|it| self.words(script, it, state)).collect();
                let name =
                    node.targets.first().and_then(|it| it.name.as_ref()).map(|it| it.as_str().to_owned());
                let known = !words.is_empty() && words.len() <= 16 && words.iter().all(Word::is_one_word);
                if let (true, Some(name)) = (known, name.clone()) {
                    let mut out = Text::default();
                    let left = state.left;
                    for word in words {
                        state.variables.insert(name.clone(), Value::Text(word.text));
                        out.push(&self.sequence(script, &node.body, state, stdin));
                        if !round_ends(state) {
                            break;
                        }
                    }
                    state.left = behind_loop(state.left, left);
                    return out;
                }
                // Words of which nothing is known may be none at all.
                let some = words.iter().any(|it| it.quoted || !it.is_unknown());
                if let Some(name) = name {
                    state.variables.insert(name, Value::Text(unknown(script, range(node.span))));
                }
                self.rounds(script, &node.body, state, stdin, some)
            }
            CompoundCommand::While(node) => {
                self.repeated(script, (&node.condition, &node.body), state, stdin, true)
            }
            CompoundCommand::Until(node) => {
                self.repeated(script, (&node.condition, &node.body), state, stdin, false)
            }
            CompoundCommand::Time(node) => match &node.command {
                Some(inner) => self.statement(script, inner, state, stdin),
                None => Text::default(),
            },
            CompoundCommand::Conditional(node) => {
                let truth = self.condition(script, &node.expression, state, 0);
                state.status = truth_status(truth, "[[", whole_place(script, range(stmt.span)));
                Text::default()
            }
            CompoundCommand::Arithmetic(_) => {
                let place = whole_place(script, range(stmt.span));
                state.status = Status::Of { command: "((".to_owned(), place };
                Text::default()
            }
            CompoundCommand::ArithmeticFor(node) => self.rounds(script, &node.body, state, stdin, true),
            _ => {
                state.anything = true;
                Text::default()
            }
        }
    }
}
