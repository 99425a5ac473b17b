//! What a scalar means, and the way from its decoded text back to the source.

use super::{Node, Style};
use crate::text::{Span, TextMap};

/// The meaning of a scalar as CloudFormation's YAML 1.1 reads it (F 8.4); of JSON likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `yes`, `on` ...
    Bool(bool),
    /// `10`, `0x1f`, `010` (8), `22:22` (1342), `1_000`.
    Integer(i128),
    /// `1.5`, `1e3`, `.inf`.
    Float,
    /// `2010-09-09`.
    Timestamp,
    /// Everything else, and all that is quoted.
    Text,
}

/// What the scalar means; [`Meaning::Text`] for other nodes.
#[must_use]
pub fn meaning(node: Node<'_>) -> Meaning {
    let _ = node;
    Meaning::Text
}

/// The map of a scalar whose decoded text differs from the source.
pub(super) fn map(source: &str, span: Span, style: Style, text: &str) -> TextMap {
    let _ = (source, style);
    let mut res = TextMap::default();
    res.push_decoded(span, text.len());
    res
}
