//! Fleets that start nothing, and that nothing scales.

use std::collections::HashSet;

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind, capacity, desired_text};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Facts, Rule};
use crate::template::Form;

pub(super) static RULE: Rule = Rule {
    code: "ECS610",
    name: "no-capacity",
    severity: Severity::Warning,
    summary: "the fleet starts no instance, and nothing can scale it",
    page: include_str!("../../rules/ECS610.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

/// What may name a fleet and never changes its size.
const HARMLESS: [&str; 6] = [
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::AutoScaling::LifecycleHook",
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::EC2::LaunchTemplate",
];

/// What changes the size of a fleet, also of one that it names by a name of its own.
const SCALERS: [&str; 4] = [
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::AutoScaling::ScheduledAction",
    "AWS::AutoScalingPlans::ScalingPlan",
    "AWS::ECS::CapacityProvider",
];

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let size = capacity(scenario, fleet);
    if size.desired != Some(0) {
        return;
    }
    let fixed = size.max == Some(0);
    if !fixed && may_be_scaled(facts, scenario, fleet) {
        return;
    }
    let Some(place) = desired_text(scenario, fleet).as_ref().and_then(|it| it.whole_place()) else { return };
    let (message, help) = match fleet.kind {
        FleetKind::AutoScalingGroup if fixed => {
            ("and may have none", "let `MinSize` and `MaxSize` be 1 or more")
        }
        FleetKind::AutoScalingGroup => (
            "and nothing scales it",
            "let it be 1 or more, or give the cluster a capacity provider with the group",
        ),
        _ => ("and nothing scales it", "let it be 1 or more"),
    };
    cx.report(
        Finding::at(place.span, format!("`{}` starts no instance, {message}", fleet.id()))
            .on(fleet.id())
            .because_at(place.used, "used here")
            .help(help),
    );
}

/// Whether something may change the size of the fleet: a resource that scales, or anything that gets its name.
fn may_be_scaled<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> bool {
    let template = facts.template();
    if facts.may_be_named_elsewhere() || !scenario.world().spend(facts.references().len() / 2) {
        return true;
    }
    // Those that scale, and name another fleet of the template; a name in a text may be this one's.
    let mut of_others = HashSet::new();
    for it in facts.references().iter().filter(|it| it.form != Form::DependsOn) {
        let Some(named) = it.target.named() else { continue };
        let by = template.resource(it.site.id);
        let is_there = by.is_none_or(|it| scenario.exists(it) != Some(false));
        let is_harmless = by.is_some_and(|it| HARMLESS.contains(&it.type_name()));
        if named == fleet.id() {
            if is_there && !is_harmless && it.site.id != fleet.id() {
                return true;
            }
        } else if template.resource(named).and_then(Fleet::of).is_some() {
            of_others.insert(it.site.id);
        }
    }
    let mut scalers = template.resources_of(&SCALERS);
    scalers.any(|it| scenario.exists(it) != Some(false) && !of_others.contains(it.id))
}
