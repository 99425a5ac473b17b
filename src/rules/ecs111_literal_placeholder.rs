//! A placeholder that nothing fills in.

use super::writing::around;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::resolve::Place;
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS111",
    name: "literal-placeholder",
    severity: Severity::Error,
    summary: "a placeholder reaches the shell, since no `Fn::Sub` is around it",
    page: include_str!("../../rules/ECS111.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    let facts = cx.facts();
    let placeholders = boot.placeholders(facts.template());
    let names: Vec<&str> = placeholders.iter().map(|it| it.0.as_str()).collect();
    for (name, place) in &placeholders {
        let message = format!(
            "nothing fills in `${{{name}}}`: no `Fn::Sub` is around it, and the script does not set it"
        );
        let target = facts.template().resource(name).map(|it| it.key.span());
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(target, "this is what it names")
                .because_at(place.used, "used here")
                .help("put `Fn::Sub` around the script")
                .fix(substitute(facts, *place, &names)),
        );
    }
}

/// Puts `Fn::Sub` around the text, and leaves the variables of the shell to the shell.
fn substitute(facts: &Facts<'_, '_>, place: Place, names: &[&str]) -> Option<Fix> {
    let node = facts.parse.tree.scalar_at(place.span).filter(|_| place.used.is_none())?;
    let (text, map) = (node.text(), node.text_map());
    let mut edits = Vec::new();
    for (at, _) in text.match_indices("${") {
        let name = text[at + 2..].split('}').next().unwrap_or_default();
        if !names.contains(&name) {
            let behind = map.to_source(at, at + 2)?.end as usize;
            edits.push(node.write(Span::at(behind), "!")?);
        }
    }
    Some(Fix::all(Safety::Unsafe, "put `Fn::Sub` around it", around(node, edits)?))
}
