//! What is known of the image that a fleet starts.

use super::{Answer, Image, ImageSource, Source};
use crate::catalog::images::{self, ImageFacts};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, expr};
use crate::text::Span;

/// How many ids of a mapping are looked up; there are some thirty regions.
const MAX_IDS: usize = 200;

/// The image of a launch source in one scenario.
#[must_use]
pub fn image<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Image {
    let Found::Node(node) = source.find(scenario, &["ImageId"]) else {
        return seen(ImageSource::Unknown, None);
    };
    match expr(node) {
        Expr::FindInMap { keys, .. } => {
            let res = seen(ImageSource::Mapping, of_mapping(scenario, node, keys));
            let names = keys.iter().filter(|it| it.kind() == Kind::Scalar).map(|it| it.text());
            by_name(res, names)
        }
        Expr::Ref(name) => of_parameter(scenario, node, name.node.text()),
        Expr::Scalar(_) | Expr::Sub { .. } => {
            let text = scenario.text(node);
            match text.as_ref().and_then(Text::only_symbol) {
                Some(Symbol::Dynamic(reference)) => {
                    let path = reference.strip_prefix("{{resolve:ssm:").map(|it| it.trim_end_matches("}}"));
                    seen(ImageSource::Ssm, path.and_then(of_path))
                }
                Some(_) => seen(ImageSource::Unknown, None),
                None => {
                    let id = text.as_ref().and_then(Text::known);
                    seen(ImageSource::Literal, id.and_then(of_id))
                }
            }
        }
        _ => seen(ImageSource::Unknown, None),
    }
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

fn of_parameter<'t>(scenario: &Scenario<'_, 't>, node: Node<'t>, name: &str) -> Image {
    let world = scenario.world();
    let kind = world.parameter_type(name);
    if kind.is_empty() {
        return seen(ImageSource::Unknown, None);
    }
    if kind.starts_with("AWS::SSM::Parameter::") {
        // The text of such a parameter is a path.
        let path = world.parameter_value(name);
        return seen(ImageSource::Ssm, path.as_ref().and_then(Text::known).and_then(of_path));
    }
    let id = scenario.text(node);
    let id = id.as_ref().and_then(Text::known);
    let res = seen(ImageSource::Parameter, id.and_then(of_id));
    if id.is_some() { by_name(res, [name]) } else { res }
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

/// What all the ids of a mapping have in common that may be meant: of the region that is given, else of all.
fn of_mapping<'t>(scenario: &Scenario<'_, 't>, node: Node<'t>, keys: [Node<'t>; 3]) -> Option<ImageFacts> {
    if let Some(text) = scenario.text(node) {
        return of_id(text.known()?);
    }
    let [map, _, second] = keys.map(|it| scenario.text(it));
    let map = scenario.template().mappings.get(map.as_ref()?.known()?)?;
    let second = second.as_ref().and_then(Text::known);
    let cells = map.node.entries().flat_map(|(_, row)| row.entries());
    let cells =
        cells.filter(|(key, cell)| cell.kind() == Kind::Scalar && second.is_none_or(|it| key.text() == it));
    let mut facts = cells.take(MAX_IDS).map(|(_, cell)| of_id(cell.text()));
    let first = facts.next()??;
    facts.all(|it| it == Some(first)).then_some(first)
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
