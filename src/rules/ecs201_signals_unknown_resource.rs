//! `--resource` names nothing.

use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
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
        let mut finding = Finding::at(place.span, message)
            .on(source.id)
            .severity(severity)
            .because_at(place.used, "used here");
        if let Some(own) = own {
            finding = finding
                .because(own.policy, format!("`{}` waits for the signal", own.id))
                .help(format!("write `--resource {}`", own.id))
                .fix(place.used.is_none().then(|| {
                    Fix::new(Safety::Safe, format!("signal `{}`", own.id), Edit::replace(place.span, own.id))
                }));
        }
        cx.report(finding);
    }
}
