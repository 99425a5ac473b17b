//! A metadata service that answers without a token.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, ImageFamily, Source};
use crate::resolve::{Found, Place, Scenario, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS704",
    name: "imds-v1-allowed",
    severity: Severity::Warning,
    summary: "the metadata service gives the role's credentials without a token",
    page: include_str!("../../rules/ECS704.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let (launch, boots) = (facts.launch(scenario, fleet), facts.boots(scenario, fleet));
    for (source, (boot, image)) in launch.sources.iter().zip(boots.iter()) {
        let endpoint = source.text(scenario, &["MetadataOptions", "HttpEndpoint"]);
        if endpoint.as_ref().and_then(Text::known) == Some("disabled") {
            continue;
        }
        // Without a word on it the image decides; those of newer systems want tokens.
        let by_default = matches!(image.family, Some(ImageFamily::AmazonLinux | ImageFamily::AmazonLinux2));
        let Some(place) = allowed(scenario, source, by_default) else { continue };
        let asks = boot.questions.iter().any(|it| !it.token);
        let first = if asks { "let the boot ask with a token, then " } else { "" };
        cx.report(
            Finding::at(place.span, "the metadata service answers without a token (IMDSv1)")
                .on(source.id)
                .because_at(place.used, "used here")
                .help(format!("{first}set `HttpTokens: required` under `MetadataOptions`")),
        );
    }
}

/// The words by which tokens are not required.
fn allowed<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>, by_default: bool) -> Option<Place> {
    match source.find(scenario, &["MetadataOptions", "HttpTokens"]) {
        Found::Node(node) => {
            let text = scenario.text(node)?;
            if text.known() == Some("optional") { text.whole_place() } else { None }
        }
        Found::Unknown => None,
        Found::Absent if by_default => {
            let span = source.key_of(scenario, "MetadataOptions").unwrap_or(source.key);
            Some(Place { span, used: None })
        }
        Found::Absent => None,
    }
}
