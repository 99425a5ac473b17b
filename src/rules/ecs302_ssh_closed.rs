//! A key that opens nothing.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet, Port22};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS302",
    name: "ssh-closed",
    severity: Severity::Warning,
    summary: "a key name is set, and no rule opens port 22",
    page: include_str!("../../rules/ECS302.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let port = facts.port_22(scenario, fleet);
    let useless = facts.key(scenario, fleet) == Answer::Yes
        && port.verdict == Port22::Closed
        && facts.session_manager(scenario, fleet) == Answer::No;
    if !useless {
        return;
    }
    let launch = facts.launch(scenario, fleet);
    for source in &launch.sources {
        let Found::Node(key) = source.find(scenario, &["KeyName"]) else { continue };
        cx.report(
            Finding::at(key.full_span(), "the key opens nothing: no rule lets anybody in at port 22")
                .on(source.id)
                .because_at(port.span, "no rule of this security group opens it")
                .help("open port 22 to your own addresses, or use Session Manager and drop the key"),
        );
    }
}
