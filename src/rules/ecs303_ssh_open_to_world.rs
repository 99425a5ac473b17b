//! Port 22 for everybody. A bastion's too: its port is as open as any other.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::{Origin, SSH};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS303",
    name: "ssh-open-to-world",
    severity: Severity::Warning,
    summary: "port 22 is open to everybody",
    page: include_str!("../../rules/ECS303.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    // Beside a cluster a bastion counts too; a template that has nothing to do with one is none of our business.
    let meant = |it: &Fleet<'t>| facts.meant_for_cluster(scenario, it) != Answer::No;
    if !meant(fleet) && !facts.model.fleets.iter().any(meant) {
        return;
    }
    if facts.house.lets_in_the_world() {
        return;
    }
    let (openings, _) = facts.groups(scenario, fleet).openings(scenario, SSH);
    for opening in openings.iter().filter(|it| it.origin == Origin::World) {
        // About the group: two fleets that share it are one finding.
        let finding = Finding::at(opening.span, "port 22 is open to the world")
            .on(opening.group.unwrap_or_else(|| fleet.id()))
            .because_at(opening.used, "used here")
            .help("let in your own addresses only, or close the port and use Session Manager");
        cx.report(finding);
    }
}
