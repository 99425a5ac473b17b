//! A GPU, and an image without its driver.

use crate::boot::Does;
use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet, ImageVariant};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS604",
    name: "gpu-without-gpu-ami",
    severity: Severity::Warning,
    summary: "the image has no driver for the GPU that is paid for",
    page: include_str!("../../rules/ECS604.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    for (source, (boot, image)) in launch.sources.iter().zip(facts.boots(scenario, fleet).iter()) {
        // The boot may bring a driver of its own.
        let brings = boot.anything
            || boot.steps.iter().any(|it| match &it.does {
                Does::Installs { package } => package.contains("nvidia") || package.contains("cuda"),
                Does::MayDoAnything { .. } => true,
                _ => false,
            });
        if brings || image.ecs != Answer::Yes || image.variant != Some(ImageVariant::Standard) {
            continue;
        }
        for offered in &launch.types {
            let Some(found) = offered.text.known().and_then(instances::find) else { continue };
            let Some(place) = offered.text.whole_place() else { continue };
            if found.gpus.is_none_or(|it| it.manufacturer != "NVIDIA") {
                continue;
            }
            let task = facts
                .template()
                .resources_of(&["AWS::ECS::TaskDefinition"])
                .find(|it| asks_gpu(scenario, it));
            let message = format!("`{}` has a GPU, and its image has no driver for it", found.name);
            let mut finding = Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help("take the image under `/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id`");
            if let Some(task) = task {
                let why = format!("`{}` wants a GPU, and is placed nowhere", task.id);
                finding = finding.severity(Severity::Error).because(task.key.span(), why);
            }
            cx.report(finding);
        }
    }
}

/// Whether a container of a task wants a GPU.
fn asks_gpu<'t>(scenario: &Scenario<'_, 't>, task: &crate::template::Entry<'t>) -> bool {
    let list = |found: Found<'t>| match found {
        Found::Node(node) => scenario.items(node).unwrap_or_default(),
        _ => Vec::new(),
    };
    list(scenario.property(task, &["ContainerDefinitions"])).into_iter().any(|container| {
        let Found::Node(container) = container else { return false };
        list(scenario.find(container, &["ResourceRequirements"])).into_iter().any(|wanted| {
            let Found::Node(wanted) = wanted else { return false };
            let Found::Node(kind) = scenario.find(wanted, &["Type"]) else { return false };
            scenario.text(kind).is_some_and(|it| it.known() == Some("GPU"))
        })
    })
}
