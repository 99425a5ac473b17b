//! A signal that says nothing of the joining.

use crate::boot::{Boot, Does, ExitCode, Signal};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Signals};
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Rule};

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
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let Ok(Some(own)) = facts.waiting(scenario, fleet) else { return };
    let told = facts.signalling(scenario, fleet);
    for ((source, (boot, _)), told) in launch.sources.iter().zip(boots.iter()).zip(told) {
        let (Signals::Ok, Some(signal)) = (told.verdict.verdict, told.signal) else { continue };
        let Some(place) = signal.command else { continue };
        // Under `-e` the script has ended before; a signal of failure elsewhere is how scripts tell.
        let told_elsewhere = boot.signals.iter().any(|it| it.is_failure() || it.trapped);
        if signal.errexit || signal.trapped || told_elsewhere {
            continue;
        }
        let Some((message, reported)) = hides(&signal, boot) else { continue };
        let span = place.span;
        let mut finding = Finding::at(span, message)
            .on(source.id)
            .because(own.policy, format!("`{}` waits for an honest answer", own.id))
            .because_at(place.used, "used here");
        if let Some(at) = reported {
            finding = finding.because(at.span, "this is what it reports");
        }
        cx.report(finding.help(
            "put `set -e` on top and `trap '/opt/aws/bin/cfn-signal -e $? ...' EXIT` below it: the stack is told what fails",
        ));
    }
}

/// What the signal reports when that says nothing of the joining.
fn hides(signal: &Signal<'_>, boot: &Boot<'_>) -> Option<(String, Option<Place>)> {
    match &signal.exit_code {
        ExitCode::Constant(0) if !signal.of_status => {
            Some(("this reports success whatever happened before".to_owned(), None))
        }
        ExitCode::Constant(0) => {
            let (name, place) = signal.after.clone()?;
            Some((format!("this reports only that `{name}` went well, whatever happened before"), place))
        }
        ExitCode::Of { command, place } if SAYS_NOTHING.contains(&command.as_str()) => {
            // Where the boot installs the agent, the installation says something.
            let installs = |part: &str| {
                boot.steps
                    .iter()
                    .any(|it| matches!(&it.does, Does::Installs { package } if package.contains(part)))
            };
            let silent = installs("ecs") || installs("docker");
            (!silent).then(|| {
                (
                    format!("this reports only how `{command}` ended, which says nothing of the joining"),
                    *place,
                )
            })
        }
        _ => None,
    }
}
