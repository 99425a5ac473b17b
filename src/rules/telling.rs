//! Which signals tell what waits.

use crate::boot::{Boot, Signal};
use crate::diagnostic::Severity;
use crate::model::{Fleet, Image, Signals, Waiting};
use crate::resolve::{Scenario, Symbol, Text};
use crate::rule::Facts;

/// Whether a signal names what waits: by its resource, or by the URL of its handle.
pub(super) fn is_for(signal: &Signal<'_>, waiting: &Waiting<'_>) -> bool {
    if waiting.by_url {
        let url = signal.url.as_ref().and_then(Text::only_symbol);
        return matches!((url, waiting.handle), (Some(Symbol::Resource(id)), Some(handle)) if *id == handle);
    }
    signal.resource.as_ref().and_then(Text::known) == Some(waiting.id)
}

/// Whether only deployment can tell what a signal names.
pub(super) fn is_open(signal: &Signal<'_>) -> bool {
    let named = |it: &Text<'_>| matches!(it.only_symbol(), Some(Symbol::Resource(_)));
    let url = signal.url.as_ref();
    !signal.is_known() || url.is_some_and(|it| it.known().is_none() && !named(it))
}

/// Whether a boot of a fleet signals what waits.
pub(super) fn tells(boots: &[(Boot<'_>, Image)], waiting: &Waiting<'_>) -> bool {
    boots.iter().any(|(boot, _)| boot.signals.iter().any(|it| is_for(it, waiting)))
}

/// How bad it is that a signal does nothing: an error where something waits for it, and the same boot sends no other.
pub(super) fn severity<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    signal: &Signal<'t>,
    verdict: Signals,
) -> Severity {
    let all = facts.all_waiting(scenario);
    let waits = facts.waiting(scenario, fleet).is_ok_and(|it| it.is_some())
        || all.as_ref().as_ref().is_some_and(|it| it.iter().any(|it| is_for(signal, it)));
    if waits && verdict != Signals::Ok { Severity::Error } else { Severity::Warning }
}
