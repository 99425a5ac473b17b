//! A metadata service that answers without a token.

use super::entries::{New, insert};
use super::writing::write;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::{Fleet, ImageFamily, Source};
use crate::resolve::{Found, Place, Scenario, Text};
use crate::rule::{Check, Cx, Facts, Rule};
use crate::syntax::Node;
use crate::template::{Expr, expr};

pub(super) static RULE: Rule = Rule {
    code: "ECS704",
    name: "imds-v1-allowed",
    severity: Severity::Warning,
    summary: "the metadata service gives the role's credentials without a token",
    page: include_str!("../../rules/ECS704.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
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
        // A boot that asks without a token would get no answer any more.
        let fix = if asks { None } else { require(facts, scenario, source, place) };
        let first = if asks { "let the boot ask with a token, then " } else { "" };
        cx.report(
            Finding::at(place.span, "the metadata service answers without a token (IMDSv1)")
                .on(source.id)
                .because_at(place.used, "used here")
                .help(format!("{first}set `HttpTokens: required` under `MetadataOptions`"))
                .fix(fix),
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

/// Requires tokens: where it says otherwise, under `MetadataOptions`, or with them.
fn require<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    source: &Source<'t>,
    place: Place,
) -> Option<Fix> {
    let is_map = |it: &Node<'t>| matches!(expr(*it), Expr::Map(_));
    let found = |path: &[&str]| match source.find(scenario, path) {
        Found::Node(node) => Some(node),
        _ => None,
    };
    let edits = if found(&["MetadataOptions", "HttpTokens"]).is_some() {
        write(facts, place.span, "required").filter(|_| place.used.is_none())?
    } else if let Some(options) = found(&["MetadataOptions"]) {
        vec![insert(facts, options, None, New::Text("HttpTokens", "required")).filter(|_| is_map(&options))?]
    } else {
        let resource = facts.template().resource(source.id)?;
        let properties = resource.properties().filter(is_map)?;
        let holder = match resource.type_name() {
            "AWS::EC2::LaunchTemplate" => properties.get("LaunchTemplateData").filter(is_map)?,
            "AWS::AutoScaling::LaunchConfiguration" => properties,
            _ => return None,
        };
        vec![insert(facts, holder, None, New::Under("MetadataOptions", "HttpTokens", "required"))?]
    };
    Some(Fix::all(Safety::Unsafe, "require tokens", edits))
}
