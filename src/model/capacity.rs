//! How many instances a fleet has.

use super::{Capacity, Fleet, FleetKind, InstanceType};
use crate::catalog::instances;
use crate::resolve::{Found, Scenario, Text};

/// The capacity of a fleet in one scenario.
///
/// A group without `DesiredCapacity` starts with `MinSize` (AutoScalingGroup in the CloudFormation user guide).
#[must_use]
pub fn capacity<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Capacity {
    let number = |path: &[&str]| number(&scenario.property_text(&fleet.resource, path)?);
    match fleet.kind {
        FleetKind::AutoScalingGroup => {
            let min = number(&["MinSize"]);
            let desired = match scenario.property(&fleet.resource, &["DesiredCapacity"]) {
                Found::Absent => min,
                _ => number(&["DesiredCapacity"]),
            };
            Capacity { min, desired, max: number(&["MaxSize"]) }
        }
        FleetKind::Instance => Capacity { min: Some(1), desired: Some(1), max: Some(1) },
        FleetKind::SpotFleet => {
            let target = number(&["SpotFleetRequestConfigData", "TargetCapacity"]);
            Capacity { min: target, desired: target, max: target }
        }
        FleetKind::Ec2Fleet => {
            let target = number(&["TargetCapacitySpecification", "TotalTargetCapacity"]);
            Capacity { min: target, desired: target, max: target }
        }
    }
}

/// How many units of capacity one instance of a type counts for; `None` where only deployment can tell.
#[must_use]
pub fn units_of<'t>(
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    offered: &InstanceType<'t>,
) -> Option<f64> {
    let path: &[&str] = match fleet.kind {
        FleetKind::AutoScalingGroup => &["DesiredCapacityType"],
        FleetKind::Instance => return Some(1.0),
        FleetKind::SpotFleet => &["SpotFleetRequestConfigData", "TargetCapacityUnitType"],
        FleetKind::Ec2Fleet => &["TargetCapacitySpecification", "TargetCapacityUnitType"],
    };
    let found = || offered.text.known().and_then(instances::find);
    match scenario.property(&fleet.resource, path) {
        Found::Absent => offered.weight,
        Found::Unknown => None,
        Found::Node(node) => match scenario.text(node)?.known()? {
            "units" => offered.weight,
            "vcpu" => Some(f64::from(found()?.vcpus)),
            "memory-mib" => Some(f64::from(found()?.memory_mib)),
            _ => None,
        },
    }
}

/// How many instances it takes for some units of capacity; the last may bring more than is asked for.
#[must_use]
pub fn instances_for(units: u32, units_of_one: Option<f64>) -> Option<u32> {
    let n_instances = (f64::from(units) / units_of_one?).ceil();
    // Above this it is no number of instances any more.
    (n_instances <= f64::from(u32::MAX)).then_some(n_instances as u32)
}

/// The text that says how many instances a fleet starts with.
#[must_use]
pub fn desired_text<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Text<'t>> {
    let text = |path: &[&str]| scenario.property_text(&fleet.resource, path);
    match fleet.kind {
        FleetKind::AutoScalingGroup => match scenario.property(&fleet.resource, &["DesiredCapacity"]) {
            Found::Absent => text(&["MinSize"]),
            _ => text(&["DesiredCapacity"]),
        },
        FleetKind::Instance => None,
        FleetKind::SpotFleet => text(&["SpotFleetRequestConfigData", "TargetCapacity"]),
        FleetKind::Ec2Fleet => text(&["TargetCapacitySpecification", "TotalTargetCapacity"]),
    }
}

/// A text as a size.
fn number(text: &Text<'_>) -> Option<u32> {
    text.known()?.trim().parse().ok()
}

/// How many instances a fleet starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starts {
    /// Never fewer; `None` where only deployment can tell.
    pub least: Option<u32>,
    /// Never more; `None` where only deployment can tell.
    pub most: Option<u32>,
}

/// How many instances a fleet starts with in one scenario.
///
/// Capacity is a number of instances unless they have weights, or are counted by CPUs or memory: those of groups are
/// whole numbers from 1 on, those of Spot and EC2 fleets may be less than 1.
#[must_use]
pub fn starts<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Starts {
    const UNITS: [&str; 3] = ["WeightedCapacity", "DesiredCapacityType", "TargetCapacityUnitType"];
    let desired = capacity(scenario, fleet).desired;
    let weighted =
        fleet.resource.properties().is_some_and(|it| it.descendants().any(|it| UNITS.contains(&it.text())));
    match desired {
        Some(units) if weighted && units > 0 => {
            let most = (fleet.kind == FleetKind::AutoScalingGroup).then_some(units);
            Starts { least: Some(1), most }
        }
        _ => Starts { least: desired, most: desired },
    }
}
