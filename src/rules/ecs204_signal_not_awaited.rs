//! A signal that nobody waits for.

use crate::diagnostic::{Finding, Severity};
use crate::model::Signals;
use crate::resolve::Text;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS204",
    name: "signal-not-awaited",
    severity: Severity::Warning,
    summary: "the boot signals, and nothing waits for it",
    page: include_str!("../../rules/ECS204.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, signalling, .. } = *at;
    let facts = cx.facts();
    let (Signals::NotAwaited, Some(signal)) = (signalling.verdict.verdict, &signalling.signal) else {
        return;
    };
    let name = signal.resource.as_ref().and_then(Text::known);
    // A name that is not in the template is ECS201's business.
    let (Some(target), Some(place)) = (name.and_then(|it| facts.template().resource(it)), signal.command)
    else {
        return;
    };
    let message = format!("the boot script signals `{}`, which does not wait", target.id);
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because(target.key.span(), "without a `CreationPolicy` this is done before anything joined")
            .because_at(place.used, "used here")
            .help(format!("give `{}` a `CreationPolicy` with a `ResourceSignal`", target.id)),
    );
}
