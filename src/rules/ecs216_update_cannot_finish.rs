//! An update that cannot come to its end.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Signals, rolling_update};
use crate::resolve::{Found, Place, Scenario, Text};
use crate::rule::{Check, Cx, Rule};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS216",
    name: "update-cannot-finish",
    severity: Severity::Error,
    summary: "an update of the group cannot come to its end",
    page: include_str!("../../rules/ECS216.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let Found::Node(policy) = rolling_update(scenario, &fleet.resource) else { return };
    let in_service = number(scenario, scenario.find(policy, &["MinInstancesInService"]));
    let max = number(scenario, scenario.property(&fleet.resource, &["MaxSize"]));
    if let (Some((in_service, place)), Some((max, size))) = (in_service, max)
        && in_service >= max
    {
        let stay = if in_service == 1 { "1 instance has" } else { &format!("{in_service} instances have") };
        let message =
            format!("{stay} to stay in service, and the group has at most {max}: none can be replaced");
        cx.report(
            Finding::at(place.span, message)
                .on(fleet.id())
                .because_at(place.used, "used here")
                .because(size.span, "the maximum")
                .help("let `MinInstancesInService` be below `MaxSize`"),
        );
    }
    let waits = match scenario.find(policy, &["WaitOnResourceSignals"]) {
        Found::Node(node) => match scenario.text(node) {
            Some(text) if text.known() == Some("true") => Some(true),
            Some(text) if text.known().is_some() => Some(false),
            _ => None,
        },
        Found::Absent => Some(false),
        Found::Unknown => None,
    };
    let key = |name: &str| -> Option<Span> { policy.entry(name).map(|it| it.0.span()) };
    if let (Some(false), Some(span)) = (waits, key("MinSuccessfulInstancesPercent")) {
        cx.report(
            Finding::at(span, "a percentage of signals, and nothing waits for signals")
                .on(fleet.id())
                .severity(Severity::Warning)
                .help("set `WaitOnResourceSignals` to true and give a `PauseTime`"),
        );
    }
    let missing = facts.signalling(scenario, fleet).iter().any(|it| it.verdict.verdict == Signals::Missing);
    // What waits from the start on is ECS203's business.
    let on_creation = facts.waiting(scenario, fleet).ok().flatten().is_some_and(|it| it.on_creation);
    if let (Some(true), Some(span), true, false) = (waits, key("WaitOnResourceSignals"), missing, on_creation)
    {
        cx.report(
            Finding::at(span, "each update waits for signals, and the boot sends none")
                .on(fleet.id())
                .help("end the user data with `cfn-signal`, or take `WaitOnResourceSignals` out"),
        );
    }
}

/// A whole number and where it is written.
fn number<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>) -> Option<(u32, Place)> {
    let Found::Node(node) = found else { return None };
    let text: Text<'t> = scenario.text(node)?;
    Some((text.known()?.trim().parse().ok()?, text.whole_place()?))
}
