//! Two pieces of a join make one command of two.

use super::entries;
use crate::boot::Glued;
use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::syntax::{Kind, Style};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS107",
    name: "glued-commands",
    severity: Severity::Warning,
    summary: "pieces of `Fn::Join` meet without a line break, so that two commands become one",
    page: include_str!("../../rules/ECS107.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    let facts = cx.facts();
    for glued in &boot.glued {
        let severity = if glued.breaks { Severity::Error } else { Severity::Warning };
        cx.report(
            Finding::at(glued.after, "this command is glued to the one before it")
                .on(source.id)
                .severity(severity)
                .because(glued.before, "no line break ends this piece")
                .help("put a piece `\"\\n\"` between the two")
                .fix(apart(facts, glued)),
        );
    }
}

/// A line break at the end of the first piece, or a piece of its own where the first cannot hold one.
fn apart(facts: &Facts<'_, '_>, glued: &Glued) -> Option<Fix> {
    let piece = facts.parse.tree.scalar_at(glued.before)?;
    let last = piece.text_map().pieces().last().copied().filter(|it| it.verbatim)?;
    if last.source.end != glued.before.end {
        return None;
    }
    let edit = match piece.style() {
        Style::DoubleQuoted => piece.write(Span::at(glued.before.end as usize), "\n")?,
        Style::Plain | Style::SingleQuoted
            if piece.parent().is_some_and(|it| it.kind() == Kind::Sequence) =>
        {
            let (at, text) = entries::next_item(facts, piece, "\"\\n\"")?;
            Edit::replace(at, text)
        }
        _ => return None,
    };
    Some(Fix::new(Safety::Unsafe, "end the first command with a line break", edit))
}
