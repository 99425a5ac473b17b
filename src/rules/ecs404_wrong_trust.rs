//! A role that the service which is to take it may not take.

use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, Part, Role, trusts};
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS404",
    name: "wrong-trust",
    severity: Severity::Error,
    summary: "a role does not trust the service that is to use it",
    page: include_str!("../../rules/ECS404.md"),
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
        let InstanceRole::Own { role, named } = given else { continue };
        if let Some(role) = &*facts.role(scenario, role) {
            report(cx, role, Part::Instances, *named);
        }
    }
    for played in facts.played(scenario).iter() {
        let there = scenario.exists(&played.by) == Some(true);
        if let Some(role) = played.role.filter(|_| there)
            && let Some(role) = &*facts.role(scenario, role)
        {
            report(cx, role, played.part, played.named);
        }
    }
}

fn report(cx: &mut Cx<'_, '_>, role: &Role<'_>, part: Part, named: Span) {
    let (service, user) = (part.service(), part.user());
    if trusts(role, service) != Answer::No {
        return;
    }
    let services = role.trust.statements.iter().flat_map(|it| &it.services);
    let span = services.filter_map(|it| it.span).next().unwrap_or(role.key);
    let message = format!("`{}` does not trust {service}.amazonaws.com, so {user} cannot use it", role.id);
    cx.report(
        Finding::at(span, message)
            .on(role.id)
            .because(named, format!("{user} would use it"))
            .help(format!("name `{service}.amazonaws.com` under `Principal`")),
    );
}
