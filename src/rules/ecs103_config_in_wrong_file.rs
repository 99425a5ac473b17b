//! The line is there, the file is not the agent's.

use super::writing::write;
use crate::boot::{AGENT_CONFIG, WhyUnset};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::Joins;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS103",
    name: "config-in-wrong-file",
    severity: Severity::Error,
    summary: "`ECS_CLUSTER` is written to a file that the agent does not read",
    page: include_str!("../../rules/ECS103.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, joining, .. } = *at;
    let facts = cx.facts();
    let why = joining.why.clone();
    if joining.verdict.verdict != Joins::No || !matches!(why, Some(WhyUnset::Stray(..))) {
        return;
    }
    for (path, line) in boot.strays("ECS_CLUSTER") {
        let Some(place) = line.path else { continue };
        let message = format!("the agent does not read `{path}`: the instances join `default`");
        let fix = write(facts, place.span, AGENT_CONFIG)
            .filter(|_| place.used.is_none())
            .map(|edits| Fix::all(Safety::Unsafe, format!("write to `{AGENT_CONFIG}`"), edits));
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help(format!("write to `{AGENT_CONFIG}`"))
                .fix(fix),
        );
    }
}
