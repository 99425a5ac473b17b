//! What the boot does, step by step: for rules about order, and for a person who wants to see it.

use crate::resolve::Place;

/// More steps are not remembered.
const MAX: usize = 512;

/// A step of the boot.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where the command or entry stands.
    pub place: Option<Place>,
    /// Whether every path of the boot does it.
    pub certain: bool,
    /// What it does.
    pub does: Does,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Writes to a file.
    Writes {
        /// Its path.
        path: String,
        /// Behind what there is, not in its place.
        append: bool,
        /// What is written sets `ECS_CLUSTER` for the agent.
        sets_cluster: bool,
    },
    /// Installs a package.
    Installs {
        /// Its name or address, as far as it is known.
        package: String,
    },
    /// Takes a package away.
    Removes {
        /// Its name.
        package: String,
    },
    /// Starts or restarts a service.
    Starts {
        /// Its name without `.service`.
        service: String,
        /// Whether the command comes back only when the service runs.
        blocks: bool,
    },
    /// Runs `cfn-init` on the metadata of a resource.
    Initializes {
        /// The resource.
        resource: String,
        /// Without a region it asks for them in us-east-1.
        without_region: bool,
    },
    /// Tells the stack.
    Signals {
        /// What is told, as far as it is known.
        target: String,
    },
    /// Runs a program that is not known and may do anything.
    MayDoAnything {
        /// Its name.
        program: String,
    },
    /// Ends the script if it fails (`set -e`), as only the running machine can tell.
    MayEnd,
    /// Ends the script.
    Ends {
        /// With a failure.
        failed: bool,
    },
}

/// The steps of one path, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    list: Vec<Step>,
    /// Some were not remembered.
    full: bool,
}

impl Steps {
    pub(super) fn push(&mut self, step: Step) {
        if self.list.last() == Some(&step) {
            return;
        }
        if self.list.len() < MAX {
            self.list.push(step);
        } else {
            self.full = true;
        }
    }

    /// Whether some steps were not remembered: what is not among them proves nothing.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Step> {
        self.list.iter()
    }

    pub(super) fn into_vec(self) -> Vec<Step> {
        self.list
    }

    /// The steps of two paths of which the running machine picks one: only what both begin with is certain.
    pub(super) fn merge(&mut self, other: Steps) {
        self.full |= other.full;
        let common = self.list.iter().zip(&other.list).take_while(|(left, right)| left == right).count();
        // What both do, each in its own way, is done for certain.
        let twin = |own: &Step| other.list[common..].iter().any(|it| it.certain && it.does == own.does);
        let twins: Vec<bool> = self.list[common..].iter().map(|it| it.certain && twin(it)).collect();
        for (own, certain) in self.list[common..].iter_mut().zip(twins) {
            own.certain = certain;
        }
        for step in other.list.into_iter().skip(common) {
            let step = Step { certain: false, ..step };
            if self.list.len() < MAX && !self.list[common..].contains(&step) {
                self.list.push(step);
            }
        }
    }
}
