//! What is known of the image that a fleet starts.

use super::{Answer, Image, ImageSource, Source};
use crate::catalog::images::{self, ImageFacts};
use crate::resolve::{Found, Place, Scenario, Symbol, Text};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, expr};
use crate::text::Span;

/// How many ids of a mapping are looked up; there are some thirty regions.
const MAX_IDS: usize = 200;

/// An image as a template writes it.
#[derive(Clone, Debug)]
pub struct WrittenImage {
    /// An id, or the path of a parameter of Systems Manager.
    pub text: String,
    /// Whether it is such a path.
    pub is_path: bool,
    /// Whether it stands in the template, and was not given for this check.
    pub is_fixed: bool,
    /// Where it is written.
    pub place: Place,
    /// What the tables know of it.
    pub facts: Option<ImageFacts>,
}

/// The image of a launch source in one scenario.
#[must_use]
pub fn image<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Image {
    let Found::Node(node) = source.find(scenario, &["ImageId"]) else {
        return seen(ImageSource::Unknown, None);
    };
    let written = written_images(scenario, source);
    let facts = common(&written);
    match expr(node) {
        Expr::FindInMap { keys, .. } => {
            let names = keys.iter().filter(|it| it.kind() == Kind::Scalar).map(|it| it.text());
            by_name(seen(ImageSource::Mapping, facts), names)
        }
        Expr::Ref(name) => match scenario.world().parameter_type(name.node.text()) {
            "" => seen(ImageSource::Unknown, None),
            // The text of such a parameter is a path.
            kind if holds_path(kind) => seen(ImageSource::Ssm, facts),
            _ if written.is_empty() => seen(ImageSource::Parameter, None),
            _ => by_name(seen(ImageSource::Parameter, facts), [name.node.text()]),
        },
        Expr::Scalar(_) | Expr::Sub { .. } => match written.first() {
            Some(it) if it.is_path => seen(ImageSource::Ssm, facts),
            Some(_) => seen(ImageSource::Literal, facts),
            None => seen(ImageSource::Unknown, None),
        },
        _ => seen(ImageSource::Unknown, None),
    }
}

/// The ids and paths that the image of a launch source may mean: of a mapping those of all regions, unless the region
/// is given. None where only deployment can tell.
#[must_use]
pub fn written_images<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Vec<WrittenImage> {
    let Found::Node(node) = source.find(scenario, &["ImageId"]) else { return Vec::new() };
    let world = scenario.world();
    let text = match expr(node) {
        Expr::Ref(name) => {
            let name = name.node.text();
            let is_path = holds_path(world.parameter_type(name));
            let text = if is_path {
                world.parameter_value(name).map(|it| it.used_at(node.span()))
            } else {
                scenario.text(node)
            };
            let written = text.and_then(|it| WrittenImage::of(&it, is_path, !world.is_given(name)));
            return written.into_iter().collect();
        }
        Expr::FindInMap { keys, .. } => match scenario.text(node) {
            Some(text) => Some(text),
            None => return of_mapping(scenario, node, keys),
        },
        _ => scenario.text(node),
    };
    text.and_then(|it| WrittenImage::of(&it, false, true)).into_iter().collect()
}

impl WrittenImage {
    fn of(text: &Text<'_>, is_path: bool, is_fixed: bool) -> Option<WrittenImage> {
        let place = text.whole_place()?;
        let (is_path, text) = match (text.known(), text.only_symbol()) {
            // EC2 looks up what a launch template writes like this.
            (Some(known), _) => match known.strip_prefix("resolve:ssm:") {
                Some(path) => (true, path),
                None => (is_path, known),
            },
            (None, Some(Symbol::Dynamic(reference))) => {
                (true, reference.strip_prefix("{{resolve:ssm:")?.trim_end_matches("}}"))
            }
            _ => return None,
        };
        let facts = if is_path { of_path(text) } else { of_id(text) };
        Some(WrittenImage { text: text.to_owned(), is_path, is_fixed, place, facts })
    }
}

/// Whether the value of a parameter of this type is the name of another one, in Systems Manager.
fn holds_path(kind: &str) -> bool {
    kind.starts_with("AWS::SSM::Parameter::")
}

/// What all of them have in common.
fn common(written: &[WrittenImage]) -> Option<ImageFacts> {
    let facts = written.first()?.facts?;
    written.iter().all(|it| it.facts == Some(facts)).then_some(facts)
}

/// Where the image of a launch source is written, and where it is used when that is elsewhere.
#[must_use]
pub fn image_words<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Option<(Span, Option<Span>)> {
    let Found::Node(node) = source.find(scenario, &["ImageId"]) else { return None };
    if let Expr::Ref(name) = expr(node)
        && let Some(default) = scenario.world().parameter_value(name.node.text())
    {
        return Some((default.whole_place()?.span, Some(node.span())));
    }
    Some((node.span(), None))
}

/// An image whose id no table knows is one for ECS where whoever wrote the template calls it so.
fn by_name<'n>(image: Image, names: impl IntoIterator<Item = &'n str>) -> Image {
    let says_so = image.ecs == Answer::Unknown && names.into_iter().any(names_ecs);
    Image { ecs: if says_so { Answer::Yes } else { image.ecs }, ..image }
}

/// Whether `ECS` is a word of the name: `ECSAMI`, `ecshvm`, `LatestEcsImage`; not `Specs`.
fn names_ecs(name: &str) -> bool {
    let lower = name
        .match_indices("ecs")
        .any(|(at, _)| !name[..at].chars().next_back().is_some_and(char::is_alphabetic));
    lower || name.contains("ECS") || name.contains("Ecs")
}

fn of_id(id: &str) -> Option<ImageFacts> {
    images::by_id(id).map(|it| it.facts)
}

/// The facts of a path, with or without a version behind it (`:3`).
fn of_path(path: &str) -> Option<ImageFacts> {
    images::by_ssm_path(path.split(':').next().unwrap_or(path))
}

/// The cells of a mapping that may be meant.
fn of_mapping<'t>(scenario: &Scenario<'_, 't>, node: Node<'t>, keys: [Node<'t>; 3]) -> Vec<WrittenImage> {
    let [map, _, second] = keys.map(|it| scenario.text(it));
    let map = map.as_ref().and_then(Text::known).and_then(|it| scenario.template().mappings.get(it));
    let second = second.as_ref().and_then(Text::known);
    let cells = map.into_iter().flat_map(|it| it.node.entries()).flat_map(|(_, row)| row.entries());
    let cells =
        cells.filter(|(key, cell)| cell.kind() == Kind::Scalar && second.is_none_or(|it| key.text() == it));
    let text = |cell| Text::of(cell).used_at(node.span());
    cells.take(MAX_IDS).filter_map(|(_, cell)| WrittenImage::of(&text(cell), false, true)).collect()
}

fn seen(source: ImageSource, facts: Option<ImageFacts>) -> Image {
    Image {
        source,
        family: facts.map(|it| it.family),
        variant: facts.map(|it| it.variant),
        architecture: facts.map(|it| it.architecture),
        ecs: match facts {
            Some(it) if it.ecs => Answer::Yes,
            Some(_) => Answer::No,
            None => Answer::Unknown,
        },
    }
}
