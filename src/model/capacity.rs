//! How many instances a fleet has.

use super::{Capacity, Fleet, FleetKind};
use crate::resolve::{Found, Scenario};

/// The capacity of a fleet in one scenario.
///
/// A group without `DesiredCapacity` starts with `MinSize` (AutoScalingGroup in the CloudFormation user guide).
#[must_use]
pub fn capacity<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Capacity {
    let number = |path: &[&str]| -> Option<u32> {
        let text = scenario.property_text(&fleet.resource, path)?;
        text.known()?.trim().parse().ok()
    };
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
