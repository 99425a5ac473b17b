//! The function calls that CloudFormation evaluates, wherever they stand.
//!
//! Invariant: of duplicate keys only the last one counts, here as in CloudFormation; what was written over is not
//! walked.

use super::{Expr, Function, Operand, Template, expr};
use crate::syntax::{Kind, Node};

/// The part of a template in which something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// `Conditions`
    Conditions,
    /// `Rules`
    Rules,
    /// `Resources`
    Resources,
    /// `Outputs`
    Outputs,
    /// `Metadata`, `Hooks` and sections that nobody knows.
    Elsewhere,
}

/// Where in a template something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'t> {
    /// The section.
    pub block: Block,
    /// The entry of the section: a logical id, or the key of a loop.
    pub id: &'t str,
}

impl<'t> Template<'t> {
    /// Calls `visit` with every call of a function, in the order of the text. `Parameters` and `Mappings`, in which
    /// there are no functions, are left out.
    pub fn each_call(&self, mut visit: impl FnMut(Site<'t>, Node<'t>, Expr<'t>)) {
        for (section, node) in counting(self.root) {
            let block = match section.text() {
                "Parameters" | "Mappings" => continue,
                "Conditions" => Block::Conditions,
                "Rules" => Block::Rules,
                "Resources" => Block::Resources,
                "Outputs" => Block::Outputs,
                _ => Block::Elsewhere,
            };
            for (key, entry) in counting(node) {
                let site = Site { block, id: key.text() };
                let mut visit = |node, call| visit(site, node, call);
                match block {
                    // A resource that says nothing but `Condition: X` is no call.
                    Block::Resources | Block::Outputs => {
                        counting(entry).for_each(|(_, it)| calls(it, &mut visit));
                    }
                    _ => calls(entry, &mut visit),
                }
            }
        }
    }
}

/// Calls `visit` with the calls at and below `node`.
pub fn calls<'t>(node: Node<'t>, visit: &mut dyn FnMut(Node<'t>, Expr<'t>)) {
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        let outer = expr(node);
        if is_call(&outer) {
            visit(node, outer);
        }
        // `!Base64` before `{"Fn::Sub": ...}` is two calls on one node.
        if node.kind() == Kind::Mapping && node.tag().is_some_and(|it| Function::of_tag(it.name).is_some()) {
            let inner = expr(Operand { node, without_tag: true });
            if is_call(&inner) {
                visit(node, inner);
            }
        }
        let below = todo.len();
        todo.extend(node.items());
        todo.extend(counting(node).map(|(_, value)| value));
        todo[below..].reverse();
    }
}

/// The keys and values of a mapping that count: of duplicates the last one.
pub fn counting<'t>(mapping: Node<'t>) -> impl Iterator<Item = (Node<'t>, Node<'t>)> + Clone {
    let counts = move |key: Node<'t>| {
        key.kind() != Kind::Scalar || mapping.entry(key.text()).is_some_and(|(last, _)| last == key)
    };
    mapping.entries().filter(move |(key, _)| counts(*key))
}

fn is_call(expr: &Expr<'_>) -> bool {
    !matches!(expr, Expr::Scalar(_) | Expr::List(_) | Expr::Map(_) | Expr::Alias(_))
}
