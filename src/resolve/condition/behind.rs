//! What conditions rest on: the parameters and comparisons behind them, and which conditions share some.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::resolve::eval::Variable;
use crate::syntax::Node;
use crate::template::{Expr, SubPart, Template, expr, sub_parts};

/// For each condition those that it has to do with, itself among them and in order: they share a parameter, or name each
/// other; by way of others too.
pub(super) fn islands<'t>(template: &Template<'t>) -> HashMap<&'t str, Rc<BTreeSet<&'t str>>> {
    #[derive(PartialEq, Eq, Hash)]
    enum Member<'t> {
        Condition(&'t str),
        Variable(Variable<'t>),
    }
    let mut numbers = HashMap::new();
    // Each points to one that it belongs to, in the end to itself.
    let mut owners: Vec<usize> = Vec::new();
    fn top(owners: &mut [usize], mut at: usize) -> usize {
        while owners[at] != at {
            owners[at] = owners[owners[at]];
            at = owners[at];
        }
        at
    }
    let mut number = |member: Member<'t>, owners: &mut Vec<usize>| {
        *numbers.entry(member).or_insert_with(|| {
            owners.push(owners.len());
            owners.len() - 1
        })
    };
    let mut res = HashMap::new();
    for condition in &template.conditions {
        let own = number(Member::Condition(condition.id), &mut owners);
        res.insert(condition.id, own);
        each_direct(condition.node, |named| {
            let other = match named {
                Named::Condition(name) => number(Member::Condition(name), &mut owners),
                Named::Variable(variable) => number(Member::Variable(variable), &mut owners),
            };
            let (left, right) = (top(&mut owners, own), top(&mut owners, other));
            owners[left] = right;
        });
    }
    let mut islands: HashMap<usize, BTreeSet<&'t str>> = HashMap::new();
    for condition in &template.conditions {
        islands.entry(top(&mut owners, res[condition.id])).or_default().insert(condition.id);
    }
    let islands: Vec<_> = islands.into_values().map(Rc::new).collect();
    islands.iter().flat_map(|it| it.iter().map(|name| (*name, Rc::clone(it)))).collect()
}

/// What a condition names.
enum Named<'t> {
    Condition(&'t str),
    Variable(Variable<'t>),
}

/// The variables behind a condition.
pub(super) fn variables<'t>(template: &Template<'t>, condition: Node<'t>) -> BTreeSet<Variable<'t>> {
    let mut res = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![condition];
    while let Some(condition) = waiting.pop() {
        each_direct(condition, |named| match named {
            Named::Condition(name) => {
                if seen.insert(name) {
                    waiting.extend(template.conditions.get(name).map(|it| it.node));
                }
            }
            Named::Variable(variable) => {
                res.insert(variable);
            }
        });
    }
    res
}

/// Calls `visit` with what a condition names itself.
fn each_direct<'t>(condition: Node<'t>, mut visit: impl FnMut(Named<'t>)) {
    for node in condition.descendants() {
        match expr(node) {
            Expr::Condition(name) => visit(Named::Condition(name.text())),
            Expr::Ref(name) => visit(Named::Variable(Variable::of(name.node.text()))),
            Expr::Sub { text, .. } => {
                for part in sub_parts(text.text()) {
                    if let SubPart::Variable { name, .. } = part {
                        visit(Named::Variable(Variable::of(&text.text()[name])));
                    }
                }
            }
            // Whatever else it is may have to be taken either way.
            Expr::Scalar(_) | Expr::List(_) => {}
            _ => visit(Named::Variable(Variable::Comparison(node.index()))),
        }
    }
}
