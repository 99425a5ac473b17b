//! Images that the instance type cannot start.

use super::gpus::types_of_one;
use crate::catalog::images::Architecture;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, image, written_images};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS606",
    name: "architecture-mismatch",
    severity: Severity::Error,
    summary: "the image is made for another processor than the instance type has",
    page: include_str!("../../rules/ECS606.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    let (Some(types), [source]) = (types_of_one(&launch), launch.sources.as_slice()) else { return };
    let Some(of_image) = image(scenario, source).architecture else { return };
    let written = written_images(scenario, source);
    let Some(written) = written.first() else { return };
    let (fitting, others): (Vec<_>, Vec<_>) =
        types.iter().partition(|(it, _)| it.architecture == Some(of_image));
    for (found, place) in others {
        let Some(of_type) = found.architecture else { continue };
        // The group may start the others; and who chooses a condition may choose the parameter as well.
        let chosen = place.used.is_some() || written.place.used.is_some();
        let sure = fitting.is_empty() && (!chosen || scenario.assumed().is_empty());
        let message = format!("`{}` is {}, and the image {}", found.name, name(of_type), name(of_image));
        cx.report(
            Finding::at(place.span, message)
                .severity(if sure { Severity::Error } else { Severity::Warning })
                .because_at(place.used, "used here")
                .because(written.place.span, format!("this image is for {}", name(of_image)))
                .help(format!("take a type for {}, or the image for {}", name(of_image), name(of_type))),
        );
    }
}

fn name(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Arm64 => "arm64",
    }
}
