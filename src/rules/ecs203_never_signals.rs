//! Something waits and nothing signals.

use crate::boot::{Boot, Signal, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Joins, Signals};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};
use crate::template::Template;

pub(super) static RULE: Rule = Rule {
    code: "ECS203",
    name: "never-signals",
    severity: Severity::Error,
    summary: "the group waits for a signal that the boot never sends",
    page: include_str!("../../rules/ECS203.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

/// Whether a signal is called that does nothing, or nothing comes as far as that.
fn does_nothing<'t>(boot: &Boot<'t>, scenario: &Scenario<'_, 't>) -> bool {
    // The rules about these tell it.
    let placeholders = !boot.placeholders(scenario.template()).is_empty();
    let runs_not =
        placeholders || boot.language.is_some() || !boot.defects.is_empty() || !boot.syntax_errors.is_empty();
    runs_not
        || boot.deadlock.is_some()
        || boot.signals.iter().any(|it| it.absent || is_refused(it) || it.astray(scenario).is_some())
}

/// A wait condition that nobody can tell.
fn untold<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let missing = facts.signalling(scenario, fleet).iter().any(|it| it.verdict.verdict == Signals::Missing);
    // One that is called in vain is told by the rules about the call.
    let called = facts.boots(scenario, fleet).iter().any(|(boot, _)| does_nothing(boot, scenario));
    let Some(waiting) = facts.untold(scenario).filter(|_| missing && !called) else { return };
    let message =
        format!("`{}` waits for a signal, and nothing of the template names its handle", waiting.id);
    cx.report(
        Finding::at(waiting.key, message)
            .on(waiting.id)
            .because(fleet.resource.key.span(), "this starts the instances")
            .help("end the user data with `cfn-signal` and the address, `!Ref` of the handle"),
    );
}

/// Whether ECS212 tells that it is refused.
fn is_refused(signal: &Signal<'_>) -> bool {
    signal.problems.iter().any(|(problem, _)| problem.is_proved())
}

/// Whether the script ends before it joins: ECS108 tells it.
fn ends<'t>(boot: &Boot<'t>, template: &Template<'t>) -> bool {
    let hides = boot.stops.iter().any(|it| it.hides_signal);
    hides && matches!(boot.why_unset(template), Some(WhyUnset::Stop(_)))
}

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let Ok(own) = facts.waiting(scenario, fleet) else { return };
    let Some(own) = own else { return untold(cx, scenario, fleet) };
    // An update that waits is ECS216's business.
    if !own.on_creation {
        return;
    }
    let launch = facts.launch(scenario, fleet);
    let boots = facts.boots(scenario, fleet);
    let told = facts.signalling(scenario, fleet);
    let joining = facts.joining(scenario, fleet);
    let verdicts = joining.iter().zip(told.iter());
    for ((source, (boot, _)), (joining, signalling)) in launch.sources.iter().zip(boots.iter()).zip(verdicts)
    {
        // One that is called and does nothing is told by the rules about the call.
        if signalling.verdict.verdict != Signals::Missing
            || does_nothing(boot, scenario)
            || ends(boot, facts.template())
        {
            continue;
        }
        if let Some(signal) = boot.signals.iter().find(|it| it.is_sent() && it.is_failure()) {
            // That the cluster is not set, for which it may tell a failure, has a rule of its own.
            let joins =
                joining.verdict.verdict != Joins::No && joining.verdict.verdict != Joins::WrongCluster;
            if let Some(place) = signal.command.filter(|_| joins) {
                let message =
                    format!("this tells `{}` of a failure, and nothing tells it of a success", own.id);
                let finding =
                    Finding::at(place.span, message).on(source.id).because_at(place.used, "used here");
                cx.report(
                    finding.because(own.policy, "this waits").help("signal `-e 0` where all went well"),
                );
            }
            continue;
        }
        let message = format!("`{}` waits for a signal, and the boot of `{}` sends none", own.id, source.id);
        let user_data = source.key_of(scenario, "UserData").unwrap_or(source.key);
        let help = format!(
            "put `set -e` on top of the user data, and below it `trap '/opt/aws/bin/cfn-signal -e $? --stack \
             ${{AWS::StackName}} --resource {} --region ${{AWS::Region}}' EXIT`",
            own.id
        );
        cx.report(Finding::at(own.policy, message).because(user_data, "this boots the instances").help(help));
    }
}
