//! GPUs that no task gets.

use super::gpus::{has_gpu, types_of_one};
use super::services::needs_instances;
use crate::boot::{Does, Step};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, ImageFamily, ImageVariant, written_images};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::template::Entry;

pub(super) static RULE: Rule = Rule {
    code: "ECS604",
    name: "gpu-without-gpu-ami",
    severity: Severity::Warning,
    summary: "the instances have a GPU and their image no driver for it",
    page: include_str!("../../rules/ECS604.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, scenario, fleet, image, boot, .. } = *at;
    let facts = cx.facts();
    let has_variants = matches!(
        image.family,
        Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023 | ImageFamily::Bottlerocket)
    );
    // The boot may bring the driver.
    let of_driver = |it: &str| it.contains("nvidia");
    let installs = |it: &Step| matches!(&it.does, Does::Installs { package } if of_driver(package));
    let brings = boot.anything
        || boot.steps.iter().any(installs)
        || boot.text.as_ref().is_some_and(|it| of_driver(it.as_str()));
    if !has_variants || image.ecs != Answer::Yes || image.variant != Some(ImageVariant::Standard) || brings {
        return;
    }
    let Some(types) = types_of_one(&facts.launch(scenario, fleet)) else { return };
    let Some((found, place)) = types.iter().find(|(it, _)| has_gpu(it)) else { return };
    let written = written_images(scenario, source);
    let Some(written) = written.first() else { return };
    let wanted = facts.model.fleets.len() == 1 && a_service_wants_gpus(facts, scenario);
    let message = format!("this image has no driver for the GPU of `{}`, so no task gets it", found.name);
    cx.report(
        Finding::at(written.place.span, message)
            .on(source.id)
            .severity(if wanted { Severity::Error } else { Severity::Warning })
            .because_at(written.place.used, "used here")
            .because(place.span, "this type has a GPU")
            .help("take the variant of the image for GPUs, or a type without one"),
    );
}

/// Whether a service that runs on the instances has tasks that ask for a GPU.
fn a_service_wants_gpus<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>) -> bool {
    let template = facts.template();
    let wants = |service: &Entry<'t>| {
        let task = scenario.property_text(service, &["TaskDefinition"])?;
        let Some(Symbol::Resource(id)) = task.only_symbol() else { return None };
        let containers =
            items(scenario, scenario.property(template.resource(id)?, &["ContainerDefinitions"]));
        let mut asked = containers.into_iter().flat_map(|container| {
            let list = match container {
                Found::Node(node) => scenario.find(node, &["ResourceRequirements"]),
                other => other,
            };
            items(scenario, list)
        });
        let is_gpu = |it: &Found<'t>| {
            let Found::Node(node) = it else { return false };
            let Found::Node(kind) = scenario.find(*node, &["Type"]) else { return false };
            scenario.text(kind).as_ref().and_then(Text::known) == Some("GPU")
        };
        asked.any(|it| is_gpu(&it)).then_some(())
    };
    template.resources_of(&["AWS::ECS::Service"]).any(|it| {
        scenario.exists(it) == Some(true)
            && wants(it).is_some()
            && needs_instances(facts, scenario, it) == Answer::Yes
    })
}

fn items<'t>(scenario: &Scenario<'_, 't>, list: Found<'t>) -> Vec<Found<'t>> {
    match list {
        Found::Node(node) => scenario.items(node).unwrap_or_default(),
        _ => Vec::new(),
    }
}
