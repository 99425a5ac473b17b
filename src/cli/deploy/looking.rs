//! A look at what stands behind a group of instances: who they are, what the group did, what they wrote, where they are
//! registered. All of it is an extra: what is denied is left out.

use std::collections::BTreeMap;

use super::session::Session;
use crate::deploy::diagnosis::{Evidence, states};
use crate::deploy::operation::{Operation, Phase};

/// The type of what is looked behind.
pub(super) const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";

/// The type of what instances register in.
pub(super) const CLUSTER: &str = "AWS::ECS::Cluster";

/// Consoles of more instances are not read.
const MAX_CONSOLES: usize = 3;

/// What of one type an operation has made, by logical and by physical id.
pub(super) fn made(operation: &Operation, type_name: &str) -> Vec<(String, String)> {
    let is_there = |physical: &str, phase| !physical.is_empty() && phase != Phase::Removed;
    let own = operation.resources.iter().filter(|it| it.type_name == type_name);
    own.filter(|it| is_there(&it.physical, it.phase)).map(|it| (it.id.clone(), it.physical.clone())).collect()
}

/// All that can be seen of some groups and clusters, by their physical ids.
pub(super) fn closely<'n>(
    session: &Session<'_>,
    evidence: &mut Evidence,
    groups: impl IntoIterator<Item = &'n str>,
    clusters: impl IntoIterator<Item = &'n str>,
) {
    for group in groups {
        at_activities(session, evidence, group);
        if evidence.members.get(group).is_none_or(Vec::is_empty) {
            at_members(session, evidence, group);
        }
        let members = evidence.members.get(group).filter(|it| !it.is_empty());
        if let Some(Ok(answer)) = members.map(|it| session.cloud().statuses(it)) {
            evidence.add_statuses(&answer);
        }
        at_consoles(session, evidence, group);
    }
    if evidence.members.is_empty() {
        return;
    }
    // Those who name no cluster are in the one called so.
    for name in clusters.into_iter().chain(["default"]) {
        if let Ok(list) = session.cloud().container_instances(name) {
            evidence.registered.insert(name.to_owned(), list);
        }
    }
}

/// What a group did.
pub(super) fn at_activities(session: &Session<'_>, evidence: &mut Evidence, group: &str) {
    if let Ok(answer) = session.cloud().activities(group) {
        evidence.add_activities(group, &answer);
    }
}

/// The instances of a group, and how they are, by id.
pub(super) fn at_members(
    session: &Session<'_>,
    evidence: &mut Evidence,
    group: &str,
) -> BTreeMap<String, String> {
    let groups = session.cloud().groups(&[group]).unwrap_or_default();
    let members = groups.into_iter().next().unwrap_or_default().instances;
    if members.is_empty() {
        return BTreeMap::new();
    }
    let mut res: BTreeMap<_, _> = members.iter().map(|it| (it.clone(), "starting".to_owned())).collect();
    if let Ok(answer) = session.cloud().instances(&members) {
        res.extend(states(Some(&answer)));
        evidence.add_instances(&answer);
    }
    evidence.members.insert(group.to_owned(), members);
    res
}

/// What the first instances of a group have written to their consoles, where that is not known yet.
pub(super) fn at_consoles(session: &Session<'_>, evidence: &mut Evidence, group: &str) {
    let members = evidence.members.get(group).cloned().unwrap_or_default();
    if members.iter().any(|it| evidence.consoles.contains_key(it)) {
        return;
    }
    for instance in members.into_iter().take(MAX_CONSOLES) {
        if let Ok(answer) = session.cloud().console(&instance) {
            evidence.add_console(&instance, Some(session.pace.now()), &answer);
        }
    }
}
