//! `--resource` names another resource than the one that waits.

use super::writing::write;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::Signals;
use crate::resolve::Text;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS202",
    name: "signals-other-resource",
    severity: Severity::Error,
    summary: "cfn-signal names something else than what waits for it",
    page: include_str!("../../rules/ECS202.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, signalling, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let Ok(Some(own)) = facts.waiting(scenario, fleet) else { return };
    let (Signals::WrongResource, Some(signal)) = (signalling.verdict.verdict, &signalling.signal) else {
        return;
    };
    let Some(name) = signal.resource.as_ref().and_then(Text::known) else { return };
    let place = signal.resource.as_ref().and_then(Text::whole_place);
    // A name that is not there at all is ECS201's business.
    let (Some(other), Some(place)) = (facts.template().resource(name), place) else { return };
    let message = format!("the boot script signals `{name}`, but `{}` waits", own.id);
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because(own.policy, format!("`{}` waits for the signal", own.id))
            .because(other.key.span(), "this does not get the stack on")
            .because_at(place.used, "used here")
            .help(format!("write `--resource {}`", own.id))
            .fix(
                write(facts, place.span, own.id)
                    .filter(|_| place.used.is_none())
                    .map(|edits| Fix::all(Safety::Safe, format!("signal `{}`", own.id), edits)),
            ),
    );
}
