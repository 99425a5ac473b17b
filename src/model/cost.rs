//! What a fleet costs.

use super::{Capacity, Cost};
use crate::catalog::{instances, prices};

/// A month, in hours.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// The region of a price when none is given.
pub const DEFAULT_REGION: &str = "us-east-1";

/// The cost of a fleet, On-Demand, Linux, shared tenancy: the first of its types is the one that is paid for.
#[must_use]
pub fn cost(types: &[String], capacity: Capacity, region: Option<&str>) -> Cost {
    let region = region.unwrap_or(DEFAULT_REGION);
    let first = types.first();
    let price = first.and_then(|it| prices::on_demand(it, region));
    let of = |count: Option<u32>| Some(price.as_ref()?.usd_per_hour * f64::from(count?));
    Cost {
        instance_types: types.to_vec(),
        accelerators_per_instance: first.and_then(|it| instances::find(it)).map(|it| it.accelerator_count()),
        region: region.to_owned(),
        usd_per_hour: of(capacity.desired).map(rounded),
        usd_per_month: of(capacity.desired).map(|it| (it * HOURS_PER_MONTH * 100.0).round() / 100.0),
        usd_per_hour_at_max: of(capacity.max).map(rounded),
        as_of: price.as_ref().map(|it| it.as_of),
        estimate: price.as_ref().is_some_and(|it| it.estimate),
    }
}

/// Prices have at most five digits behind the point.
fn rounded(usd: f64) -> f64 {
    (usd * 100_000.0).round() / 100_000.0
}
