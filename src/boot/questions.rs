//! What the boot asks the metadata service of the instance, and whether it brings a token.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>

use super::machine::Machine;
use super::words::Word;
use crate::resolve::{Piece, PieceKind, Place, Symbol, Text};
use crate::text::Span;

/// The addresses of the service.
const ADDRESSES: [&str; 3] = ["169.254.169.254", "[fd00:ec2::254]", "instance-data/"];

/// A part of the name of both headers: of the one that asks for a token, and of the one that brings it.
const HEADER: &str = "x-aws-ec2-metadata-token";

/// No boot asks more.
const MAX: usize = 64;

/// A question to the metadata service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the address stands.
    pub place: Place,
    /// Whether it is asked for or with a token.
    pub token: bool,
    /// The symbols that stand for the answer, by their places.
    answers: Vec<Span>,
}

impl Question {
    /// Whether a text is the answer and nothing else: beside it may stand what is meant where there is none.
    #[must_use]
    pub fn is_answered_by(&self, text: &Text<'_>) -> bool {
        let [piece] = text.pieces() else { return false };
        piece.kind == PieceKind::Symbol(Symbol::Unknown) && self.answers.contains(&piece.source)
    }
}

impl<'t> Machine<'_, '_, 't> {
    /// Notes what `curl` or `wget` asks.
    pub(super) fn ask(&mut self, name: &Word<'t>, args: &[Word<'t>]) {
        let is_address = |it: &&Word<'_>| ADDRESSES.iter().any(|address| it.text.as_str().contains(address));
        let Some(place) = args.iter().find(is_address).and_then(|it| it.place) else { return };
        // A variable or a file may hold the header.
        let hides = |it: &Word<'_>| it.is_unknown() || matches!(it.text.as_str(), "-K" | "--config");
        if args.iter().any(hides) {
            return;
        }
        let token = args.iter().any(|it| it.text.as_str().to_ascii_lowercase().contains(HEADER));
        let answers: Vec<_> = name.place.map(|it| it.span).into_iter().collect();
        let question = Question { place, token, answers };
        if self.questions.len() < MAX && !self.questions.contains(&question) {
            self.questions.push(question);
        }
    }

    /// What a filter makes of an answer is an answer.
    pub(super) fn passes_on(&mut self, stdin: &Text<'t>, out: &Text<'t>) {
        let [Piece { kind: PieceKind::Symbol(Symbol::Unknown), source, .. }] = out.pieces() else { return };
        for question in &mut self.questions {
            if question.is_answered_by(stdin) && !question.is_answered_by(out) {
                question.answers.push(*source);
            }
        }
    }
}
