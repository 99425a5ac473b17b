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
    if node.kind() != super::Kind::Scalar || node.style() != Style::Plain {
        return Meaning::Text;
    }
    match node.text() {
        "" | "~" | "null" => Meaning::Null,
        "true" | "True" | "yes" | "on" => Meaning::Bool(true),
        "false" | "False" | "no" | "off" => Meaning::Bool(false),
        _ => Meaning::Text,
    }
}

/// draft
pub(super) fn map(source: &str, span: Span, style: Style, text: &str) -> TextMap {
    let mut res = TextMap::default();
    if style == Style::Literal {
        let mut at = span.start as usize;
        let line = source[..at].rfind('\n').map_or(0, |i| i + 1);
        let indent = at - line;
        for (i, l) in text.split_inclusive('\n').enumerate() {
            if i > 0 {
                let mut k = 0;
                while k < indent && source.as_bytes().get(at) == Some(&b' ') {
                    at += 1;
                    k += 1
                }
            }
            let body = l.trim_end_matches('\n');
            res.push_verbatim(at, body.len());
            at += body.len();
            if body.len() < l.len() {
                if source.as_bytes().get(at) == Some(&b'\r') {
                    res.push_decoded(Span::new(at, at + 2), 1);
                    at += 2
                } else if at < source.len() {
                    res.push_verbatim(at, 1);
                    at += 1
                } else {
                    res.push_decoded(Span::at(at), 1)
                }
            }
        }
        return res;
    }
    res.push_decoded(span, text.len());
    res
}
