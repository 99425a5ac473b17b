//! A timeout that CloudFormation refuses.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, seconds};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::template::Entry;

/// The longest that a `CreationPolicy` waits, in seconds
/// ([CreationPolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html)).
const MAX_CREATION: u64 = 12 * 3600;

/// The longest pause of a rolling update, in seconds
/// ([UpdatePolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html)).
const MAX_PAUSE: u64 = 3600;

pub(super) static RULE: Rule = Rule {
    code: "ECS214",
    name: "bad-timeout",
    severity: Severity::Error,
    summary: "CloudFormation refuses the timeout",
    page: include_str!("../../rules/ECS214.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let resource = &fleet.resource;
    duration(
        cx,
        scenario,
        resource,
        &["CreationPolicy", "ResourceSignal", "Timeout"],
        (MAX_CREATION, "12 hours"),
    );
    duration(
        cx,
        scenario,
        resource,
        &["UpdatePolicy", "AutoScalingRollingUpdate", "PauseTime"],
        (MAX_PAUSE, "1 hour"),
    );
    for condition in cx.facts().template().resources_of(&["AWS::CloudFormation::WaitCondition"]) {
        if scenario.exists(condition) == Some(false) {
            continue;
        }
        duration(
            cx,
            scenario,
            condition,
            &["CreationPolicy", "ResourceSignal", "Timeout"],
            (MAX_CREATION, "12 hours"),
        );
        let Some(text) = scenario.property_text(condition, &["Timeout"]) else { continue };
        let (Some(known), Some(place)) = (text.known(), text.whole_place()) else { continue };
        if known.trim().parse::<u64>().is_ok_and(|it| (1..=MAX_CREATION).contains(&it)) {
            continue;
        }
        cx.report(
            Finding::at(place.span, format!("`{known}` is no timeout of a wait condition"))
                .on(condition.id)
                .because_at(place.used, "used here")
                .help(format!("write seconds, from 1 to {MAX_CREATION}")),
        );
    }
}

/// Looks at a duration such as `PT15M`.
fn duration<'t>(
    cx: &mut Cx<'_, 't>,
    scenario: &Scenario<'_, 't>,
    resource: &Entry<'t>,
    path: &[&str],
    (max, limit): (u64, &str),
) {
    let Found::Node(node) = scenario.find(resource.node, path) else { return };
    let Some(text) = scenario.text(node) else { return };
    let (Some(known), Some(place)) = (text.known(), text.whole_place()) else { return };
    let message = match seconds(known) {
        None => format!("`{known}` is no duration"),
        Some(given) if given > max => format!("`{known}` is above the maximum of {limit}"),
        Some(_) => return,
    };
    cx.report(
        Finding::at(place.span, message)
            .on(resource.id)
            .because_at(place.used, "used here")
            .help(format!("write hours, minutes and seconds as `PT15M`, at most {limit}")),
    );
}
