//! Two pieces of a join make one command of two.

use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS107",
    name: "glued-commands",
    severity: Severity::Warning,
    summary: "pieces of `Fn::Join` meet without a line break, so that two commands become one",
    page: include_str!("../../rules/ECS107.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        for glued in &boot.glued {
            let severity = if glued.breaks { Severity::Error } else { Severity::Warning };
            cx.report(
                Finding::at(glued.after, "this command is glued to the one before it")
                    .on(source.id)
                    .severity(severity)
                    .because(glued.before, "no line break ends this piece")
                    .help("put a piece `\"\\n\"` between the two"),
            );
        }
    }
}
