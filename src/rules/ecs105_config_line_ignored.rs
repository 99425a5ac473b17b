//! A line in a form that the agent does not take.

use crate::boot::{Flaw, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS105",
    name: "config-line-ignored",
    severity: Severity::Error,
    summary: "the agent reads the line otherwise than it was meant",
    page: include_str!("../../rules/ECS105.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
        let Some(WhyUnset::Ignored(ignored)) = boot.why_unset(facts.template()) else { continue };
        let Some(place) = ignored.line.place else { continue };
        let (message, help) = match ignored.flaw {
            Flaw::Export => (
                "the agent takes `export ECS_CLUSTER` for another key: the instances join `default`",
                "leave `export` out: the file is no script",
            ),
            Flaw::Blank => (
                "the agent takes the blank before `=` for a part of the key: the instances join `default`",
                "write `ECS_CLUSTER=` without blanks",
            ),
            Flaw::Quotes => (
                "the agent keeps the quotes around the name: there is no such cluster",
                "leave the quotes out that reach the file",
            ),
        };
        let finding = Finding::at(place.span, message).on(source.id).because_at(place.used, "used here");
        cx.report(finding.help(help));
    }
}
