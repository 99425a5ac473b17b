//! Instances without the tags that the project wants.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, FleetKind};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS615",
    name: "tag-missing",
    severity: Severity::Warning,
    summary: "the instances lack a tag that the configuration requires",
    page: include_str!("../../rules/ECS615.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let wanted = &facts.house.required_tags;
    if wanted.is_empty() || facts.template().has_foreign_parts() {
        return;
    }
    let Some(tags) = tags(cx, scenario, fleet) else { return };
    for name in wanted.iter().filter(|it| !tags.contains(it)) {
        let finding = Finding::at(fleet.resource.key.span(), format!("its instances have no tag `{name}`"));
        let help = match fleet.kind {
            FleetKind::AutoScalingGroup => "add it to `Tags` of the group, with `PropagateAtLaunch: true`",
            FleetKind::Instance => "add it to `Tags` of the instance",
            FleetKind::SpotFleet | FleetKind::Ec2Fleet => {
                "add it to `TagSpecifications` of the launch template"
            }
        };
        cx.report(finding.on(fleet.id()).help(help));
    }
}

/// The names of the tags that instances of a fleet get; `None` where only deployment can tell.
fn tags<'t>(cx: &Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Vec<String>> {
    let mut res = Vec::new();
    if matches!(fleet.kind, FleetKind::AutoScalingGroup | FleetKind::Instance) {
        let of_group = fleet.kind == FleetKind::AutoScalingGroup;
        add(&mut res, scenario, scenario.property(&fleet.resource, &["Tags"]), of_group)?;
    }
    if matches!(fleet.kind, FleetKind::SpotFleet | FleetKind::Ec2Fleet) {
        // These have places of their own for them.
        return None;
    }
    let launch = cx.facts().launch(scenario, fleet);
    if launch.unknown || launch.sources.is_empty() {
        return None;
    }
    // With several sources, an instance of each has to have them; whoever has several is not judged.
    let [source] = launch.sources.as_slice() else { return None };
    match source.find(scenario, &["TagSpecifications"]) {
        Found::Absent => {}
        Found::Unknown => return None,
        Found::Node(node) => {
            for item in scenario.items(node)? {
                let Found::Node(item) = item else { return None };
                let Found::Node(kind) = scenario.find(item, &["ResourceType"]) else { return None };
                if scenario.text(kind)?.known()? == "instance" {
                    add(&mut res, scenario, scenario.find(item, &["Tags"]), false)?;
                }
            }
        }
    }
    Some(res)
}

/// Adds the names of a list of tags; of a group's only those that go to its instances.
fn add<'t>(
    res: &mut Vec<String>,
    scenario: &Scenario<'_, 't>,
    list: Found<'t>,
    of_group: bool,
) -> Option<()> {
    let list = match list {
        Found::Absent => return Some(()),
        Found::Unknown => return None,
        Found::Node(list) => list,
    };
    for tag in scenario.items(list)? {
        let Found::Node(tag) = tag else { return None };
        let Found::Node(key) = scenario.find(tag, &["Key"]) else { return None };
        let goes_on = match scenario.find(tag, &["PropagateAtLaunch"]) {
            Found::Node(it) => scenario.text(it)?.known()? == "true",
            Found::Absent => false,
            Found::Unknown => return None,
        };
        let key = scenario.text(key)?;
        if !of_group || goes_on {
            res.push(key.known()?.to_owned());
        }
    }
    Some(())
}
