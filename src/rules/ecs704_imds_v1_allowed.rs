//! The metadata service without tokens.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, Image, ImageFamily};
use crate::resolve::{Found, Place, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS704",
    name: "imds-v1-allowed",
    severity: Severity::Warning,
    summary: "whoever can make the instance fetch an address gets its credentials",
    page: include_str!("../../rules/ECS704.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    for (source, (_, image)) in launch.sources.iter().zip(facts.boots(scenario, fleet).iter()) {
        let message = match source.find(scenario, &["MetadataOptions", "HttpTokens"]) {
            Found::Node(node) => {
                let text = scenario.text(node);
                let place =
                    text.as_ref().filter(|it| it.known() == Some("optional")).and_then(|it| it.whole_place());
                place.map(|it| (it, "the metadata service answers without a token".to_owned()))
            }
            Found::Absent if may_answer(*image) => {
                let message = format!("nothing in `{}` makes the metadata service want a token", source.id);
                Some((Place { span: source.key, used: None }, message))
            }
            Found::Absent | Found::Unknown => None,
        };
        let Some((place, message)) = message else { continue };
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help("set `MetadataOptions: {HttpTokens: required}`"),
        );
    }
}

/// Whether instances of an image answer without a token unless they are told otherwise. Amazon Linux 2023 does not, nor
/// does the newest Bottlerocket
/// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html>).
fn may_answer(image: Image) -> bool {
    !matches!(image.family, None | Some(ImageFamily::AmazonLinux2023 | ImageFamily::Bottlerocket))
}
