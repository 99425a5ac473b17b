//! The metadata service asked without its token.

use crate::boot::{AGENT_CONFIG, Boot, Does};
use crate::diagnostic::{Finding, Severity};
use crate::resolve::{Found, Place, Text};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS705",
    name: "imds-v1-used",
    severity: Severity::Warning,
    summary: "the metadata service wants a token, and the boot has none",
    page: include_str!("../../rules/ECS705.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, .. } = *at;
    let Found::Node(tokens) = source.find(scenario, &["MetadataOptions", "HttpTokens"]) else { return };
    let tokens = scenario.text(tokens).filter(|it| it.known() == Some("required"));
    let Some(wanted) = tokens.as_ref().and_then(Text::whole_place) else { return };
    for step in boot.steps.iter().filter(|it| it.does == Does::AsksMetadata { token: false }) {
        let Some(place) = step.place else { continue };
        let decides = step.certain && decides(boot, place);
        let message = match decides {
            true => "the metadata service refuses this, and joining or the signal depends on the answer",
            false => "the metadata service refuses this: it has no token",
        };
        let mut finding = Finding::at(place.span, message)
            .on(source.id)
            .because_at(place.used, "used here")
            .because(wanted.span, "a token is wanted")
            .help(
                "ask for one: `TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token -H \
                 'X-aws-ec2-metadata-token-ttl-seconds: 60')`, and show it with `-H \"X-aws-ec2-metadata-token: $TOKEN\"`",
            );
        if decides {
            finding = finding.severity(Severity::Error);
        }
        cx.report(finding);
    }
}

/// Whether what the command printed is the cluster's name, or says whom to signal.
fn decides(boot: &Boot<'_>, place: Place) -> bool {
    let holds = |text: &Text<'_>| text.pieces().iter().any(|it| it.source == place.span);
    let in_config = boot.files.get(AGENT_CONFIG).is_some_and(|file| {
        file.chunks
            .iter()
            .any(|it| it.certain && it.text.as_str().contains("ECS_CLUSTER=") && holds(&it.text))
    });
    let in_signal = boot
        .signals
        .iter()
        .filter(|it| it.is_sent() && !it.is_failure())
        .any(|it| [&it.resource, &it.stack, &it.region, &it.url].into_iter().flatten().any(&holds));
    in_config || in_signal
}
