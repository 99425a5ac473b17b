//! Bash refuses the script.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS118",
    name: "script-syntax-error",
    severity: Severity::Error,
    summary: "bash refuses the script",
    page: include_str!("../../rules/ECS118.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        for (place, message) in &boot.syntax_errors {
            let Some(place) = place else { continue };
            cx.report(
                Finding::at(place.span, message)
                    .on(source.id)
                    .because_at(place.used, "used here")
                    .help("run `bash -n` on the script"),
            );
        }
    }
}
