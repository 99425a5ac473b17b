//! What a fleet costs.

use super::{Capacity, Cost};
use crate::catalog::instances;
use crate::catalog::prices::{Price, Prices};

/// A month, in hours.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// The region of a price when none is given.
pub const DEFAULT_REGION: &str = "us-east-1";

/// What decides about money.
#[derive(Clone, Copy, Debug)]
pub struct Money<'a> {
    /// The region of the prices, where one is known.
    pub region: Option<&'a str>,
    /// The prices.
    pub prices: &'a Prices,
    /// What may be spent, in US dollars a month.
    pub budget: Option<f64>,
}

impl<'a> Money<'a> {
    /// The region of the prices.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.region.unwrap_or(DEFAULT_REGION)
    }

    /// The price of an instance type.
    #[must_use]
    pub fn price(&self, type_name: &str) -> Option<Price> {
        self.prices.on_demand(type_name, self.region())
    }
}

/// The cost of so many instances, On-Demand, Linux, shared tenancy: the first of the types is the one that is paid for.
#[must_use]
pub fn cost(types: &[String], capacity: Capacity, money: &Money<'_>) -> Cost {
    let region = money.region();
    let first = types.first();
    let price = first.and_then(|it| money.price(it));
    let of = |count: Option<u32>| Some(price.as_ref()?.usd_per_hour * f64::from(count?));
    Cost {
        instance_types: types.to_vec(),
        accelerators_per_instance: first.and_then(|it| instances::find(it)).map(|it| it.accelerator_count()),
        region: region.to_owned(),
        usd_per_hour: of(capacity.desired).map(rounded),
        usd_per_month: of(capacity.desired).map(|it| (it * HOURS_PER_MONTH * 100.0).round() / 100.0),
        usd_per_hour_at_max: of(capacity.max).map(rounded),
        as_of: price.as_ref().map(|it| it.as_of.clone()),
        estimate: price.as_ref().is_some_and(|it| it.estimate),
    }
}

/// Prices have at most six digits behind the point.
fn rounded(usd: f64) -> f64 {
    (usd * 1_000_000.0).round() / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(types: &[String], capacity: Capacity, region: Option<&str>) -> Cost {
        super::cost(types, capacity, &Money { region, prices: &Prices::default(), budget: None })
    }

    fn capacity(desired: u32, max: u32) -> Capacity {
        Capacity { min: Some(0), desired: Some(desired), max: Some(max) }
    }

    fn types(names: &[&str]) -> Vec<String> {
        names.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn one_instance_of_one_type() {
        let expected = Cost {
            instance_types: types(&["g4dn.xlarge"]),
            accelerators_per_instance: Some(1),
            region: "us-east-1".to_owned(),
            usd_per_hour: Some(0.526),
            usd_per_month: Some(383.98),
            usd_per_hour_at_max: Some(1.052),
            as_of: Some("2026-07-20".into()),
            estimate: false,
        };
        assert_eq!(cost(&types(&["g4dn.xlarge"]), capacity(1, 2), None), expected);
    }

    #[test]
    fn the_first_of_several_types_is_paid_for_the_whole_fleet() {
        let res = cost(&types(&["m5.large", "g4dn.xlarge"]), capacity(3, 10), None);
        assert_eq!(res.instance_types, ["m5.large", "g4dn.xlarge"]);
        assert_eq!((res.usd_per_hour, res.usd_per_hour_at_max), (Some(0.288), Some(0.96)));
        assert_eq!((res.usd_per_month, res.accelerators_per_instance), (Some(210.24), Some(0)));
    }

    #[test]
    fn nothing_runs_and_nothing_is_paid() {
        let res = cost(&types(&["m5.large"]), capacity(0, 0), None);
        assert_eq!((res.usd_per_hour, res.usd_per_month), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn another_region() {
        let res = cost(&types(&["p2.xlarge"]), capacity(1, 1), Some("eu-west-1"));
        assert_eq!(
            (res.usd_per_hour, res.as_of.as_deref(), res.estimate),
            (Some(0.972), Some("2022-11-22"), false)
        );
        // Its price fell after the regional list was made.
        let res = cost(&types(&["p4d.24xlarge"]), capacity(1, 1), Some("eu-west-1"));
        assert_eq!(
            (res.usd_per_hour, res.as_of.as_deref(), res.estimate),
            (Some(23.7164), Some("2026-07-20"), true)
        );
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let unknown = Capacity { desired: None, ..capacity(0, 2) };
        let res = cost(&types(&["m5.large"]), unknown, None);
        let sums = (res.usd_per_hour, res.usd_per_month, res.usd_per_hour_at_max);
        assert_eq!(sums, (None, None, Some(0.192)));

        for (names, region) in
            [(&[][..], None), (&["m5.2large"], None), (&["m5.large"], Some("mars-north-1"))]
        {
            let res = cost(&types(names), capacity(1, 1), region);
            assert_eq!((res.usd_per_hour, res.as_of, res.estimate), (None, None, false), "{names:?}");
        }
        assert_eq!(cost(&[], capacity(1, 1), None).accelerators_per_instance, None);
    }
}
