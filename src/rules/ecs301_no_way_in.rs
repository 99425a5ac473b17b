//! Neither a key nor Session Manager.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS301",
    name: "no-way-in",
    severity: Severity::Info,
    summary: "no key name and no right for Session Manager: nobody can log in",
    page: include_str!("../../rules/ECS301.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let closed =
        facts.key(scenario, fleet) == Answer::No && facts.session_manager(scenario, fleet) == Answer::No;
    let launch = facts.launch(scenario, fleet);
    let Some(source) = launch.sources.first().filter(|_| closed) else { return };
    cx.report(
        Finding::at(source.key, "nobody can log in: no key name, no right for Session Manager")
            .on(source.id)
            .help("attach `AmazonSSMManagedInstanceCore` to the role of the instances, or set `KeyName`"),
    );
}
