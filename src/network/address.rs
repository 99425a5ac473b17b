//! Ranges of addresses, as rules of security groups name them.

use ipnet::IpNet;

use crate::resolve::{Symbol, Text};

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Every address of IPv4 or of IPv6.
    World,
    /// These addresses.
    Range(IpNet),
    /// Some: a security group, a prefix list, the addresses of a VPC, a range of unknown place.
    Some,
    /// Only deployment can tell.
    Unknown,
}

impl Origin {
    /// The addresses that a text stands for.
    ///
    /// What stands before the slash does not matter when nothing stands fast behind it: `192.168.1.0/0` is the world.
    pub(super) fn of_cidr(text: &Text<'_>) -> Origin {
        if let Some(known) = text.known() {
            return match known.trim().parse::<IpNet>() {
                Ok(range) if range.prefix_len() == 0 => Origin::World,
                Ok(range) => Origin::Range(range),
                Err(_) => Origin::Unknown,
            };
        }
        let vpc = |it: &Symbol<'_>| matches!(it, Symbol::Attribute { attribute, .. } if attribute.starts_with("CidrBlock"));
        if text.only_symbol().is_some_and(vpc) {
            return Origin::Some;
        }
        let prefix = text.as_str().rsplit_once('/').and_then(|(_, it)| it.trim().parse::<u8>().ok());
        match prefix {
            Some(0) => Origin::World,
            Some(_) => Origin::Some,
            None => Origin::Unknown,
        }
    }
}

/// Whether ranges, none of which is the world, are the world together (`0.0.0.0/1` and `128.0.0.0/1`).
pub(super) fn are_the_world(origins: impl Iterator<Item = Origin>) -> bool {
    let ranges: Vec<IpNet> = origins
        .filter_map(|it| match it {
            Origin::Range(range) => Some(range),
            _ => None,
        })
        .collect();
    IpNet::aggregate(&ranges).iter().any(|it| it.prefix_len() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn origin(text: &str) -> Origin {
        Origin::of_cidr(&Text::decoded(text, Span::at(0)))
    }

    #[test]
    fn a_prefix_of_zero_is_the_world() {
        assert_eq!(origin("0.0.0.0/0"), Origin::World);
        assert_eq!(origin("192.168.1.0/0"), Origin::World);
        assert_eq!(origin("::/0"), Origin::World);
        assert!(matches!(origin("10.0.0.0/8"), Origin::Range(_)));
        assert_eq!(origin("10.0.0.0"), Origin::Unknown);
    }

    #[test]
    fn two_halves_are_the_world() {
        assert!(are_the_world([origin("0.0.0.0/1"), origin("128.0.0.0/1")].into_iter()));
        assert!(!are_the_world([origin("0.0.0.0/1"), origin("::/1")].into_iter()));
    }
}
