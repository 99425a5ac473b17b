//! Edits of texts that the template's functions go over: what is written has to come out of `Fn::Sub` and `Fn::Join` as
//! it was meant.

use crate::diagnostic::Edit;
use crate::rule::Facts;
use crate::syntax::{Kind, Node, Style};
use crate::template::{Expr, expr};
use crate::text::Span;

/// What is written.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// As it is, in the end.
    Text(&'a str),
    /// What `Ref` of this name gives.
    Ref(&'a str),
}

/// Text in the place of `span`; an empty span inserts.
pub(super) fn write(facts: &Facts<'_, '_>, span: Span, text: &str) -> Option<Vec<Edit>> {
    write_parts(facts, span, &[Part::Text(text)])
}

/// Text with references in the place of `span`. Where `Fn::Sub` is not around the scalar it is put there.
pub(super) fn write_parts(facts: &Facts<'_, '_>, span: Span, parts: &[Part<'_>]) -> Option<Vec<Edit>> {
    let node = facts.parse.tree.scalar_at(span)?;
    let under = sub_of(node);
    let refers = parts.iter().any(|it| matches!(it, Part::Ref(_)));
    if under.is_none() && !refers {
        let text: String = parts.iter().map(|it| if let Part::Text(text) = it { text } else { "" }).collect();
        return Some(vec![node.write(span, &text)?]);
    }
    let own = under.flatten();
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(it) => text.push_str(&it.replace("${", "${!")),
            // A variable of its own hides the name.
            Part::Ref(name) if own.is_some_and(|it| it.get(name).is_some()) => return None,
            Part::Ref(name) => text.push_str(&format!("${{{name}}}")),
        }
    }
    if under.is_some() {
        return Some(vec![node.write(span, &text)?]);
    }
    if let ([Part::Ref(name)], true) = (parts, whole_text(node) == Some(span)) {
        return instead(node, name).map(|it| vec![it]);
    }
    // What stands there already must not mean something else all of a sudden.
    let n_others = |text: &str| text.matches("${").count();
    if n_others(node.text()) > n_others(span.slice(facts.parse.tree.source())) {
        return None;
    }
    around(node, vec![node.write(span, &text)?])
}

/// `Ref` in the place of a whole piece.
fn instead(node: Node<'_>, name: &str) -> Option<Edit> {
    let simple = matches!(node.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    if !simple || node.tag().is_some() || node.anchor().is_some() || !takes_function(node) {
        return None;
    }
    let in_brackets = node.parent().is_some_and(|it| it.style() == Style::Flow);
    let text = if in_brackets { format!("{{\"Ref\": \"{name}\"}}") } else { format!("!Ref {name}") };
    Some(Edit::replace(node.span(), text))
}

/// Where all of the text of a scalar stands.
fn whole_text(node: Node<'_>) -> Option<Span> {
    node.text_map().to_source(0, node.text().len())
}

/// The edits with those that put `Fn::Sub` around a scalar, where a function may stand.
pub(super) fn around(node: Node<'_>, mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    if node.tag().is_some() || node.anchor().is_some() || !takes_function(node) {
        return None;
    }
    let in_brackets = node.parent().is_some_and(|it| it.style() == Style::Flow);
    if in_brackets {
        let quoted = matches!(node.style(), Style::DoubleQuoted | Style::SingleQuoted);
        quoted.then_some(())?;
        let (start, end) = (node.span().start as usize, node.span().end as usize);
        edits.push(Edit::replace(Span::at(start), "{\"Fn::Sub\": "));
        edits.push(Edit::replace(Span::at(end), "}"));
    } else {
        edits.push(node.tagged("!Sub")?);
    }
    edits.sort_by_key(|it| it.span);
    Some(edits)
}

/// Whether a scalar is a piece of a join, what is encoded, or a file of `cfn-init`: there any text may come from a
/// function.
fn takes_function(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    match parent.kind() {
        Kind::Mapping => ["Fn::Base64", "content"].iter().any(|it| parent.get(it) == Some(node)),
        Kind::Sequence => parent.parent().is_some_and(|above| match above.kind() {
            Kind::Sequence => {
                let call = if above.tag().is_some() { Some(above) } else { above.parent() };
                call.is_some_and(|it| matches!(expr(it), Expr::Join { list, .. } if list == parent))
            }
            _ => false,
        }),
        _ => false,
    }
}

/// Whether `Fn::Sub` goes over a scalar.
pub(super) fn is_substituted(node: Node<'_>) -> bool {
    sub_of(node).is_some()
}

/// The variables of the `Fn::Sub` whose text this is: `Some(None)` when it has none of its own, `None` when no `Fn::Sub` is
/// around it.
fn sub_of<'t>(node: Node<'t>) -> Option<Option<Node<'t>>> {
    let of = |call: Node<'t>| match expr_of(call) {
        Some((text, variables)) if text == node => Some(variables),
        _ => None,
    };
    let above = std::iter::successors(node.parent(), |it| it.parent()).take(2);
    std::iter::once(node).chain(above).find_map(of)
}

fn expr_of(call: Node<'_>) -> Option<(Node<'_>, Option<Node<'_>>)> {
    // `!Base64` before `{"Fn::Sub": ...}` is two calls on one node.
    let inner = crate::template::Operand { node: call, without_tag: true };
    for it in [expr(call), expr(inner)] {
        if let Expr::Sub { text, variables } = it {
            return Some((text, variables));
        }
    }
    None
}
