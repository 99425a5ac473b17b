//! Words of the shell and their values.
//!
//! A word is expanded by slicing the script's text, so that each byte of the value keeps its place, also through
//! variables and here-documents.

use std::ops::Range;
use std::rc::Rc;

use shuck_ast::{BourneParameterExpansion, ParameterOp, Word as WordNode, WordPart, WordPartNode};

use super::MAX_VALUE;
use super::expand::{dollar_quoted, expand, literal, without_leading_tabs};
use super::machine::Machine;
use super::signal::ExitCode;
use super::state::{Report, State, Status, Value};
use super::variables::{listed, variable};
use crate::resolve::{Place, Symbol, Text};
use crate::text::Span;

/// A word that becomes more words than this is unknown.
pub(super) const MAX_WORDS: usize = 1000;

/// The value of a word.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: Text<'t>,
    /// The status that the word is: `$?`, or a variable that holds one.
    pub(super) status: Option<Report>,
    /// Whether some of it stands in quotes.
    pub(super) quoted: bool,
    /// The bytes of the script.
    pub(super) place: Option<Place>,
}

impl<'t> Word<'t> {
    /// Whether nothing is known of it.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.text.only_symbol(), Some(Symbol::Unknown | Symbol::Environment(_) | Symbol::Unset(_)))
    }

    /// Whether the shell does not take it apart: all symbols of it are names and ids, or stand in quotes.
    pub(super) fn is_one_word(&self) -> bool {
        self.text.symbols().all(|it| match it {
            Symbol::Unknown | Symbol::Packages | Symbol::Environment(_) | Symbol::Unset(_) => false,
            Symbol::Parameter(_) | Symbol::Import(_) | Symbol::Dynamic(_) => self.quoted,
            Symbol::Resource(_) | Symbol::Attribute { .. } | Symbol::Pseudo(_) => true,
        })
    }

    /// The text when all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        self.text.known()
    }

    /// What `-e` makes of it.
    pub(super) fn exit_code(&self) -> ExitCode<'t> {
        match self.status.as_ref().map(|it| &it.status) {
            Some(Status::Known(code)) => ExitCode::Constant(*code),
            Some(Status::Of { command, place }) => ExitCode::Of { command: command.clone(), place: *place },
            Some(Status::Unknown) => ExitCode::Unknown(None),
            None => match self.known().and_then(|it| it.trim().parse().ok()) {
                Some(code) => ExitCode::Constant(code),
                None => ExitCode::Unknown(Some(self.text.clone())),
            },
        }
    }
}

impl Word<'_> {
    /// The status that `exit` and `return` make of it.
    pub(super) fn status_of_shell(&self) -> Status {
        match self.exit_code() {
            ExitCode::Constant(code) => Status::Known(code & 0xff),
            ExitCode::Of { command, place } => Status::Of { command, place },
            ExitCode::Unknown(_) => Status::Unknown,
        }
    }
}

/// A word as it has to be written so that no shell takes it apart.
pub(super) fn shell_word<'t>(word: &Text<'t>) -> Text<'t> {
    let near = word.pieces().first().map_or(Span::at(0), |it| it.source);
    let raw = word.as_str();
    let mut res = Text::decoded("'", near);
    let mut done = 0;
    for (at, _) in raw.match_indices('\'') {
        res.push(&word.slice(done..at));
        res.push(&Text::decoded("'\\''", near));
        done = at + 1;
    }
    res.push(&word.slice(done..raw.len()));
    res.push(&Text::decoded("'", near));
    res
}

/// The bytes of a node.
pub(super) fn range(span: shuck_ast::Span) -> Range<usize> {
    span.start.offset()..span.end.offset()
}

impl<'t> Machine<'_, '_, 't> {
    /// The value of a word.
    pub(super) fn word(&mut self, script: &Rc<Text<'t>>, node: &WordNode, state: &mut State<'t>) -> Word<'t> {
        let status = word_status(script, node, state);
        let mut text = Text::default();
        for part in &node.parts {
            let value = self.part(script, part, state, false);
            text.push(&value);
            if text.len() > MAX_VALUE {
                break;
            }
        }
        let quoted = node.parts.iter().any(|it| it.kind.is_quoted());
        self.charge(text.len());
        if text.len() > MAX_VALUE {
            text = unknown(script, range(node.span));
        }
        Word { text, status, quoted, place: place(script, range(node.span)) }
    }

    /// The words that a word of the script becomes: what a variable holds is split at blanks outside of quotes.
    pub(super) fn words(
        &mut self,
        script: &Rc<Text<'t>>,
        node: &WordNode,
        state: &mut State<'t>,
    ) -> Vec<Word<'t>> {
        if let Some(args) = listed(node, state) {
            let place = place(script, range(node.span));
            return args
                .iter()
                .map(|it| Word { text: it.clone(), status: None, quoted: true, place })
                .collect();
        }
        if !node.parts.iter().any(|it| splits(&it.kind)) {
            let word = self.word(script, node, state);
            return if word.text.is_empty() && !word.quoted { Vec::new() } else { vec![word] };
        }
        let status = word_status(script, node, state);
        let quoted = node.parts.iter().any(|it| it.kind.is_quoted());
        let mut fields: Vec<Text<'t>> = Vec::new();
        let mut open = false;
        for part in &node.parts {
            let value = self.part(script, part, state, false);
            self.charge(value.len());
            if fields.len() > MAX_WORDS || fields.last().is_some_and(|it| it.len() > MAX_VALUE) {
                return vec![Word {
                    text: unknown(script, range(node.span)),
                    status: None,
                    quoted: false,
                    place: None,
                }];
            }
            if !splits(&part.kind) {
                append(&mut fields, &mut open, &value);
                continue;
            }
            let mut start = 0;
            for field in value.as_str().split([' ', '\t', '\n']) {
                open &= start == 0;
                if !field.is_empty() {
                    append(&mut fields, &mut open, &value.slice(start..start + field.len()));
                }
                start += field.len() + 1;
            }
            open &= !value.as_str().ends_with([' ', '\t', '\n']);
        }
        if fields.is_empty() && (quoted || status.is_some()) {
            fields.push(Text::default());
        }
        let place = place(script, range(node.span));
        fields.into_iter().map(|text| Word { text, status: status.clone(), quoted, place }).collect()
    }

    fn part(
        &mut self,
        script: &Rc<Text<'t>>,
        part: &WordPartNode,
        state: &mut State<'t>,
        quoted: bool,
    ) -> Text<'t> {
        let bytes = range(part.span);
        let unknown = || unknown(script, bytes.clone());
        match &part.kind {
            WordPart::Literal(_) => literal(script, bytes, quoted),
            WordPart::SingleQuoted { dollar, .. } => {
                let open = if *dollar { 2 } else { 1 };
                let inner = bytes.start + open..bytes.end.saturating_sub(1).max(bytes.start + open);
                let text = checked_slice(script, inner);
                if *dollar { dollar_quoted(&text).unwrap_or_else(unknown) } else { text }
            }
            WordPart::DoubleQuoted { parts, .. } => {
                let mut res = Text::default();
                for part in parts {
                    let value = self.part(script, part, state, true);
                    res.push(&value);
                    if res.len() > MAX_VALUE {
                        return unknown();
                    }
                }
                res
            }
            // It stands where it is asked for.
            WordPart::Variable(name) if name.as_str() == "?" => match state.status {
                Status::Known(code) => {
                    let span = place(script, bytes).map_or(Span::at(0), |it| it.span);
                    Text::decoded(&code.to_string(), span)
                }
                _ => unknown(),
            },
            WordPart::Variable(name) => self.value(script, bytes.clone(), name.as_str(), state),
            // `${AWS::Region}` is a slice of a variable that no shell has.
            WordPart::Parameter(_)
                if checked_slice(script, bytes.clone()).as_str().starts_with("${AWS::") =>
            {
                Text::default()
            }
            WordPart::Parameter(expansion) => match expansion.bourne() {
                Some(BourneParameterExpansion::Access { reference }) => {
                    self.access(script, bytes.clone(), reference, state)
                }
                Some(BourneParameterExpansion::Operation {
                    reference,
                    operator,
                    operand_word_ast: Some(operand),
                    colon_variant,
                    ..
                }) if reference.subscript.is_none() => {
                    let name = reference.name.as_str();
                    let Some(value) = variable(state, name) else { return unknown() };
                    // A text of symbols may be empty or not.
                    let set = match value.is_empty() {
                        true => !colon_variant,
                        false => match value.only_symbol() {
                            // Names and ids are never empty.
                            Some(Symbol::Resource(_) | Symbol::Attribute { .. } | Symbol::Pseudo(_))
                            | None => true,
                            Some(_) => return unknown(),
                        },
                    };
                    let operand = self.word(script, operand, state).text;
                    match &**operator {
                        ParameterOp::UseDefault => {
                            if set {
                                value
                            } else {
                                operand
                            }
                        }
                        ParameterOp::AssignDefault if !set => {
                            state.variables.insert(name.to_owned(), Value::Text(operand.clone()));
                            operand
                        }
                        ParameterOp::AssignDefault | ParameterOp::Error => value,
                        ParameterOp::UseReplacement => {
                            if set {
                                operand
                            } else {
                                Text::default()
                            }
                        }
                        _ => unknown(),
                    }
                }
                _ => unknown(),
            },
            WordPart::CommandSubstitution { body, .. } => {
                let out = self.subshell(state, |machine, inner| {
                    machine.sequence(script, body, inner, &Text::default())
                });
                let trimmed = out.as_str().trim_end_matches('\n').len();
                out.slice(0..trimmed)
            }
            WordPart::ProcessSubstitution { body, .. } => {
                let status = state.status.clone();
                self.subshell(state, |machine, inner| {
                    machine.sequence(script, body, inner, &Text::default());
                });
                state.status = status;
                unknown()
            }
            _ => unknown(),
        }
    }

    /// The body of a here-document in which variables are expanded.
    pub(super) fn here_document(
        &mut self,
        script: &Rc<Text<'t>>,
        bytes: Range<usize>,
        expands: bool,
        strip_tabs: bool,
        state: &mut State<'t>,
    ) -> Text<'t> {
        let body = checked_slice(script, bytes.clone());
        let body = if strip_tabs { without_leading_tabs(&body) } else { body };
        self.charge(body.len());
        if !expands {
            return body;
        }
        self.require_all(script, bytes, state);
        expand(&body, state)
    }
}

/// Whether what a part becomes is split at blanks.
fn splits(kind: &WordPart) -> bool {
    matches!(kind, WordPart::Variable(_) | WordPart::Parameter(_) | WordPart::CommandSubstitution { .. })
}

/// Goes on with the last field, or begins one.
fn append<'t>(fields: &mut Vec<Text<'t>>, open: &mut bool, value: &Text<'t>) {
    match fields.last_mut().filter(|_| *open) {
        Some(last) => last.push(value),
        None => fields.push(value.clone()),
    }
    *open = true;
}

/// The status that a word is, alone or behind an option: `$?`, `--exit-code=$?`, `-e$?`.
fn word_status(script: &Text<'_>, node: &WordNode, state: &State<'_>) -> Option<Report> {
    match node.parts.as_slice() {
        [WordPartNode { kind, .. }] => status_of(kind, state),
        [WordPartNode { kind: WordPart::Literal(_), span }, WordPartNode { kind, .. }] => {
            let option = checked_slice(script, range(*span));
            let takes = option.as_str().ends_with('=') || option.as_str() == "-e";
            if takes { status_of(kind, state) } else { None }
        }
        _ => None,
    }
}

fn status_of(kind: &WordPart, state: &State<'_>) -> Option<Report> {
    let name = match kind {
        WordPart::DoubleQuoted { parts, .. } => match parts.as_slice() {
            [part] => return status_of(&part.kind, state),
            _ => return None,
        },
        WordPart::Variable(name) => name.as_str(),
        WordPart::Parameter(expansion) => match expansion.bourne()? {
            BourneParameterExpansion::Access { reference } => reference.name.as_str(),
            _ => return None,
        },
        _ => return None,
    };
    if name == "?" {
        let of = match &state.status {
            // Of several commands: that of all of them.
            Status::Of { command, place } if matches!(command.as_str(), "&&" | "(") => {
                Some((command.clone(), *place))
            }
            _ => state.last.clone(),
        };
        return Some(Report { status: state.status.clone(), of });
    }
    match state.variables.get(name)? {
        Value::Status(status) => Some(status.clone()),
        Value::Text(_) | Value::List(_) => None,
    }
}

/// Text of which nothing is known, at the place of `bytes`.
pub(super) fn unknown<'t>(script: &Text<'t>, bytes: Range<usize>) -> Text<'t> {
    let span = place(script, bytes).map_or(Span::at(0), |it| it.span);
    Text::symbol(Symbol::Unknown, span)
}

/// The place of some bytes of a script; `None` where they do not lie in it.
pub(super) fn place(script: &Text<'_>, bytes: Range<usize>) -> Option<Place> {
    let raw = script.as_str();
    let fits = bytes.start <= bytes.end && bytes.end <= raw.len();
    let fits = fits && raw.is_char_boundary(bytes.start) && raw.is_char_boundary(bytes.end);
    if fits { script.place(bytes) } else { None }
}

/// The place of a statement, without the blanks and the `;` behind it.
pub(super) fn whole_place(script: &Text<'_>, bytes: Range<usize>) -> Option<Place> {
    let raw = script.as_str().get(bytes.clone())?;
    let end = bytes.start + raw.trim_end_matches([' ', '\t', '\r', '\n', ';']).len();
    place(script, bytes.start..end)
}

/// A slice that is empty where the bytes do not lie in the script.
pub(super) fn checked_slice<'t>(script: &Text<'t>, bytes: Range<usize>) -> Text<'t> {
    let raw = script.as_str();
    let fits = bytes.start <= bytes.end && bytes.end <= raw.len();
    let fits = fits && raw.is_char_boundary(bytes.start) && raw.is_char_boundary(bytes.end);
    if fits { script.slice(bytes) } else { Text::default() }
}
