//! Who is in which cluster: the instances of the groups against what ECS has registered.

use std::collections::{BTreeMap, BTreeSet};

use super::cloud::{ContainerInstance, Group};
use crate::model::{ClusterName, FleetKind, FleetReport, Joins};

/// A fleet and the cluster that its instances are to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The fleet, by logical id.
    pub fleet: String,
    /// The name of the Auto Scaling group, or the id of the instance.
    pub group: String,
    /// Whether it is one instance and no group.
    pub is_instance: bool,
    /// The name of the cluster.
    pub cluster: String,
}

/// What is expected of a stack: the fleets of its template that are meant to join a cluster, by their ids at AWS.
/// `physical` knows those by logical id, `parameters` the values that the stack was given. Nothing is expected of fleets
/// whose instances are not looked up: those of EC2 and of Spot.
#[must_use]
pub fn expected(
    fleets: &[FleetReport],
    physical: impl Fn(&str) -> Option<String>,
    parameters: impl Fn(&str) -> Option<String>,
) -> Vec<Expected> {
    let one = |fleet: &FleetReport| {
        let verdicts = fleet.verdicts.as_ref()?;
        let is_instance = match fleet.kind {
            FleetKind::AutoScalingGroup => false,
            FleetKind::Instance => true,
            FleetKind::SpotFleet | FleetKind::Ec2Fleet => return None,
        };
        if verdicts.joins.verdict == Joins::No {
            return None;
        }
        let cluster = match verdicts.cluster.as_ref()? {
            ClusterName::Resource(id) => physical(id)?,
            ClusterName::Parameter(name) => parameters(name)?,
            ClusterName::Import(_) => return None,
            ClusterName::Name(name) => name.clone(),
        };
        Some(Expected { fleet: fleet.id.clone(), group: physical(&fleet.id)?, is_instance, cluster })
    };
    fleets.iter().filter_map(one).collect()
}

/// How many of a group are in its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// What was expected.
    pub expected: Expected,
    /// How many it is to have; `None` where AWS does not know the group (yet).
    pub desired: Option<u64>,
    /// Those that are in, with their agent connected.
    pub connected: Vec<String>,
    /// Those that run and are not.
    pub missing: Vec<String>,
    /// Those of them that are in the cluster `default` instead.
    pub strays: Vec<String>,
}

impl Joined {
    /// Whether all are in.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.desired.is_some_and(|it| self.connected.len() as u64 >= it)
    }
}

/// Compares the groups with what is registered, by name of the cluster.
#[must_use]
pub fn joined(
    expected: &[Expected],
    groups: &[Group],
    registered: &BTreeMap<String, Vec<ContainerInstance>>,
) -> Vec<Joined> {
    let ids = |cluster: &str| -> BTreeSet<&str> {
        let list = registered.get(cluster).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter(|it| it.connected).map(|it| it.instance.as_str()).collect()
    };
    let in_default = ids("default");
    let one = |it: &Expected| {
        let group = groups.iter().find(|group| group.name == it.group && !it.is_instance);
        let (desired, instances) = match group {
            Some(group) => (Some(group.desired), group.instances.clone()),
            None if it.is_instance => (Some(1), vec![it.group.clone()]),
            None => (None, Vec::new()),
        };
        let in_cluster = ids(&it.cluster);
        let (connected, missing): (Vec<_>, Vec<_>) =
            instances.into_iter().partition(|it| in_cluster.contains(it.as_str()));
        let strays = match it.cluster.as_str() {
            "default" => Vec::new(),
            _ => missing.iter().filter(|it| in_default.contains(it.as_str())).cloned().collect(),
        };
        Joined { expected: it.clone(), desired, connected, missing, strays }
    };
    expected.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expects(group: &str, is_instance: bool) -> [Expected; 1] {
        [Expected { fleet: "Asg".into(), group: group.into(), is_instance, cluster: "demo".into() }]
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn one_is_in_one_is_away_and_one_is_astray() {
        let expected = expects("asg-1", false);
        let groups = [Group { name: "asg-1".into(), desired: 3, instances: names(&["i-1", "i-2", "i-3"]) }];
        let is = |id: &str, connected| ContainerInstance { instance: id.into(), connected };
        let registered = BTreeMap::from([
            ("demo".to_owned(), vec![is("i-1", true), is("i-2", false), is("i-9", true)]),
            ("default".to_owned(), vec![is("i-3", true)]),
        ]);
        let res = joined(&expected, &groups, &registered);
        assert_eq!(res[0].connected, names(&["i-1"]));
        assert_eq!(res[0].missing, names(&["i-2", "i-3"]));
        assert_eq!(res[0].strays, names(&["i-3"]));
        assert!(!res[0].is_complete());
    }

    #[test]
    fn a_group_of_none_is_complete() {
        let expected = expects("asg-1", false);
        let groups = [Group { name: "asg-1".into(), desired: 0, instances: Vec::new() }];
        assert!(joined(&expected, &groups, &BTreeMap::new())[0].is_complete());
        // One that AWS does not know has none because nobody knows.
        assert!(!joined(&expected, &[], &BTreeMap::new())[0].is_complete());
    }

    #[test]
    fn an_instance_is_a_fleet_of_one() {
        let expected = expects("i-1", true);
        let is_there = |connected| {
            let it = ContainerInstance { instance: "i-1".into(), connected };
            let registered = BTreeMap::from([("demo".to_owned(), vec![it])]);
            joined(&expected, &[], &registered)[0].is_complete()
        };
        assert!(is_there(true) && !is_there(false));
    }
}
