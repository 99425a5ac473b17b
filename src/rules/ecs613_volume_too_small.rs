//! Root volumes that are smaller than what the image puts on them.

use crate::diagnostic::{Finding, Severity};
use crate::model::root_volume;
use crate::resolve::{Found, Text};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS613",
    name: "volume-too-small",
    severity: Severity::Error,
    summary: "the root volume is smaller than the snapshot of the image",
    page: include_str!("../../rules/ECS613.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check(cx: &mut Cx<'_, '_>, booted: &Booted<'_, '_, '_>) {
    let Booted { scenario, source, .. } = *booted;
    let Some(root) = root_volume(&booted.image) else { return };
    let Found::Node(list) = source.find(scenario, &["BlockDeviceMappings"]) else { return };
    for item in scenario.items(list).unwrap_or_default() {
        let Found::Node(item) = item else { continue };
        let text = |path: &[&str]| match scenario.find(item, path) {
            Found::Node(node) => scenario.text(node),
            _ => None,
        };
        let device = text(&["DeviceName"]);
        // A snapshot of one's own in the place of the image's has a size of its own.
        let is_root = device.as_ref().and_then(Text::known) == Some(root.device)
            && scenario.find(item, &["Ebs", "SnapshotId"]) == Found::Absent;
        let Some(size) = text(&["Ebs", "VolumeSize"]).filter(|_| is_root) else { continue };
        let gib: Option<u32> = size.known().and_then(|it| it.trim().parse().ok());
        let (Some(gib), Some(place)) = (gib.filter(|it| *it < root.gib), size.whole_place()) else {
            continue;
        };
        cx.report(
            Finding::at(place.span, format!("{gib} GiB are too few: the image fills {} GiB", root.gib))
                .on(source.id)
                .because_at(place.used, "used here")
                .help(format!("write {} or more, or leave `VolumeSize` out", root.gib)),
        );
    }
}
