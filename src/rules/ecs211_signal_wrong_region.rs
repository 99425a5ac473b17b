//! The signal goes to another region.

use super::telling;
use super::writing::{Part, write_parts};
use crate::boot::{Astray, Does, Helper, Signal, Step};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::resolve::{Place, Scenario};
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS211",
    name: "signal-wrong-region",
    severity: Severity::Warning,
    summary: "cfn-signal or cfn-init goes to another region than the stack's",
    page: include_str!("../../rules/ECS211.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, signalling: signalled, scenario, fleet, .. } = *at;
    check_init(cx, at);
    let facts = cx.facts();
    for signal in boot.signals.iter().filter(|it| !it.absent && !it.unclear) {
        let Some((place, message, severity)) = fault(signal, scenario) else { continue };
        let worst = telling::severity(facts, scenario, fleet, signal, signalled.verdict.verdict);
        cx.report_with(|| {
            Finding::at(place.span, message)
                .on(source.id)
                .severity(severity.min(worst))
                .because_at(place.used, "used here")
                .help("write `--region ${AWS::Region}`")
                .fix(to_own_region(facts, signal, place))
        });
    }
}

/// The helper that runs the metadata asks for them first.
fn check_init(cx: &mut Cx<'_, '_>, at: &Booted<'_, '_, '_>) {
    let facts = cx.facts();
    if at.scenario.world().region() == Some("us-east-1") {
        return;
    }
    let in_default = |it: &&Step| matches!(it.does, Does::Initializes { without_region: true, .. });
    for place in at.boot.steps.iter().filter(in_default).filter_map(|it| it.place) {
        let message =
            "without `--region` cfn-init looks for the stack in us-east-1, and fails in any other region";
        cx.report_with(|| {
            Finding::at(place.span, message)
                .on(at.source.id)
                .because_at(place.used, "used here")
                .help("write `--region ${AWS::Region}`")
                .fix(with_region(facts, place, "cfn-init"))
        });
    }
}

/// The region of the stack, behind the name of the command.
fn with_region(facts: &Facts<'_, '_>, place: Place, name: &str) -> Option<Fix> {
    let is_name = place.used.is_none() && place.span.slice(facts.parse.tree.source()).ends_with(name);
    let behind = Span::at(place.span.end as usize);
    let parts = [Part::Text(" --region "), Part::Ref("AWS::Region")];
    let edits = if is_name { write_parts(facts, behind, &parts) } else { None };
    Some(Fix::all(Safety::Unsafe, format!("let {name} ask the region of the stack"), edits?))
}

/// The region of the stack, behind the name of the command or in the place of the other one.
fn to_own_region(facts: &Facts<'_, '_>, signal: &Signal<'_>, place: Place) -> Option<Fix> {
    if signal.region.is_none() {
        return with_region(facts, place, "cfn-signal");
    }
    let edits =
        write_parts(facts, place.span, &[Part::Ref("AWS::Region")]).filter(|_| place.used.is_none())?;
    Some(Fix::all(Safety::Unsafe, "signal to the region of the stack", edits))
}

fn fault<'t>(signal: &Signal<'t>, scenario: &Scenario<'_, 't>) -> Option<(Place, String, Severity)> {
    let wrong = signal.astray(scenario) == Some(Astray::Region);
    match &signal.region {
        Some(given) if wrong => {
            let message = match given.known() {
                Some(name) => format!("`{name}` is not the region of this stack"),
                None => format!("`{}` is no region", given.display()),
            };
            Some((given.whole_place()?, message, Severity::Error))
        }
        None if signal.helper == Helper::CfnSignal
            && signal.resource.is_some()
            && signal.is_sent()
            && scenario.world().region() != Some("us-east-1") =>
        {
            let message = "without `--region` the signal goes to us-east-1, and is lost in any other region";
            Some((signal.command?, message.to_owned(), Severity::Warning))
        }
        _ => None,
    }
}
