//! Nothing waits for the instances.

use super::services::needs_instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet, FleetKind, ImageFamily, Signals, starts};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Facts, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS205",
    name: "creation-not-awaited",
    severity: Severity::Info,
    summary: "no signal tells the stack that instances have joined",
    page: include_str!("../../rules/ECS205.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let boots = facts.boots(scenario, fleet);
    // Bottlerocket has nothing that could signal.
    let mute = boots.iter().any(|(_, image)| image.family == Some(ImageFamily::Bottlerocket));
    let told = facts.signalling(scenario, fleet);
    let silent = !told.is_empty() && told.iter().all(|it| it.verdict.verdict == Signals::NotNeeded);
    if facts.waiting(scenario, fleet) != Ok(None)
        || mute
        || !silent
        || starts(scenario, fleet).most == Some(0)
        || facts.launch(scenario, fleet).nowhere.is_some()
    {
        return;
    }
    let Some(message) = message(facts, scenario, fleet) else { return };
    let help = if matches!(fleet.kind, FleetKind::AutoScalingGroup | FleetKind::Instance) {
        "give it a `CreationPolicy` with a `ResourceSignal`, and let the user data end with `cfn-signal`"
    } else {
        "add an `AWS::CloudFormation::WaitCondition`, and let the user data end with `cfn-signal` and the URL of its handle"
    };
    cx.report(Finding::at(fleet.resource.key.span(), message).on(fleet.id()).help(help));
}

/// What the stack learns of the instances. `None` when only deployment can tell: a service may need them, or something
/// that gets the fleet or a cluster may wait for them.
fn message<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<String> {
    let template = facts.template();
    let mut clusters = template.resources_of(&["AWS::ECS::Cluster"]).map(|it| it.id);
    if template.transforms.macros
        || template.is_handed_on(fleet.id())
        || clusters.any(|it| template.is_handed_on(it))
    {
        return None;
    }
    let mut maybe = false;
    for service in template.resources_of(&["AWS::ECS::Service"]) {
        if scenario.exists(service) == Some(false) {
            continue;
        }
        match needs_instances(facts, scenario, service) {
            Answer::Yes => {
                return Some(format!(
                    "no signal tells of the instances of `{}`: the stack waits with `{}` when none has joined",
                    fleet.id(),
                    service.id
                ));
            }
            Answer::Unknown => maybe = true,
            Answer::No => {}
        }
    }
    let nothing = || {
        format!(
            "nothing waits for the instances of `{}`: the stack is complete before any has joined",
            fleet.id()
        )
    };
    (!maybe).then(nothing)
}
