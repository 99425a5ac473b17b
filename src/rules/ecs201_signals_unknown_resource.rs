//! `--resource` names nothing.

use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::model::{Fleet, Signals};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS201",
    name: "signals-unknown-resource",
    severity: Severity::Error,
    summary: "cfn-signal names a resource that the template does not have",
    page: include_str!("../../rules/ECS201.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let template = facts.template();
    // A macro or a loop may bring the resource.
    if template.transforms.macros || template.transforms.loops {
        return;
    }
    let waiting = facts.waiting(scenario, fleet);
    let told = facts.signalling(scenario, fleet).iter().all(|it| it.verdict.verdict == Signals::Ok);
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    for (source, (boot, _)) in launch.sources.iter().zip(boots.iter()) {
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
                        Fix::new(
                            Safety::Safe,
                            format!("signal `{}`", own.id),
                            Edit::replace(place.span, own.id),
                        )
                    }));
            }
            cx.report(finding);
        }
    }
}
