//! On-Demand prices: Linux, shared tenancy, US dollars an hour.
//!
//! The prices of us-east-1 and of GovCloud are of 2026, those of all other regions of 2022. Where a region has no
//! price of its own for a type, the price of us-east-1 is carried over by the factor of the region and family, and
//! the result says that it is an estimate.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::sources::{self, Source};
use super::table::Table;
use super::{instances, regions};

const PRICES: Table = Table(include_str!("data/prices.tsv"));
const FACTORS: Table = Table(include_str!("data/factors.tsv"));

/// The region that has a price for nearly every type.
pub(super) const BASE: &str = "us-east-1";

/// The families whose price AWS changed between the two lists (`p4d` and `p4de` fell by a third); only a few bare
/// metal types moved besides. For them a regional price of the older list misleads.
const REPRICED: [&str; 3] = ["h1", "p4d", "p4de"];

/// The price of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// US dollars an hour.
    pub usd_per_hour: f64,
    /// The date of the price that it is or rests on.
    pub as_of: Cow<'static, str>,
    /// Where that price comes from.
    pub source: Cow<'static, str>,
    /// Whether it was reckoned from the price of another region.
    pub estimate: bool,
}

impl Price {
    fn new(usd_per_hour: f64, source: Source, estimate: bool) -> Price {
        Price { usd_per_hour, as_of: source.date.into(), source: source.name.into(), estimate }
    }
}

/// Prices: those that AWS was asked for, else those of the tables.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    live: BTreeMap<(String, String), Price>,
}

impl Prices {
    /// Remembers what AWS said about a type in a region.
    pub fn learn(&mut self, type_name: &str, region: &str, price: Price) {
        self.live.insert((type_name.to_owned(), region.to_owned()), price);
    }

    /// The price of a type in a region; `None` where it is neither known nor can be reckoned.
    #[must_use]
    pub fn on_demand(&self, type_name: &str, region: &str) -> Option<Price> {
        let live = self.live.get(&(type_name.to_owned(), region.to_owned()));
        live.cloned().or_else(|| on_demand(type_name, region))
    }
}

/// The price of a type in a region; `None` where neither is known nor can be reckoned.
#[must_use]
pub fn on_demand(type_name: &str, region: &str) -> Option<Price> {
    let listed = listed(type_name, region);
    let (base_price, base_source) = match listed {
        Some((usd, source)) if !is_misleading(type_name, region, source) => {
            return Some(Price::new(usd, source, false));
        }
        _ if region == BASE => return None,
        _ => self::listed(type_name, BASE)?,
    };
    let usd = base_price * factor(region, instances::family(type_name))?;
    // A factor has four digits; more of the product would only pretend.
    Some(Price::new((usd * 10_000.0).round() / 10_000.0, base_source, true))
}

/// The price in the table, with its source.
fn listed(type_name: &str, region: &str) -> Option<(f64, Source)> {
    let region = regions::number(region)?;
    let mut fields = PRICES.find(type_name)?.fields();
    while !fields.is_at_end() {
        let source = fields.text();
        if let Some(usd) = number_at(fields.text(), region) {
            return Some((usd, sources::get(source)));
        }
    }
    None
}

/// The price behind `REGION:` in a list such as `3:0.096 17:0.107`.
fn number_at(list: &'static str, region: usize) -> Option<f64> {
    list.split(' ').find_map(|it| {
        let (number, usd) = it.split_once(':')?;
        (number.parse() == Ok(region)).then(|| usd.parse().ok())?
    })
}

/// Whether a price of a region is older than a change that the price of us-east-1 shows.
fn is_misleading(type_name: &str, region: &str, source: Source) -> bool {
    region != BASE
        && REPRICED.contains(&instances::family(type_name))
        && listed(type_name, BASE).is_some_and(|(_, base)| base.date > source.date)
}

/// How much dearer a family is in a region than in us-east-1; the region's mean where the family is not known.
pub(super) fn factor(region: &str, family: &str) -> Option<f64> {
    let factors = FACTORS.find(region)?.fields().text();
    let of = |name: &str| {
        let found = factors.split(' ').find_map(|it| it.split_once(':').filter(|(key, _)| *key == name))?;
        found.1.parse().ok()
    };
    of(family).or_else(|| of("*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(type_name: &str, region: &str, usd: f64, as_of: &str) {
        let price = on_demand(type_name, region).expect("a price");
        assert_eq!(
            (price.usd_per_hour, &*price.as_of, price.estimate),
            (usd, as_of, false),
            "{type_name} {region}"
        );
    }

    #[test]
    fn prices_known_by_heart() {
        check("t2.micro", "us-east-1", 0.0116, "2026-07-20");
        check("t3.micro", "us-east-1", 0.0104, "2026-07-20");
        check("p2.xlarge", "us-east-1", 0.90, "2026-07-20");
        check("p3.2xlarge", "us-east-1", 3.06, "2026-07-20");
        check("g4dn.xlarge", "us-east-1", 0.526, "2026-07-20");
        check("m5.large", "us-east-1", 0.096, "2026-07-20");
        check("g5.xlarge", "us-east-1", 1.006, "2026-07-20");
        check("t2.micro", "eu-west-1", 0.0126, "2022-11-22");
        check("t3.micro", "eu-west-1", 0.0114, "2022-11-22");
        check("p2.xlarge", "eu-west-1", 0.972, "2022-11-22");
        check("p3.2xlarge", "eu-west-1", 3.305, "2022-11-22");
        check("g4dn.xlarge", "eu-west-1", 0.587, "2022-11-22");
        check("g5.xlarge", "eu-west-1", 1.123, "2022-11-22");
        // Not in the list of 2026, still in that of 2022.
        check("i2.large", "us-east-1", 0.468, "2022-11-22");
    }

    fn check_estimate(type_name: &str, region: &str, usd: f64) {
        let price = on_demand(type_name, region).expect("a price");
        let expected = (usd, "2026-07-20", true);
        assert_eq!((price.usd_per_hour, &*price.as_of, price.estimate), expected, "{type_name} {region}");
    }

    #[test]
    fn a_missing_price_is_reckoned_and_says_so() {
        // 0.1008 in us-east-1; a family later than the regional list takes the mean of the region.
        let base = on_demand("m7i.large", "us-east-1").expect("a price").usd_per_hour;
        assert_eq!(base, 0.1008);
        check_estimate("m7i.large", "af-south-1", 0.1338);
    }

    #[test]
    fn a_price_that_changed_since_is_reckoned_from_todays() {
        check_estimate("p4d.24xlarge", "eu-west-1", 23.7164);
        check_estimate("p4d.24xlarge", "us-west-2", 21.9576);
        check_estimate("h1.2xlarge", "us-west-2", 0.4331);
        check("p4d.24xlarge", "us-gov-west-1", 26.3511, "2026-07-20");
    }

    #[test]
    fn what_is_not_known_has_no_price() {
        assert_eq!(on_demand("m5.2large", "us-east-1"), None);
        assert_eq!(on_demand("m5.large", "mars-north-1"), None);
        assert_eq!(on_demand("m5.large", "cn-north-1"), None);
        assert_eq!(on_demand("", ""), None);
    }
}
