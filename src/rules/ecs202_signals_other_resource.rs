//! `--resource` names another resource than the one that waits.

use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::model::{Fleet, Signals};
use crate::resolve::{Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS202",
    name: "signals-other-resource",
    severity: Severity::Error,
    summary: "cfn-signal names something else than what waits for it",
    page: include_str!("../../rules/ECS202.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let Ok(Some(own)) = facts.waiting(scenario, fleet) else { return };
    let launch = facts.launch(scenario, fleet);
    for (source, signalling) in launch.sources.iter().zip(facts.signalling(scenario, fleet)) {
        let (Signals::WrongResource, Some(signal)) = (signalling.verdict.verdict, signalling.signal) else {
            continue;
        };
        let Some(name) = signal.resource.as_ref().and_then(Text::known) else { continue };
        let place = signal.resource.as_ref().and_then(Text::whole_place);
        // A name that is not there at all is ECS201's business.
        let (Some(other), Some(place)) = (facts.template().resource(name), place) else { continue };
        let message = format!("the boot script signals `{name}`, but `{}` waits", own.id);
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because(own.policy, format!("`{}` waits for the signal", own.id))
                .because(other.key.span(), "this does not get the stack on")
                .because_at(place.used, "used here")
                .help(format!("write `--resource {}`", own.id))
                .fix(place.used.is_none().then(|| {
                    Fix::new(Safety::Safe, format!("signal `{}`", own.id), Edit::replace(place.span, own.id))
                })),
        );
    }
}
