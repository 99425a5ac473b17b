//! The instance types that a user may choose through a parameter, besides the one that is chosen.

use crate::model::Launch;
use crate::resolve::World;
use crate::syntax::{Kind, Node};
use crate::text::Span;

/// `AllowedValues` of the parameters that give the types of `launch`, and where each parameter is used. The value
/// that is chosen is left out.
pub(super) fn choices<'t>(world: &World<'t>, launch: &Launch<'t>) -> Vec<(Node<'t>, Span)> {
    let mut res = Vec::new();
    for offered in &launch.types {
        let place = offered.text.whole_place();
        let Some(used) = place.map(|it| it.used.unwrap_or(it.span)) else { continue };
        let allowed = offered.parameter(world).and_then(|it| it.node.get("AllowedValues"));
        let others = allowed.into_iter().flat_map(Node::items).filter(|it| it.kind() == Kind::Scalar);
        let others = others.filter(|it| offered.text.known() != Some(it.text()));
        res.extend(others.map(|it| (it, used)));
    }
    res
}
