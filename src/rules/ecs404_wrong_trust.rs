//! A role that the service which is to take it may not take.

use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, Role, role_of, trusts};
use crate::model::{Answer, Fleet, Listed};
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

/// Where roles are named besides instance profiles: type, property, service, who uses it.
const USES: [(&str, &str, &str, &str); 5] = [
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn", "ecs-tasks", "the tasks"),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn", "ecs-tasks", "the tasks"),
    ("AWS::ECS::Service", "Role", "ecs", "the service"),
    ("AWS::ECS::Service", "RoleArn", "ecs", "the service"),
    ("AWS::ApplicationAutoScaling::ScalableTarget", "RoleARN", "application-autoscaling", "the scaling"),
];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role, named } = given else { continue };
        if let Some(role) = &*facts.role(scenario, role) {
            report(cx, role, "ec2", "the instances", *named);
        }
    }
    for (kind, key, service, user) in USES {
        for resource in scenario.template().resources_of(&[kind]) {
            if scenario.exists(resource) != Some(true) {
                continue;
            }
            let names = Listed::of(scenario, scenario.property(resource, &[key]), "");
            for name in &names.names {
                let (Some(entry), Some(place)) = (role_of(scenario, name), name.whole_place()) else {
                    continue;
                };
                if let Some(role) = &*facts.role(scenario, entry.id) {
                    report(cx, role, service, user, place.used.unwrap_or(place.span));
                }
            }
        }
    }
}

fn report(cx: &mut Cx<'_, '_>, role: &Role<'_>, service: &str, user: &str, named: Span) {
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
