//! The abstract machine: statements of the shell over unknown values.
//!
//! Where only the running machine can tell which way it goes, both ways are followed and their states merged. A
//! command of unknown status is taken to succeed under `set -e`: that it may fail is true of every command.

use std::rc::Rc;

use shuck_ast::{
    AssignmentValue, BinaryOp, BuiltinCommand, CaseItem, CaseTerminator, Command, CompoundCommand,
    DeclOperand, Redirect, RedirectKind, Stmt, StmtSeq, StmtTerminator,
};
use shuck_parser::parser::Parser;

use super::conditions::Truth;
use super::files::Chunk;
use super::state::{Alive, Function, Leave, State, Status, Value};
use super::words::{Word, checked_slice, place, range, unknown};
use super::{AGENT_CONFIG, ExitCode, MAX_NESTING, MAX_STEPS};
use crate::model::{Answer, Image};
use crate::resolve::{MAX_TEXT, Place, SYMBOL, Scenario, Symbol, Text};
use crate::text::Span;

/// Runs scripts of one boot.
pub(super) struct Machine<'m, 'w, 't> {
    /// What values the template has.
    pub(super) scenario: &'m Scenario<'w, 't>,
    /// What the instance was started from.
    pub(super) image: Image,
    steps: usize,
    nesting: usize,
}

impl<'m, 'w, 't> Machine<'m, 'w, 't> {
    pub(super) fn new(scenario: &'m Scenario<'w, 't>, image: Image) -> Machine<'m, 'w, 't> {
        Machine { scenario, image, steps: 0, nesting: 0 }
    }

    /// Whether the bound was reached.
    pub(super) fn is_bounded(&self) -> bool {
        self.steps > MAX_STEPS
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
        let mut inner = state.clone();
        inner.errexit = false;
        inner.traps.clear();
        inner.args = args;
        let out = self.inline(text, &mut inner, &Text::default());
        if let Some(trap) = inner.traps.remove("EXIT") {
            let alive = std::mem::replace(&mut inner.alive, Alive::Yes);
            self.inline(&trap, &mut inner, &Text::default());
            inner.alive = alive;
        }
        state.adopt(inner);
        out
    }

    /// Runs text in the shell that is there: `eval`, `source`, a trap.
    pub(super) fn inline(&mut self, text: &Text<'t>, state: &mut State<'t>, stdin: &Text<'t>) -> Text<'t> {
        if self.nesting >= MAX_NESTING {
            state.anything = true;
            return Text::default();
        }
        self.nesting += 1;
        let left = state.left;
        let shebang = text.as_str().lines().next().filter(|it| it.starts_with("#!"));
        if let Some(options) = shebang.and_then(|it| it.split_whitespace().find(|it| it.starts_with('-'))) {
            state.errexit |= options.contains('e');
        }
        let parse = Parser::new(text.as_str()).parse();
        let script = Rc::new(text.clone());
        let out = self.sequence(&script, &parse.file.body, state, stdin);
        if !parse.is_ok() {
            // What stands behind an error is not told.
            state.anything = true;
        }
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
            if out.len() + printed.len() > MAX_TEXT {
                self.steps = MAX_STEPS + 1;
                return out;
            }
            out.push(&printed);
            if state.errexit && matches!(state.status, Status::Known(code) if code != 0) && fails(stmt) {
                self.trap("ERR", state);
                state.alive = Alive::Failed;
            }
            // A bare test decides under `set -e` whether the script goes on.
            let tests = matches!(&state.status, Status::Of { command, .. } if is_test(command));
            if state.errexit && tests && fails(stmt) && state.alive == Alive::Yes {
                state.alive = Alive::Maybe;
            }
        }
        out
    }

    fn trap(&mut self, name: &str, state: &mut State<'t>) {
        if let Some(body) = state.traps.remove(name) {
            self.inline(&body, state, &Text::default());
        }
    }

    fn statement(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        self.steps += 1;
        if self.is_bounded() {
            state.anything = true;
            return Text::default();
        }
        let input = self.input(script, &stmt.redirects, state).unwrap_or_else(|| stdin.clone());
        let out = if stmt.terminator.is_some_and(|it| matches!(it, StmtTerminator::Background(_))) {
            let mut inner = state.clone();
            let out = self.command(script, stmt, &mut inner, &input);
            state.adopt(inner);
            state.status = Status::Known(0);
            out
        } else {
            self.command(script, stmt, state, &input)
        };
        if stmt.negated {
            state.status = match state.status {
                Status::Known(0) => Status::Known(1),
                Status::Known(_) => Status::Known(0),
                _ => Status::Unknown,
            };
        }
        self.output(script, stmt, out, state)
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
                for assignment in &command.assignments {
                    self.assign(script, assignment, state);
                }
                let mut words = self.words(script, &command.name, state);
                for arg in &command.args {
                    words.append(&mut self.words(script, arg, state));
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
                self.run(script, &words, state, stdin)
            }
            Command::Builtin(builtin) => {
                self.builtin(script, builtin, state);
                Text::default()
            }
            Command::Decl(decl) => {
                for operand in &decl.operands {
                    if let DeclOperand::Assignment(assignment) = operand {
                        self.assign(script, assignment, state);
                    }
                }
                state.status = Status::Known(0);
                Text::default()
            }
            Command::Binary(binary) => self.binary(script, binary, state, stdin),
            Command::Compound(compound) => self.compound(script, stmt, compound, state, stdin),
            Command::Function(def) => {
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

    fn builtin(&mut self, script: &Rc<Text<'t>>, builtin: &BuiltinCommand, state: &mut State<'t>) {
        match builtin {
            BuiltinCommand::Exit(exit) => {
                let code = exit.code.as_ref().map(|it| self.word(script, it, state));
                let failed = match &code {
                    Some(word) => !matches!(word.exit_code(), ExitCode::Constant(0)),
                    None => !matches!(state.status, Status::Known(0)),
                };
                state.alive = if failed { Alive::Failed } else { Alive::Ended };
            }
            BuiltinCommand::Break(_) => state.leaving = Some(Leave::Loop),
            BuiltinCommand::Continue(_) => state.leaving = Some(Leave::Round),
            BuiltinCommand::Return(node) => {
                if let Some(code) = &node.code {
                    state.status = match self.word(script, code, state).exit_code() {
                        ExitCode::Constant(code) => Status::Known(code),
                        ExitCode::Of { command, place } => Status::Of { command, place },
                        ExitCode::Unknown(_) => Status::Unknown,
                    };
                }
                state.leaving = Some(Leave::Function);
            }
        }
    }

    fn assign(&mut self, script: &Rc<Text<'t>>, assignment: &shuck_ast::Assignment, state: &mut State<'t>) {
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
                        Value::Text(text)
                    }
                    None => Value::Text(word.text),
                }
            }
            _ => Value::Text(unknown(script, range(assignment.span))),
        };
        state.variables.insert(name, value);
    }

    fn binary(
        &mut self,
        script: &Rc<Text<'t>>,
        binary: &shuck_ast::BinaryCommand,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        match binary.op {
            BinaryOp::Pipe | BinaryOp::PipeAll => {
                let errexit = std::mem::replace(&mut state.errexit, false);
                let left = self.statement(script, &binary.left, state, stdin);
                state.errexit = errexit;
                self.statement(script, &binary.right, state, &left)
            }
            BinaryOp::And | BinaryOp::Or => {
                let errexit = std::mem::replace(&mut state.errexit, false);
                let mut out = self.statement(script, &binary.left, state, stdin);
                state.errexit = errexit;
                let on_success = binary.op == BinaryOp::And;
                match &state.status {
                    _ if !state.runs() => {}
                    Status::Known(code) if (*code == 0) != on_success => {}
                    Status::Known(_) => out.push(&self.statement(script, &binary.right, state, stdin)),
                    // `a && b`: that both succeed is the way the script is meant to go.
                    _ if on_success => out.push(&self.statement(script, &binary.right, state, stdin)),
                    status => {
                        let left = status.clone();
                        let mut other = state.clone();
                        self.statement(script, &binary.right, &mut other, stdin);
                        let hidden = matches!(other.status, Status::Known(0)) && other.runs();
                        join(state, other);
                        // `cmd || true` hides what cmd gave.
                        state.status = if hidden { Status::Known(0) } else { left };
                    }
                }
                out
            }
        }
    }

    fn compound(
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
                let mut inner = state.clone();
                let out = self.sequence(script, body, &mut inner, stdin);
                state.adopt(inner);
                out
            }
            CompoundCommand::BraceGroup(body) => self.sequence(script, body, state, stdin),
            CompoundCommand::For(node) => {
                let words: Vec<Word<'t>> =
                    node.words.iter().flatten().flat_map(|it| self.words(script, it, state)).collect();
                let name =
                    node.targets.first().and_then(|it| it.name.as_ref()).map(|it| it.as_str().to_owned());
                let known =
                    !words.is_empty() && words.len() <= 16 && words.iter().all(|it| it.known().is_some());
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
                    state.left = left;
                    return out;
                }
                // Some words, of which nothing is known: taken to be at least one.
                if let Some(name) = name {
                    state.variables.insert(name, Value::Text(unknown(script, range(node.span))));
                }
                self.rounds(script, &node.body, state, stdin, node.words.is_some())
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
                state.status = truth_status(truth, "[[", place(script, range(stmt.span)));
                Text::default()
            }
            CompoundCommand::Arithmetic(_) => {
                let place = place(script, range(stmt.span));
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

    /// `if`: the condition's status decides where it is known, else both ways are followed.
    fn choice(
        &mut self,
        script: &Rc<Text<'t>>,
        branches: &[(&StmtSeq, &StmtSeq)],
        otherwise: Option<&StmtSeq>,
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
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
            Status::Known(_) => self.choice(script, rest, otherwise, state, stdin),
            _ => {
                let mut other = state.clone();
                let left = self.sequence(script, body, state, stdin);
                let right = self.choice(script, rest, otherwise, &mut other, stdin);
                join(state, other);
                if left == right { left } else { unknown(script, range(condition.span)) }
            }
        }
    }

    /// `case`: the first arm whose pattern fits; all that may fit where only the running machine can tell.
    fn case(
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
                    let mut side = state.clone();
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
    fn rounds(
        &mut self,
        script: &Rc<Text<'t>>,
        body: &StmtSeq,
        state: &mut State<'t>,
        stdin: &Text<'t>,
        first: bool,
    ) -> Text<'t> {
        let before = state.clone();
        // What the body sets is different in every round.
        let mut trial = state.clone();
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
    fn repeated(
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
        let out = match state.status {
            Status::Known(code) if (code == 0) != on_success => Text::default(),
            Status::Known(_) => self.rounds(script, body, state, stdin, true),
            _ => self.rounds(script, body, state, stdin, false),
        };
        if state.runs() {
            state.status = Status::Known(0);
        }
        out
    }

    /// What a redirection gives as standard input.
    fn input(
        &mut self,
        script: &Rc<Text<'t>>,
        redirects: &[Redirect],
        state: &mut State<'t>,
    ) -> Option<Text<'t>> {
        let mut res = None;
        for redirect in redirects {
            match redirect.kind {
                RedirectKind::HereDoc | RedirectKind::HereDocStrip => {
                    let Some(doc) = redirect.heredoc() else { continue };
                    let strip = doc.delimiter.strip_tabs;
                    let expands = doc.delimiter.expands_body;
                    res = Some(self.here_document(script, range(doc.body.span), expands, strip, state));
                }
                RedirectKind::HereString => {
                    let Some(word) = redirect.word_target() else { continue };
                    res = Some(self.word(script, word, state).text);
                }
                RedirectKind::Input => {
                    let Some(word) = redirect.word_target() else { continue };
                    let path = self.word(script, word, state);
                    res = Some(self.read(&path, state));
                }
                _ => {}
            }
        }
        res
    }

    /// The content of a file, as far as it is known.
    pub(super) fn read(&self, path: &Word<'t>, state: &State<'t>) -> Text<'t> {
        let name = state.path_of(path);
        let is_config = name.as_deref() == Some(AGENT_CONFIG);
        let file = name.and_then(|it| state.files.get(&it));
        match file {
            // Every ECS image comes with an empty one.
            None if is_config && self.image.ecs == Answer::Yes && !state.anything => Text::default(),
            Some(file) if !file.unknown && file.chunks.iter().all(|it| it.certain) => {
                let mut res = Text::default();
                for chunk in &file.chunks {
                    res.push(&chunk.text);
                }
                res
            }
            _ => Text::symbol(Symbol::Unknown, path.place.map_or(Span::at(0), |it| it.span)),
        }
    }

    /// Sends what was printed to where the redirections want it; gives what is left for the standard output.
    fn output(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        out: Text<'t>,
        state: &mut State<'t>,
    ) -> Text<'t> {
        let mut rest = Some(out);
        for redirect in &stmt.redirects {
            let append = match redirect.kind {
                RedirectKind::Append => true,
                RedirectKind::Output | RedirectKind::Clobber | RedirectKind::OutputBoth => false,
                _ => continue,
            };
            if redirect.fd.is_some_and(|it| it != 1) {
                continue;
            }
            let Some(target) = redirect.word_target() else { continue };
            let path = self.word(script, target, state);
            let text = rest.take().unwrap_or_default();
            let command = place(script, range(stmt.span));
            self.write(&path, text, append, command, state);
        }
        rest.unwrap_or_default()
    }

    /// Writes to a file.
    pub(super) fn write(
        &mut self,
        path: &Word<'t>,
        text: Text<'t>,
        append: bool,
        command: Option<Place>,
        state: &mut State<'t>,
    ) {
        let certain = state.certain();
        match state.path_of(path) {
            Some(name) if name.starts_with("/dev/") => {}
            Some(name) => {
                let chunk = Chunk { text, certain, path: path.place, command };
                let file = state.files.entry(name).or_default();
                if certain {
                    file.write(chunk, append);
                } else {
                    // On another path the file keeps what it has.
                    file.write(chunk, true);
                }
            }
            // It may be any file; what says nothing of the agent does no harm there.
            None => {
                let harmless = text.known().is_some_and(|it| !it.contains("ECS_"));
                state.anything |= !harmless;
            }
        }
    }
}

/// Goes on with both of two states.
pub(super) fn join<'t>(state: &mut State<'t>, other: State<'t>) {
    let own = std::mem::replace(state, State::new());
    *state = own.merge(other);
}

/// Ends one round of a loop; false when the loop ends with it.
fn round_ends(state: &mut State<'_>) -> bool {
    let leaving = state.leaving;
    if matches!(leaving, Some(Leave::Round | Leave::Loop)) {
        state.leaving = None;
    }
    leaving.is_none_or(|it| it == Leave::Round) && state.runs()
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
    let list = matches!(&stmt.command, Command::Binary(it) if matches!(it.op, BinaryOp::And | BinaryOp::Or));
    !stmt.negated && !list
}

/// Whether a command's status is an answer rather than a success.
fn is_test(command: &str) -> bool {
    matches!(command, "[" | "[[" | "test" | "grep" | "egrep" | "fgrep")
}

/// Whether text has the character that stands for symbols.
pub(super) fn is_symbolic(text: &str) -> bool {
    text.contains(SYMBOL)
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
        let left = state.left;
        let out = self.statement(&function.script, &function.body, state, stdin);
        state.leaving = None;
        state.left = left;
        self.nesting -= 1;
        out
    }
}
