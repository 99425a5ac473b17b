//! Tests: `[ ]`, `[[ ]]`, patterns of `case`, and what is known of files.
//!
//! A test is decided where the texts and files in it decide it, whatever the symbols in them stand for.

use std::rc::Rc;

use shuck_ast::{
    ConditionalBinaryOp as Binary, ConditionalExpr, ConditionalUnaryOp as Unary, Pattern as PatternNode,
    PatternPart,
};

use super::AGENT_CONFIG;
use super::expand::unescape;
use super::machine::Machine;
use super::software;
use super::state::{State, Status};
use super::words::{Word, range};
use crate::model::Answer;
use crate::resolve::{SYMBOL, Symbol, Text};

/// Conditions nested deeper than this are unknown.
const MAX_DEPTH: usize = 40;

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    fn of(value: bool) -> Truth {
        if value { Truth::Yes } else { Truth::No }
    }

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }

    pub(super) fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            (Truth::No, Truth::No) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    fn and(self, other: Truth) -> Truth {
        self.not().or(other.not()).not()
    }
}

/// A pattern in which the words are expanded.
pub(super) struct Pattern<'t> {
    parts: Vec<Piece<'t>>,
}

enum Piece<'t> {
    Text(Text<'t>),
    AnyString,
    AnyChar,
    /// A class or a group.
    Unknown,
}

impl<'t> Pattern<'t> {
    /// Whether it fits the whole of a text.
    pub(super) fn fits(&self, text: &Text<'t>) -> Truth {
        match self.parts.as_slice() {
            [Piece::AnyString] => return Truth::Yes,
            [] => return Truth::of(text.is_empty()),
            [Piece::Text(own)] => return same(own, text),
            _ => {}
        }
        let mut tokens = Vec::new();
        for part in &self.parts {
            match part {
                Piece::Text(text) => match text.known() {
                    Some(known) => tokens.extend(known.chars().map(Token::Char)),
                    None => return Truth::Unknown,
                },
                Piece::AnyString => tokens.push(Token::AnyString),
                Piece::AnyChar => tokens.push(Token::AnyChar),
                Piece::Unknown => return Truth::Unknown,
            }
        }
        match text.known() {
            Some(known) => Truth::of(glob(&tokens, &known.chars().collect::<Vec<_>>())),
            None => Truth::Unknown,
        }
    }
}

/// A character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyString,
    AnyChar,
}

/// Whether a pattern fits a whole text, in time of their product.
fn glob(pattern: &[Token], text: &[char]) -> bool {
    let (mut at, mut done) = (0, 0);
    let mut retry = None;
    while done < text.len() {
        match pattern.get(at) {
            Some(Token::AnyString) => {
                retry = Some((at + 1, done));
                at += 1;
            }
            Some(Token::AnyChar) => (at, done) = (at + 1, done + 1),
            Some(Token::Char(char)) if *char == text[done] => (at, done) = (at + 1, done + 1),
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (at, done) = (after, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|it| *it == Token::AnyString)
}

/// Whether two texts are the same; symbols may stand for anything.
fn same(left: &Text<'_>, right: &Text<'_>) -> Truth {
    if left == right {
        Truth::Yes
    } else if left.known().is_some() && right.known().is_some() {
        Truth::No
    } else {
        Truth::Unknown
    }
}

/// Whether a text is empty. Names of resources and pseudo parameters never are.
fn is_empty(text: &Text<'_>) -> Truth {
    let full =
        |it: &Symbol<'_>| matches!(it, Symbol::Resource(_) | Symbol::Attribute { .. } | Symbol::Pseudo(_));
    if text.is_empty() {
        Truth::Yes
    } else if text.as_str().chars().any(|it| it != SYMBOL) || text.symbols().any(full) {
        Truth::No
    } else {
        Truth::Unknown
    }
}

impl<'t> Machine<'_, '_, 't> {
    /// `test` or `[`, whose last word `]` is cut off.
    pub(super) fn test(&self, words: &[Word<'t>], state: &State<'t>) -> Truth {
        self.test_at(words, state, 0)
    }

    fn test_at(&self, words: &[Word<'t>], state: &State<'t>, depth: usize) -> Truth {
        let raw = |idx: usize| words[idx].text.as_str();
        if depth > MAX_DEPTH {
            return Truth::Unknown;
        }
        match words.len() {
            0 => Truth::No,
            1 => is_empty(&words[0].text).not(),
            2 if raw(0) != "!" => self.unary(raw(0), &words[1], state),
            3 if !matches!(raw(1), "-a" | "-o") && raw(0) != "!" => {
                binary(&words[0].text, raw(1), &words[2].text)
            }
            _ => {
                let find = |name| words.iter().position(|it| !it.quoted && it.text.as_str() == name);
                match find("-o").or_else(|| find("-a")).filter(|it| *it > 0) {
                    Some(at) => {
                        let left = self.test_at(&words[..at], state, depth + 1);
                        let right = self.test_at(&words[at + 1..], state, depth + 1);
                        if raw(at) == "-o" { left.or(right) } else { left.and(right) }
                    }
                    None if raw(0) == "!" => self.test_at(&words[1..], state, depth + 1).not(),
                    None => Truth::Unknown,
                }
            }
        }
    }

    fn unary(&self, operator: &str, word: &Word<'t>, state: &State<'t>) -> Truth {
        match operator {
            "-z" => is_empty(&word.text),
            "-n" => is_empty(&word.text).not(),
            "-e" | "-f" | "-s" | "-r" | "-w" | "-d" | "-x" => self.file_test(operator, word, state),
            _ => Truth::Unknown,
        }
    }

    fn file_test(&self, operator: &str, word: &Word<'t>, state: &State<'t>) -> Truth {
        let Some(path) = state.path_of(word) else { return Truth::Unknown };
        let written = state.files.get(&path);
        match written {
            Some(file) if file.gone => Truth::No,
            Some(file) if file.chunks.iter().any(|it| it.certain) && !file.unknown => match operator {
                "-e" | "-f" | "-r" | "-w" => Truth::Yes,
                "-d" => Truth::No,
                _ => Truth::Unknown,
            },
            Some(_) => Truth::Unknown,
            None if path.starts_with(software::HELPERS_FOLDER) => {
                match software::asked(std::slice::from_ref(word), self.image, state) {
                    Some(Status::Known(0)) => Truth::Yes,
                    Some(_) => Truth::No,
                    None => Truth::Unknown,
                }
            }
            // Every ECS image has the folder, and an empty file in it.
            None if self.image.ecs == Answer::Yes && !state.anything => match (path.as_str(), operator) {
                ("/etc/ecs", "-e" | "-r" | "-w" | "-d") => Truth::Yes,
                (AGENT_CONFIG, "-e" | "-r" | "-w" | "-f") => Truth::Yes,
                ("/etc/ecs", "-f") | (AGENT_CONFIG, "-d" | "-s") => Truth::No,
                _ => Truth::Unknown,
            },
            None => Truth::Unknown,
        }
    }

    /// `[[ ... ]]`
    pub(super) fn condition(
        &mut self,
        script: &Rc<Text<'t>>,
        node: &ConditionalExpr,
        state: &mut State<'t>,
        depth: usize,
    ) -> Truth {
        if depth > MAX_DEPTH {
            return Truth::Unknown;
        }
        match node {
            ConditionalExpr::Parenthesized(node) => self.condition(script, &node.expr, state, depth + 1),
            ConditionalExpr::Word(word) => is_empty(&self.word(script, word, state).text).not(),
            ConditionalExpr::Unary(node) if node.op == Unary::Not => {
                self.condition(script, &node.expr, state, depth + 1).not()
            }
            ConditionalExpr::Unary(node) => match &*node.expr {
                ConditionalExpr::Word(word) => {
                    let word = self.word(script, word, state);
                    self.unary(node.op.as_str(), &word, state)
                }
                _ => Truth::Unknown,
            },
            ConditionalExpr::Binary(node) if matches!(node.op, Binary::And | Binary::Or) => {
                let left = self.condition(script, &node.left, state, depth + 1);
                let right = self.condition(script, &node.right, state, depth + 1);
                if node.op == Binary::And { left.and(right) } else { left.or(right) }
            }
            ConditionalExpr::Binary(node) => {
                let ConditionalExpr::Word(left) = &*node.left else { return Truth::Unknown };
                let left = self.word(script, left, state);
                match &*node.right {
                    ConditionalExpr::Word(right) => {
                        let right = self.word(script, right, state);
                        binary(&left.text, node.op.as_str(), &right.text)
                    }
                    ConditionalExpr::Pattern(right) => {
                        let right = self.pattern(script, right, state);
                        match node.op {
                            Binary::PatternEq | Binary::PatternEqShort => right.fits(&left.text),
                            Binary::PatternNe => right.fits(&left.text).not(),
                            _ => Truth::Unknown,
                        }
                    }
                    _ => Truth::Unknown,
                }
            }
            _ => Truth::Unknown,
        }
    }

    /// A pattern with its words expanded.
    pub(super) fn pattern(
        &mut self,
        script: &Rc<Text<'t>>,
        node: &PatternNode,
        state: &mut State<'t>,
    ) -> Pattern<'t> {
        let parts = node.parts.iter().map(|part| match &part.kind {
            PatternPart::Literal(_) => Piece::Text(unescape(script, range(part.span), false)),
            PatternPart::AnyString => Piece::AnyString,
            PatternPart::AnyChar => Piece::AnyChar,
            PatternPart::Word(word) => Piece::Text(self.word(script, word, state).text),
            PatternPart::CharClass(_) | PatternPart::Group { .. } => Piece::Unknown,
        });
        Pattern { parts: parts.collect() }
    }
}

fn binary(left: &Text<'_>, operator: &str, right: &Text<'_>) -> Truth {
    let number = |text: &Text<'_>| text.known()?.trim().parse::<i64>().ok();
    let compare = |holds: fn(&i64, &i64) -> bool| match (number(left), number(right)) {
        (Some(left), Some(right)) => Truth::of(holds(&left, &right)),
        _ => Truth::Unknown,
    };
    match operator {
        "=" | "==" => same(left, right),
        "!=" => same(left, right).not(),
        "-eq" => compare(i64::eq),
        "-ne" => compare(i64::ne),
        "-lt" => compare(i64::lt),
        "-le" => compare(i64::le),
        "-gt" => compare(i64::gt),
        "-ge" => compare(i64::ge),
        _ => Truth::Unknown,
    }
}
