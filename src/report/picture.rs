//! Pictures of what a template builds: SVG for people, Mermaid for what draws by itself.
//!
//! Invariants: the same picture gives the same bytes; nothing of a template reaches a format but through
//! [`super::sanitize`] and the escapes of that format.

pub mod mermaid;
pub mod svg;

use super::sanitize;
use crate::lint::picture::{Kind, Picture, State, Thing, Way};
use crate::text::{Lines, Span};

/// A longer name loses its middle.
const MAX_NAME: usize = 24;
/// The same for what is said about a thing, its kind included.
const MAX_DETAIL: usize = 31;
/// The same for the reason of a way.
const MAX_BECAUSE: usize = 200;

/// A name of the template, short and harmless.
fn name(thing: &Thing) -> String {
    sanitize::short(&thing.name, MAX_NAME)
}

/// What stands below the name: the kind, and what is to know.
fn detail(thing: &Thing) -> String {
    let kind = match thing.kind {
        Kind::World | Kind::Exit => "",
        Kind::Route => "route",
        Kind::Subnet => "subnet",
        Kind::SecurityGroup => "security group",
        Kind::Fleet => "fleet",
        Kind::Launch => "launch source",
        Kind::Cluster => "cluster",
        Kind::Role => "role",
        Kind::Waiting => "waits",
    };
    let n_left = MAX_DETAIL.saturating_sub(kind.chars().count() + 3);
    let detail = sanitize::short(&thing.detail, n_left);
    match (kind, detail.as_str()) {
        (kind, "") => kind.to_owned(),
        ("", detail) => detail.to_owned(),
        (kind, detail) => format!("{kind} · {detail}"),
    }
}

/// Why a way is as it is, with its place and its findings.
fn because(way: &Way, lines: &Lines<'_>) -> String {
    let because = way.because.as_deref().map(|it| sanitize::short(it, MAX_BECAUSE)).unwrap_or_default();
    let place = way.span.map(|it| format!("line {}", line(it, lines)));
    let codes = way.findings.iter().map(|it| it.1.to_string());
    let rest: Vec<_> = place.into_iter().chain(codes).collect();
    match (because.is_empty(), rest.is_empty()) {
        (_, true) => because,
        (true, false) => rest.join(", "),
        (false, false) => format!("{because} ({})", rest.join(", ")),
    }
}

fn line(span: Span, lines: &Lines<'_>) -> usize {
    lines.position(span.start).line
}

/// The word for a state, as a class and in what is read aloud.
fn state_word(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Unknown => "unknown",
        State::Careful => "careful",
        State::Broken => "broken",
    }
}

/// What is left out of a picture.
fn left_out(picture: &Picture) -> Option<String> {
    (picture.n_left_out > 0).then(|| format!("{} more fleets are not drawn", picture.n_left_out))
}
