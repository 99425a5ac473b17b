//! A policy that may come after the instances that need it.

use super::services::after;
use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, JOIN, Role, attached};
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
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let empty = starts(scenario, fleet).most == Some(0);
    if empty || facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role: id, named } = given else { continue };
        let (role, Some(entry)) = (facts.role(scenario, id), scenario.template().resource(id)) else {
            continue;
        };
        let Some(role) = &*role else { continue };
        let mut late = attached(scenario, entry);
        late.retain(|it| !after(facts, [it.id].into_iter()).contains(fleet.id()));
        let without = |ids: &[&str]| Role::without(scenario, entry, |it| ids.contains(&it));
        let joins = |role: &Role<'_>| role.rights.may_all(&JOIN).0.answer;
        let ids: Vec<&str> = late.iter().map(|it| it.id).collect();
        if joins(role) != Answer::Yes || joins(&without(&ids)) != Answer::No {
            continue;
        }
        // Of several, those are told that are needed beside the others, or all.
        let needed = |id: &str| joins(&without(&[id])) == Answer::No;
        let all = !ids.iter().any(|it| needed(it));
        for policy in late.iter().filter(|it| all || needed(it.id)) {
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
                    )),
            );
        }
    }
}
