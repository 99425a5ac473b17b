//! A policy that allows everything.

use std::collections::HashSet;

use crate::diagnostic::{Finding, Severity};
use crate::iam::{Actions, Effect, Resources, Words, statements};
use crate::model::{Listed, named_resource};
use crate::resolve::{Found, Scenario, Text};
use crate::rule::{Check, Cx, Rule};
use crate::template::Entry;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS410",
    name: "all-permissions",
    severity: Severity::Warning,
    summary: "a policy allows every action on every resource",
    page: include_str!("../../rules/ECS410.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    // Rights without a cluster are other tools' business.
    if !cx.facts().has_cluster_fleet(scenario) {
        return;
    }
    let mut found: Vec<(&Entry<'t>, Span)> = Vec::new();
    for (owner, statement) in statements(scenario) {
        let (Actions::Only(actions), Resources::Only(resources)) = (&statement.actions, &statement.resources)
        else {
            continue;
        };
        if statement.effect == Effect::Allow
            && !statement.conditional
            && resources.iter().any(|it| it.text == "*")
            && let Some(Words { span: Some(span), .. }) =
                actions.iter().find(|it| ["*", "*:*"].contains(&it.text.as_str()))
        {
            found.push((owner, *span));
        }
    }
    for role in scenario.template().resources_of(&["AWS::IAM::Role"]) {
        if scenario.exists(role) == Some(false) {
            continue;
        }
        let arns = Listed::of(scenario, scenario.property(role, &["ManagedPolicyArns"]), "");
        let all = |it: &&Text<'t>| it.as_str().ends_with(":iam::aws:policy/AdministratorAccess");
        let places = arns.names.iter().filter(all).filter_map(|it| it.whole_place());
        found.extend(places.map(|it| (role, it.used.unwrap_or(it.span))));
    }
    let boundaries = boundaries(scenario);
    for (owner, span) in found {
        // What has a boundary, or is one, does not give all rights.
        let bounded = scenario.property(owner, &["PermissionsBoundary"]) != Found::Absent;
        if bounded || boundaries.contains(owner.id) {
            continue;
        }
        cx.report(
            Finding::at(span, format!("`{}` allows every action on every resource", owner.id))
                .on(owner.id)
                .help("name the actions that are needed: who has these rights has the account"),
        );
    }
}

/// The policies of the template that are permissions boundaries.
fn boundaries<'t>(scenario: &Scenario<'_, 't>) -> HashSet<&'t str> {
    let bounded = scenario.template().resources_of(&["AWS::IAM::Role", "AWS::IAM::User"]);
    let names = bounded.filter_map(|it| scenario.property_text(it, &["PermissionsBoundary"]));
    names.filter_map(|it| named_resource(scenario, &it, &["PolicyArn"])).map(|it| it.id).collect()
}
