//! Port 22 for more than the networks of the project.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet};
use crate::network::{Origin, SSH};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS307",
    name: "ssh-open-elsewhere",
    severity: Severity::Warning,
    summary: "port 22 is open to a network that the configuration does not name",
    page: include_str!("../../rules/ECS307.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let meant = |it: &Fleet<'t>| facts.meant_for_cluster(scenario, it) != Answer::No;
    if facts.house.ssh_networks.is_empty() || !(meant(fleet) || facts.model.fleets.iter().any(meant)) {
        return;
    }
    let (openings, _) = facts.groups(scenario, fleet).openings(scenario, SSH);
    for opening in &openings {
        // What is open to the world is ECS303's business.
        let Origin::Range(range) = opening.origin else { continue };
        if facts.house.lets_in(&range) {
            continue;
        }
        let message = format!("port 22 is open to {range}, which is in none of `ssh-networks`");
        let finding = Finding::at(opening.span, message)
            .on(opening.group.unwrap_or_else(|| fleet.id()))
            .because_at(opening.used, "used here")
            .help("let in the networks of the configuration only, or add this one there");
        cx.report(finding);
    }
}
