//! Sizes of a group that contradict each other.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind, capacity};
use crate::resolve::{Place, Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS611",
    name: "capacity-inverted",
    severity: Severity::Error,
    summary: "the minimum of a group is above its maximum, or its desired capacity outside both",
    page: include_str!("../../rules/ECS611.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    if fleet.kind != FleetKind::AutoScalingGroup {
        return;
    }
    let size = capacity(scenario, fleet);
    let (min, max) = (size.min, size.max);
    let (words, message, other) = match (min, size.desired, max) {
        (Some(min), _, Some(max)) if min > max => {
            ("MinSize", format!("the least size, {min}, is above the largest, {max}"), "MaxSize")
        }
        (_, Some(desired), Some(max)) if desired > max => (
            "DesiredCapacity",
            format!("the desired size, {desired}, is above the largest, {max}"),
            "MaxSize",
        ),
        (Some(min), Some(desired), _) if desired < min => {
            ("DesiredCapacity", format!("the desired size, {desired}, is below the least, {min}"), "MinSize")
        }
        _ => return,
    };
    let place = |name: &str| -> Option<Place> {
        let text = scenario.property_text(&fleet.resource, &[name]);
        text.as_ref().and_then(Text::whole_place)
    };
    let Some(wrong) = place(words) else { return };
    cx.report(
        Finding::at(wrong.span, message)
            .on(fleet.id())
            .because_at(wrong.used, "used here")
            .because_at(place(other).map(|it| it.span), format!("this is `{other}`"))
            .help("let `MinSize` be at most `DesiredCapacity`, and that at most `MaxSize`"),
    );
}
