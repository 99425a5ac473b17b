//! Drivers for GPUs that are not there.

use super::gpus::{has_gpu, types_of_one};
use crate::diagnostic::{Finding, Severity};
use crate::model::{ImageVariant, written_images};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS605",
    name: "gpu-ami-without-gpu",
    severity: Severity::Warning,
    summary: "the image is made for GPUs, and the instances have none",
    page: include_str!("../../rules/ECS605.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, scenario, fleet, image, .. } = *at;
    if image.variant != Some(ImageVariant::Gpu) {
        return;
    }
    let Some(types) = types_of_one(&cx.facts().launch(scenario, fleet)) else { return };
    let written = written_images(scenario, source);
    let (Some((first, place)), Some(written)) = (types.first(), written.first()) else { return };
    if types.iter().any(|(it, _)| has_gpu(it)) {
        return;
    }
    let message = format!("this image is made for the GPUs of NVIDIA, and `{}` has none", first.name);
    cx.report(
        Finding::at(written.place.span, message)
            .on(source.id)
            .because_at(written.place.used, "used here")
            .because(place.span, "this type has none")
            .help("take the variant of the image without `gpu`, or a type such as `g4dn.xlarge`"),
    );
}
