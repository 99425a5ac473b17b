//! A policy that may come after the instances that need it.

use std::collections::HashSet;

use super::entries::depend_on;
use super::order::before;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::iam::{InstanceRole, JOIN, Rights, Role, attached};
use crate::model::{Answer, Fleet, starts};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS408",
    name: "policy-attached-late",
    severity: Severity::Warning,
    summary: "the instances may start before the policy that lets them register is attached",
    page: include_str!("../../rules/ECS408.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    // A macro may let the instances wait.
    let open = facts.template().transforms.macros || starts(scenario, fleet).most == Some(0);
    if open || facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    let before = before(facts, fleet.id());
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role: id, named } = given else { continue };
        let Some(entry) = scenario.template().resource(id) else { continue };
        let mut late = attached(scenario, entry);
        late.retain(|(policy, _)| !before.contains(policy.id));
        if late.is_empty() || facts.registers(scenario, fleet).verdict != Answer::Yes {
            continue;
        }
        let ids: HashSet<&str> = late.iter().map(|(policy, _)| policy.id).collect();
        let first = Role::without(scenario, entry, |it| ids.contains(it)).rights;
        let missing: Vec<&str> = JOIN.into_iter().filter(|it| first.may(it).answer == Answer::No).collect();
        let brings = |rights: &Rights| missing.iter().any(|it| rights.may(it).answer == Answer::Yes);
        for (policy, _) in late.iter().filter(|(_, rights)| brings(rights)) {
            let message =
                format!("`{}` may start before `{}` lets its instances register", fleet.id(), policy.id);
            cx.report(
                Finding::at(policy.key.span(), message)
                    .on(policy.id)
                    .because(*named, format!("the instances have `{id}`, to which the policy belongs"))
                    .help(format!(
                        "write `DependsOn: {}` under `{}`, or the policy under `Policies` of the role",
                        policy.id,
                        fleet.id()
                    ))
                    .fix(depend_on(facts, &fleet.resource, &[policy.id]).map(|edits| {
                        let title = format!("let `{}` wait for `{}`", fleet.id(), policy.id);
                        Fix::all(Safety::Safe, title, edits)
                    })),
            );
        }
    }
}
