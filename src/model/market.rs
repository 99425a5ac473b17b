//! Which instances of a fleet are On-Demand, and which are Spot.

use super::{Fleet, FleetKind, Launch};
use crate::resolve::{Found, Scenario};

/// How the capacity of a fleet is divided: some units are On-Demand, and of the others so many in a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Market {
    /// Units that are On-Demand in any case.
    pub base: u32,
    /// The share of the others that is On-Demand, in percent.
    pub percent: u32,
}

impl Market {
    /// All are On-Demand.
    pub const ON_DEMAND: Market = Market { base: 0, percent: 100 };
    /// None is.
    pub const SPOT: Market = Market { base: 0, percent: 0 };

    /// How many of some units are On-Demand; a part of one counts as one.
    #[must_use]
    pub fn on_demand(self, units: u32) -> u32 {
        let base = self.base.min(units);
        let others = u64::from(units - base);
        let share = (others * u64::from(self.percent.min(100))).div_ceil(100);
        base + u32::try_from(share).unwrap_or(units - base)
    }
}

/// How a fleet is divided; `None` where only deployment can tell.
///
/// InstancesDistribution, SpotFleetRequestConfigData and TargetCapacitySpecification in the CloudFormation user guide.
#[must_use]
pub fn market<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>, launch: &Launch<'t>) -> Option<Market> {
    let number = |path: &[&str], otherwise: u32| match scenario.property(&fleet.resource, path) {
        Found::Absent => Some(otherwise),
        Found::Unknown => None,
        Found::Node(node) => scenario.text(node)?.known()?.trim().parse().ok(),
    };
    match fleet.kind {
        FleetKind::SpotFleet => {
            let base = number(&["SpotFleetRequestConfigData", "OnDemandTargetCapacity"], 0)?;
            Some(Market { base, ..Market::SPOT })
        }
        FleetKind::Ec2Fleet => {
            let total = number(&["TargetCapacitySpecification", "TotalTargetCapacity"], 0)?;
            let base = number(&["TargetCapacitySpecification", "OnDemandTargetCapacity"], 0)?;
            let spot = number(&["TargetCapacitySpecification", "SpotTargetCapacity"], 0)?;
            let path = ["TargetCapacitySpecification", "DefaultTargetCapacityType"];
            match scenario.property_text(&fleet.resource, &path)?.known()? {
                "on-demand" => Some(Market { base: total.saturating_sub(spot), ..Market::SPOT }),
                "spot" => Some(Market { base, ..Market::SPOT }),
                _ => None,
            }
        }
        FleetKind::AutoScalingGroup | FleetKind::Instance => {
            let path = ["MixedInstancesPolicy", "InstancesDistribution"];
            if scenario.property(&fleet.resource, &path) != Found::Absent {
                let base = number(&[path[0], path[1], "OnDemandBaseCapacity"], 0)?;
                let percent = number(&[path[0], path[1], "OnDemandPercentageAboveBaseCapacity"], 100)?;
                return Some(Market { base, percent });
            }
            let source = launch.sources.first()?;
            // A launch configuration has a price, a launch template a kind of market.
            match source.find(scenario, &["SpotPrice"]) {
                Found::Absent => {}
                Found::Unknown => return None,
                Found::Node(_) => return Some(Market::SPOT),
            }
            match source.find(scenario, &["InstanceMarketOptions", "MarketType"]) {
                Found::Absent => Some(Market::ON_DEMAND),
                Found::Unknown => None,
                Found::Node(node) => match scenario.text(node)?.known()? {
                    "spot" => Some(Market::SPOT),
                    _ => Some(Market::ON_DEMAND),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_instance_is_on_demand() {
        let market = Market { base: 2, percent: 20 };
        assert_eq!([0, 1, 2, 3, 10].map(|it| market.on_demand(it)), [0, 1, 2, 3, 4]);
        assert_eq!(Market::ON_DEMAND.on_demand(7), 7);
        assert_eq!(Market::SPOT.on_demand(u32::MAX), 0);
    }
}
