//! The cluster that a template describes: its fleets and what each of them is, once for all rules.
//!
//! A *fleet* is a set of instances that one resource starts. What it is made of is asked per scenario; where only
//! deployment can tell, the answer says so and nothing is guessed.

mod capacity;
mod cluster;
mod cost;
mod duration;
mod fleet;
mod image;
mod launch;
mod market;
mod reference;
mod task;
mod verdict;
mod volume;
mod waiting;
mod words;

pub use capacity::{Starts, capacity, desired_text, instances_for, starts, units_of};
pub use cluster::{Cluster, clusters};
pub use cost::{DEFAULT_REGION, HOURS_PER_MONTH, Money, cost};
pub use duration::seconds;
pub use fleet::Fleet;
pub use image::{WrittenImage, image, image_words, written_images};
pub use launch::{InstanceType, Launch, Source};
pub use market::{Market, market};
pub use reference::{Listed, may_be_changed, named_resource};
pub use task::{Container, containers};
pub use verdict::*;
pub use volume::{RootVolume, root_volume};
pub use waiting::{Unknowable, Waiting, may_wait, rolling_update, waiting};
pub use words::Word;

use crate::template::Template;

/// No more fleets than this are looked at: a template may have as many resources
/// ([quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)).
pub const MAX_FLEETS: usize = 500;

/// The parts of the cluster, by the resources that declare them.
#[derive(Debug)]
pub struct Model<'t> {
    /// Everything that starts instances, in the order of the text, up to [`MAX_FLEETS`].
    pub fleets: Vec<Fleet<'t>>,
    /// How many more there are.
    pub n_left_out: usize,
}

impl<'t> Model<'t> {
    /// Finds the fleets of a template.
    #[must_use]
    pub fn new(template: &Template<'t>) -> Model<'t> {
        let mut all = template.resources.iter().filter_map(Fleet::of);
        let fleets = all.by_ref().take(MAX_FLEETS).collect();
        Model { fleets, n_left_out: all.count() }
    }
}
