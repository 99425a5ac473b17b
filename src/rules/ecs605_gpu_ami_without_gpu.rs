//! An image for GPUs, and none there.

use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, ImageVariant, image_words};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS605",
    name: "gpu-ami-without-gpu",
    severity: Severity::Warning,
    summary: "the image is made for a GPU that the instance does not have",
    page: include_str!("../../rules/ECS605.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    let types: Option<Vec<_>> =
        launch.types.iter().map(|it| it.text.known().and_then(instances::find)).collect();
    let Some(types) = types.filter(|it| !it.is_empty()) else { return };
    for (source, (_, image)) in launch.sources.iter().zip(facts.boots(scenario, fleet).iter()) {
        let (made_for, lacks) = match image.variant {
            Some(ImageVariant::Gpu) => ("NVIDIA GPUs", types.iter().all(|it| it.gpus.is_none())),
            Some(ImageVariant::Neuron) => ("AWS Neuron", types.iter().all(|it| it.accelerators.is_none())),
            _ => continue,
        };
        let Some((span, used)) = image_words(scenario, source).filter(|_| lacks) else { continue };
        let message = format!("the image is made for {made_for}, and `{}` has none", types[0].name);
        cx.report(
            Finding::at(span, message)
                .on(source.id)
                .because_at(used, "used here")
                .help("take the image without it, or an instance type that has one"),
        );
    }
}
