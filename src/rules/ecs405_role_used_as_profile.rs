//! A role where an instance profile has to stand.

use crate::diagnostic::{Finding, Severity};
use crate::iam::InstanceRole;
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS405",
    name: "role-used-as-profile",
    severity: Severity::Error,
    summary: "a role stands where an instance profile has to",
    page: include_str!("../../rules/ECS405.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::NoProfile { role, named } = given else { continue };
        cx.report(
            Finding::at(*named, format!("`{role}` is a role, not an instance profile: no instance starts"))
                .help(format!(
                    "name an `AWS::IAM::InstanceProfile` with `Roles: [!Ref {role}]` instead of the role"
                )),
        );
    }
}
