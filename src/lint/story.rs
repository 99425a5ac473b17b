//! The predicted boot of each fleet, to be shown to a person.

use crate::boot::{Boot, Form, Step};
use crate::diagnostic::Assumptions;
use crate::model::{Because, Image, Joins, Signals};
use crate::resolve::{PieceKind, Scenario, Symbol, Text, World, assumptions, explore};
use crate::rule::Facts;
use crate::syntax::{Node, Parse};
use crate::template::Template;
use crate::text::Span;

use super::{Options, read};

/// Stands for a value that `NoEcho` hides.
const HIDDEN: &str = "****";

/// The boot of one launch source of one fleet in the default scenario.
#[derive(Clone, Debug)]
pub struct Story {
    /// The fleet, by logical id.
    pub fleet: String,
    /// The launch source, by logical id.
    pub source: String,
    /// What is assumed: the conditions of the default scenario, as far as they matter.
    pub assumptions: Assumptions,
    /// What the instance is started from.
    pub image: Image,
    /// How the user data is understood.
    pub form: Form,
    /// The user data as the instance gets it.
    pub script: Vec<Line>,
    /// Steps that stand elsewhere in the template: in the metadata of `cfn-init`, in pieces that are not found again.
    pub elsewhere: Vec<Step>,
    /// What is in the files that were written, in the end: path and lines.
    pub files: Vec<(String, Vec<FileLine>)>,
    /// Something ran that may do anything.
    pub anything: bool,
    /// Whether the instance joins.
    pub joins: Because<Joins>,
    /// Whether what waits is told.
    pub signals: Because<Signals>,
}

/// A line of the user data.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its text; `${Name}` for what only deployment knows.
    pub text: String,
    /// The byte of the template at which it begins.
    pub offset: Option<u32>,
    /// What is done here.
    pub steps: Vec<Step>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// Its text.
    pub text: String,
    /// Whether every path of the boot writes it.
    pub certain: bool,
}

/// Predicts the boots that a template describes; `None` when the bytes are no template that can be read to its end.
#[must_use]
pub fn stories(bytes: &[u8], options: &Options) -> Option<Vec<Story>> {
    read(bytes, |parse, root| all(parse, root, options))
}

fn all<'t>(parse: &Parse<'t>, root: Node<'t>, options: &Options) -> Vec<Story> {
    let world = World::new(Template::new(root), options.parameters.clone(), options.region.clone());
    let facts = Facts::new(parse, &world, options.money());
    let secrets = secrets(&world.template);
    let mut res = Vec::new();
    for fleet in &facts.model.fleets {
        let told = explore(&world, |scenario| {
            let there = scenario.exists(&fleet.resource) != Some(false);
            there.then(|| of_fleet(&facts, scenario, fleet, &secrets))
        });
        // The default scenario comes first.
        let first = told.answers.into_iter().find_map(|(assumed, it)| Some((assumptions(&assumed), it?)));
        let (assumptions, stories) = first.unwrap_or_default();
        res.extend(stories.into_iter().map(|it| Story { assumptions: assumptions.clone(), ..it }));
    }
    res
}

/// Where parameters stand whose values are not to be shown.
fn secrets(template: &Template<'_>) -> Vec<Span> {
    let hidden = |it: &&crate::template::Entry<'_>| {
        it.node.get("NoEcho").is_some_and(|it| it.text().eq_ignore_ascii_case("true"))
    };
    template.parameters.iter().filter(hidden).map(|it| it.key.span().to(it.node.span())).collect()
}

fn of_fleet<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &crate::model::Fleet<'t>,
    secrets: &[Span],
) -> Vec<Story> {
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let (joining, signalling) = (facts.joining(scenario, fleet), facts.signalling(scenario, fleet));
    let verdicts = joining.iter().cloned().zip(signalling.iter().cloned());
    let all = launch.sources.iter().zip(boots.iter()).zip(verdicts);
    all.map(|((source, (boot, image)), (joining, signalling))| {
        let (script, elsewhere) = script(boot, secrets);
        Story {
            fleet: fleet.id().to_owned(),
            source: source.id.to_owned(),
            assumptions: Assumptions::new(),
            image: *image,
            form: boot.form,
            script,
            elsewhere,
            files: files(boot, secrets),
            anything: boot.anything,
            joins: joining.verdict,
            signals: signalling.verdict,
        }
    })
    .collect()
}

/// The lines of the user data with the steps that are done there, and the steps that stand elsewhere.
fn script(boot: &Boot<'_>, secrets: &[Span]) -> (Vec<Line>, Vec<Step>) {
    let Some(text) = &boot.text else { return (Vec::new(), boot.steps.clone()) };
    let mut lines = Vec::new();
    let mut starts = Vec::new();
    let mut start = 0;
    for part in text.as_str().split_inclusive('\n') {
        let end = start + part.trim_end_matches(['\n', '\r']).len();
        let piece = text.pieces().partition_point(|it| it.range.end <= start);
        let offset = text.pieces().get(piece).map(|it| at(it, start));
        lines.push(Line { text: shown(&text.slice(start..end), secrets), offset, steps: Vec::new() });
        starts.push(start);
        start += part.len();
    }
    let mut elsewhere = Vec::new();
    for step in &boot.steps {
        let offset = step.place.map(|it| it.used.unwrap_or(it.span).start);
        let piece = offset.and_then(|at| text.pieces().iter().find(|it| holds(it, at)).map(|it| (it, at)));
        let line = piece.map(|(piece, at)| {
            let into = if piece.kind == PieceKind::Verbatim { (at - piece.source.start) as usize } else { 0 };
            let decoded = piece.range.start + into.min(piece.range.len().saturating_sub(1));
            starts.partition_point(|it| *it <= decoded).saturating_sub(1)
        });
        match line.and_then(|it| lines.get_mut(it)) {
            Some(line) => line.steps.push(step.clone()),
            None => elsewhere.push(step.clone()),
        }
    }
    (lines, elsewhere)
}

/// The byte of the template for a byte of a piece.
fn at(piece: &crate::resolve::Piece<'_>, byte: usize) -> u32 {
    let into = byte.saturating_sub(piece.range.start);
    match (piece.used, &piece.kind) {
        (Some(used), _) => used.start,
        (None, PieceKind::Verbatim) => piece.source.start + u32::try_from(into).unwrap_or(0),
        (None, _) => piece.source.start,
    }
}

fn holds(piece: &crate::resolve::Piece<'_>, at: u32) -> bool {
    let span = piece.used.unwrap_or(piece.source);
    span.start <= at && at < span.end.max(span.start + 1)
}

/// What the agent's file and the others have in the end.
fn files(boot: &Boot<'_>, secrets: &[Span]) -> Vec<(String, Vec<FileLine>)> {
    let lines = |file: &crate::boot::FileState<'_>| {
        let mut res: Vec<FileLine> = Vec::new();
        for chunk in &file.chunks {
            let text = shown(&chunk.text, secrets);
            res.extend(text.lines().map(|it| FileLine { text: it.to_owned(), certain: chunk.certain }));
        }
        res
    };
    let written = boot.files.iter().filter(|(_, file)| file.chunks.iter().any(|it| !it.text.is_empty()));
    written.map(|(path, file)| (path.clone(), lines(file))).collect()
}

/// A text as a person may see it.
fn shown(text: &Text<'_>, secrets: &[Span]) -> String {
    let mut res = String::with_capacity(text.len());
    for piece in text.pieces() {
        let hidden = secrets.iter().any(|it| it.start <= piece.source.start && piece.source.end <= it.end);
        match &piece.kind {
            _ if hidden => res.push_str(HIDDEN),
            PieceKind::Symbol(Symbol::Unknown | Symbol::Packages) => res.push_str("..."),
            PieceKind::Symbol(symbol) => res.push_str(&symbol.to_string()),
            _ => res.push_str(&text.as_str()[piece.range.clone()]),
        }
    }
    res
}
