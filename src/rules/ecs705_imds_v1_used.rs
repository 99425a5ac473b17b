//! Questions that the metadata service does not answer.

use crate::boot::{Boot, Question, Setting};
use crate::diagnostic::{Finding, Severity};
use crate::model::Signals;
use crate::resolve::Text;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS705",
    name: "imds-v1-used",
    severity: Severity::Error,
    summary: "the boot asks the metadata service without the token that it wants",
    page: include_str!("../../rules/ECS705.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, signalling, .. } = *at;
    let tokens = source.text(scenario, &["MetadataOptions", "HttpTokens"]);
    let Some(required) = tokens.filter(|it| it.known() == Some("required")) else { return };
    let waits = signalling.verdict.verdict != Signals::NotNeeded;
    for question in boot.questions.iter().filter(|it| !it.token) {
        let breaks = joins_by(boot, question) || (waits && signals_by(boot, question));
        cx.report(
            Finding::at(
                question.place.span,
                "the metadata service answers 401 to a question without a token",
            )
            .on(source.id)
            .severity(if breaks { Severity::Error } else { Severity::Warning })
            .because_at(question.place.used, "used here")
            .because_at(required.whole_place().map(|it| it.span), "it wants tokens")
            .help(
                "get a token from `http://169.254.169.254/latest/api/token` and send it in the header \
                     `X-aws-ec2-metadata-token`",
            ),
        );
    }
}

/// Whether the name of the cluster is the answer.
fn joins_by(boot: &Boot<'_>, question: &Question) -> bool {
    matches!(boot.setting("ECS_CLUSTER"), Setting::Set(line) if question.is_answered_by(&line.value))
}

/// Whether every signal goes where the answer says.
fn signals_by(boot: &Boot<'_>, question: &Question) -> bool {
    let astray = |it: &Option<Text<'_>>| it.as_ref().is_some_and(|it| question.is_answered_by(it));
    let mut sent = boot.signals.iter().filter(|it| !it.absent).peekable();
    sent.peek().is_some()
        && sent.all(|it| astray(&it.region) || astray(&it.stack) || astray(&it.resource) || astray(&it.url))
}
