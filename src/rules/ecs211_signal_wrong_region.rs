//! The signal goes to another region.

use super::telling;
use crate::boot::{Astray, Helper, Signal};
use crate::diagnostic::{Finding, Severity};
use crate::resolve::{Place, Scenario};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS211",
    name: "signal-wrong-region",
    severity: Severity::Warning,
    summary: "cfn-signal goes to another region than the stack's",
    page: include_str!("../../rules/ECS211.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, signalling: signalled, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    for signal in boot.signals.iter().filter(|it| !it.absent && !it.unclear) {
        let Some((place, message, severity)) = fault(signal, scenario) else { continue };
        let worst = telling::severity(facts, scenario, fleet, signal, signalled.verdict.verdict);
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .severity(severity.min(worst))
                .because_at(place.used, "used here")
                .help("write `--region ${AWS::Region}`"),
        );
    }
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
