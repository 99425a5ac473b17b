//! A signal that says nothing of the joining.

use crate::boot::{Boot, Does, ExitCode, Signal};
use crate::diagnostic::{Finding, Severity};
use crate::model::Signals;
use crate::resolve::Place;
use crate::rule::{Booted, Check, Cx, Rule};

/// Commands whose status says nothing of the joining.
const SAYS_NOTHING: [&str; 26] = [
    "amazon-linux-extras",
    "apt",
    "apt-get",
    "cat",
    "cd",
    "chmod",
    "chown",
    "cp",
    "date",
    "dnf",
    "echo",
    "export",
    "hostname",
    "ln",
    "mkdir",
    "mv",
    "pip",
    "pip3",
    "printf",
    "rm",
    "rpm",
    "sed",
    "sleep",
    "tee",
    "touch",
    "yum",
];

pub(super) static RULE: Rule = Rule {
    code: "ECS208",
    name: "signal-hides-failure",
    severity: Severity::Warning,
    summary: "the signal reports success whatever happened",
    page: include_str!("../../rules/ECS208.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, signalling: told, scenario, fleet, .. } = *at;
    let facts = cx.facts();
    let Ok(own) = facts.waiting(scenario, fleet) else { return };
    let (Signals::Ok, Some(signal)) = (told.verdict.verdict, &told.signal) else { return };
    let Some(place) = signal.exit_place.or(signal.command) else { return };
    // Under `-e` the script has ended before; a signal of failure elsewhere is how scripts tell.
    let told_elsewhere = boot.signals.iter().any(|it| it.is_failure() || (it.trapped && !is_fixed(it)));
    // In double quotes `$?` is filled in when the trap is set.
    let fixed = is_fixed(signal);
    if told_elsewhere || (!fixed && (signal.errexit || signal.trapped || signal.guarded)) {
        return;
    }
    let Some((message, reported)) = hides(signal, boot) else { return };
    let mut finding = Finding::at(place.span, message)
        .on(source.id)
        .because_at(reported.map(|it| it.span), "this is what it reports")
        .because_at(place.used, "used here");
    if let Some(own) = own {
        finding = finding.because(own.policy, format!("`{}` waits for an honest answer", own.id));
    }
    cx.report(finding.help(
            "put `set -e` on top and `trap '/opt/aws/bin/cfn-signal -e $? ...' EXIT` below it: the stack is told what fails",
        ));
}

/// Whether a trap reports success whatever happened.
fn is_fixed(signal: &Signal<'_>) -> bool {
    signal.trapped && !signal.of_status && signal.exit_code == ExitCode::Constant(0)
}

/// What the signal reports when that says nothing of the joining, and the command of which it does.
fn hides(signal: &Signal<'_>, boot: &Boot<'_>) -> Option<(String, Option<Place>)> {
    let Some((command, place)) = &signal.reports else {
        let always = !signal.of_status && signal.exit_code == ExitCode::Constant(0);
        return always.then(|| ("this reports success whatever happened before".to_owned(), None));
    };
    let name = command.rsplit('/').next().unwrap_or(command);
    // Where the boot installs the agent, the installation says something.
    let installs = |part: &str| {
        boot.steps.iter().any(|it| matches!(&it.does, Does::Installs { package } if package.contains(part)))
    };
    // The line that sets the cluster says something, too.
    let sets = boot.steps.iter().any(|it| {
        matches!(&it.does, Does::Writes { sets_cluster: true, .. })
            && it.place.zip(*place).is_some_and(|(whole, name)| {
                whole.span.start <= name.span.start && name.span.end <= whole.span.end
            })
    });
    if !SAYS_NOTHING.contains(&name) || sets || installs("ecs") || installs("docker") {
        return None;
    }
    let message = format!("this reports only how `{name}` ended, whatever failed before it");
    Some((message, *place))
}
