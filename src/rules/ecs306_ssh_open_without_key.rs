//! A door without a lock to turn.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::{Origin, SSH};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS306",
    name: "ssh-open-without-key",
    severity: Severity::Warning,
    summary: "port 22 is open, and the instances have no key to log in with",
    page: include_str!("../../rules/ECS306.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.key(scenario, fleet) != Answer::No {
        return;
    }
    let (openings, _) = facts.groups(scenario, fleet).openings(scenario, SSH);
    let Some(opening) = openings.iter().find(|it| it.origin != Origin::Unknown) else { return };
    let launch = facts.launch(scenario, fleet);
    cx.report(
        Finding::at(opening.span, "port 22 is open, and the instances have no key")
            .because_at(launch.sources.first().map(|it| it.key), "no `KeyName` here")
            .help("set `KeyName`, or close the port"),
    );
}
