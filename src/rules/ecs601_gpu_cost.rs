//! What GPUs cost, before somebody pays for them.

use super::money::usd;
use crate::catalog::instances::{self, InstanceType};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, HOURS_PER_MONTH, capacity, instances_for, units_of};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS601",
    name: "gpu-cost",
    severity: Severity::Warning,
    summary: "the instances have a GPU or another accelerator, and cost accordingly",
    page: include_str!("../../rules/ECS601.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let region = facts.money.region();
    let capacity = capacity(scenario, fleet);
    for offered in &facts.launch(scenario, fleet).types {
        let Some(found) = offered.text.known().and_then(instances::find) else { continue };
        let Some(place) = offered.text.whole_place().filter(|_| found.accelerator_count() > 0) else {
            continue;
        };
        let Some(price) = facts.money.price(found.name) else { continue };
        let about = if price.estimate { "about " } else { "" };
        let hour = price.usd_per_hour;
        let mut message =
            format!("`{}` has {} and costs {about}{} an hour", found.name, equipment(&found), usd(hour));
        let units = units_of(scenario, fleet, offered);
        let at = |count: Option<u32>| instances_for(count?, units).filter(|it| *it > 0).map(f64::from);
        if let Some(desired) = at(capacity.desired) {
            let month = usd(hour * desired * HOURS_PER_MONTH);
            message.push_str(&format!(", {month} a month for {}", instances_of(desired)));
        }
        if let Some(max) = at(capacity.max).filter(|it| Some(*it) != at(capacity.desired)) {
            let month = usd(hour * max * HOURS_PER_MONTH);
            message.push_str(&format!(", {month} a month for the {max} it may have"));
        }
        cx.report(
            Finding::at(place.span, message)
                .because_at(place.used, "used here")
                .help(format!("this is the On-Demand price in {region} as of {}", price.as_of)),
        );
    }
}

/// "1 GPU (NVIDIA T4)"
fn equipment(found: &InstanceType) -> String {
    if let Some(gpus) = &found.gpus {
        let plural = if gpus.count == 1 { "GPU" } else { "GPUs" };
        return match gpus.share {
            Some(share) => format!("{share} of a GPU ({} {})", gpus.manufacturer, gpus.name),
            None => format!("{} {plural} ({} {})", gpus.count, gpus.manufacturer, gpus.name),
        };
    }
    match &found.accelerators {
        Some(it) if it.count == 1 => format!("1 accelerator ({})", it.name),
        Some(it) => format!("{} accelerators ({})", it.count, it.name),
        None => "an accelerator".to_owned(),
    }
}

fn instances_of(count: f64) -> String {
    if count == 1.0 { "1 instance".to_owned() } else { format!("{count} instances") }
}
