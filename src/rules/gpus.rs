//! Which types of a launch source have graphics processors that ECS can give to tasks.

use crate::catalog::instances::{self, InstanceType};
use crate::model::Launch;
use crate::resolve::Place;

/// The types that the one source of a launch may start, with their places. `None` when one of them is not known, or
/// when several sources share them.
pub(super) fn types_of_one(launch: &Launch<'_>) -> Option<Vec<(InstanceType, Place)>> {
    if launch.unknown || launch.sources.len() != 1 || launch.types.is_empty() {
        return None;
    }
    let known = |it: &crate::model::InstanceType<'_>| {
        Some((instances::find(it.text.known()?)?, it.text.whole_place()?))
    };
    launch.types.iter().map(known).collect()
}

/// Whether the agent can give its processors to tasks: it knows those of NVIDIA only.
pub(super) fn has_gpu(found: &InstanceType) -> bool {
    found.gpus.is_some_and(|it| it.manufacturer == "NVIDIA")
}
