//! `--resource` names nothing.

use super::writing::write;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::Signals;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS201",
    name: "signals-unknown-resource",
    severity: Severity::Error,
    summary: "cfn-signal names a resource that the template does not have",
    page: include_str!("../../rules/ECS201.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let template = facts.template();
    // A macro or a loop may bring the resource.
    if template.transforms.macros || template.transforms.loops {
        return;
    }
    let waiting = facts.waiting(scenario, fleet);
    let told = facts.signalling(scenario, fleet).iter().all(|it| it.verdict.verdict == Signals::Ok);
    for signal in boot.signals.iter().filter(|it| it.is_for_this_stack()) {
        let Some(text) = &signal.resource else { continue };
        let (Some(name), Some(place)) = (text.known(), text.whole_place()) else { continue };
        if template.resource(name).is_some() {
            continue;
        }
        let own = waiting.ok().flatten();
        let severity = if own.is_some() && !told { Severity::Error } else { Severity::Warning };
        let message = format!("the boot script signals `{name}`, which is not in the template");
        // Where the stack comes up as it is, other user data means other instances.
        let safety = if severity == Severity::Error { Safety::Safe } else { Safety::Unsafe };
        cx.report_with(|| {
            let finding = Finding::at(place.span, message)
                .on(source.id)
                .severity(severity)
                .because_at(place.used, "used here");
            let Some(own) = own else { return finding };
            let edits = if place.used.is_none() { write(facts, place.span, own.id) } else { None };
            finding
                .because(own.policy, format!("`{}` waits for the signal", own.id))
                .help(format!("write `--resource {}`", own.id))
                .fix(edits.map(|it| Fix::all(safety, format!("signal `{}`", own.id), it)))
        });
    }
}
