//! Under `set -e` a failure is never signalled.

use super::writing::is_substituted;
use crate::boot::Signal;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::resolve::Place;
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::syntax::Style;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS209",
    name: "failure-never-signalled",
    severity: Severity::Warning,
    summary: "a script that ends at its first failure tells the stack nothing of it",
    page: include_str!("../../rules/ECS209.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let (Ok(own), all) = (facts.waiting(scenario, fleet), facts.all_waiting(scenario)) else { return };
    let by_url = || all.as_ref().as_ref().and_then(|it| it.iter().find(|it| it.by_url)).copied();
    let Some(own) = own.or_else(by_url) else { return };
    if boot.signals.iter().any(|it| it.is_failure() || it.trapped || !it.certain && it.guarded) {
        return;
    }
    let to_own = |it: &&Signal<'_>| match &it.resource {
        Some(resource) => resource.known() == Some(own.id),
        None => own.by_url && it.url.is_some(),
    };
    let signal = boot.signals.iter().filter(to_own).find(|it| it.errexit && it.is_sent());
    let Some((signal, place)) = signal.and_then(|it| Some((it, it.command?))) else { return };
    let message = "a command that fails ends the script before this line, and the stack is told nothing";
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because(own.policy, format!("`{}` waits until its timeout then", own.id))
            .because_at(place.used, "used here")
            .help("let a trap signal: `trap '/opt/aws/bin/cfn-signal -e $? ...' EXIT`")
            .fix(trap(facts, signal, place)),
    );
}

/// Puts a trap on top of the script that sends the same signal, as one of failure, when the script fails. `None` where
/// the signal is more than one plain line: inside of the quotes it would say something else.
fn trap(facts: &Facts<'_, '_>, signal: &Signal<'_>, place: Place) -> Option<Fix> {
    let source = facts.parse.tree.source();
    let script = facts.parse.tree.scalar_at(place.span).filter(|it| it.style() == Style::Literal)?;
    let (start, name_end) = (place.span.start as usize, place.span.end as usize);
    let line = source[start..].lines().next()?.trim_end();
    let own = place.span.slice(source).ends_with("cfn-signal") && place.used.is_none();
    if !own
        || line.contains(['\'', '\\', ';', '&', '|', '<', '>', '`', '#'])
        || script.text().contains("trap ")
    {
        return None;
    }
    let end = start + line.len();
    let command = match signal.exit_place {
        None => format!("{} -e 1{}", &source[start..name_end], &source[name_end..end]),
        Some(status) => {
            let span = status.span;
            let inside = start <= span.start as usize && span.end as usize <= end && status.used.is_none();
            let option = span.slice(source).strip_suffix("$?").filter(|_| inside)?;
            format!("{}{option}1{}", &source[start..span.start as usize], &source[span.end as usize..end])
        }
    };
    // What only the script knows may not be set yet.
    let is_open = |(at, _): (usize, &str)| {
        let rest = &command[at + 1..];
        !is_substituted(script) || !rest.starts_with('{') || rest.starts_with("{!")
    };
    if command.match_indices('$').any(is_open) {
        return None;
    }
    let head = script.text().lines().next().filter(|it| it.starts_with("#!"))?;
    let top = script.text_map().to_source(0, head.len())?.end as usize;
    let edit = script.write(Span::at(top), &format!("\ntrap '[ $? -eq 0 ] || {command}' EXIT"))?;
    Some(Fix::new(Safety::Unsafe, "signal failures from a trap", edit))
}
