//! Images for another processor.

use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Architecture, Fleet, image_words};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS606",
    name: "architecture-mismatch",
    severity: Severity::Error,
    summary: "the image does not run on the processor of the instance type",
    page: include_str!("../../rules/ECS606.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    for (source, (_, image)) in launch.sources.iter().zip(facts.boots(scenario, fleet).iter()) {
        let Some(of_image) = image.architecture else { continue };
        for offered in &launch.types {
            let Some(found) = offered.text.known().and_then(instances::find) else { continue };
            let (Some(of_type), Some(place)) = (found.architecture, offered.text.whole_place()) else {
                continue;
            };
            if of_type == of_image {
                continue;
            }
            let message = format!(
                "`{}` has {} processors, and the image is for {}",
                found.name,
                name(of_type),
                name(of_image)
            );
            let mut finding = Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help(format!("take an image for {}, or a type of the other architecture", name(of_type)));
            if let Some((span, _)) = image_words(scenario, source) {
                finding = finding.because(span, "this is the image");
            }
            cx.report(finding);
        }
    }
}

fn name(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Arm64 => "arm64",
    }
}
