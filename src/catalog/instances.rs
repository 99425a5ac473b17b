//! The EC2 instance types: what they have, where they are offered, which are gone.

use super::images::Architecture;
use super::regions;
use super::sources::{self, Source};
use super::table::{Fields, Row, Table};
use crate::text::near;

const INSTANCES: Table = Table(include_str!("data/instances.tsv"));
/// The names of those on the free plan: a table of their own, since every template with another one asks for all.
const FREE_PLAN: Table = Table(include_str!("data/free_plan.tsv"));

/// An instance type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstanceType {
    /// Such as `g4dn.xlarge`.
    pub name: &'static str,
    /// The number of virtual processors.
    pub vcpus: u32,
    /// The memory in MiB.
    pub memory_mib: u32,
    /// The architecture that its images must have; `None` for Macs, which start images of their own.
    pub architecture: Option<Architecture>,
    /// Its graphics processors.
    pub gpus: Option<Gpus>,
    /// Accelerators of other kinds.
    pub accelerators: Option<Accelerators>,
    /// Whether AWS calls it a type of a previous generation.
    pub previous_generation: bool,
    /// Whether it is a whole machine.
    pub bare_metal: bool,
    /// Whether any region offers it still.
    pub launchable: bool,
    /// Whether it may be started on the free plan of accounts opened since July 2025.
    pub on_free_plan: bool,
    /// Whether its hours are free in the first year of accounts opened before that.
    pub free_first_year: FreeFirstYear,
    /// Where these figures come from.
    pub source: Source,
    offered: u64,
}

/// Graphics processors of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gpus {
    /// How many the instance sees; a slice of one counts as one.
    pub count: u32,
    /// The part of a processor that it gets, such as `0.25`, where it does not get whole ones.
    pub share: Option<&'static str>,
    /// Such as `NVIDIA`.
    pub manufacturer: &'static str,
    /// Such as `T4`.
    pub name: &'static str,
    /// The memory of all together in MiB.
    pub memory_mib: u32,
}

/// Accelerators of one instance that are no graphics processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accelerators {
    /// How many.
    pub count: u32,
    /// What they are for: `neuron`, `inference`, `fpga` or `media`.
    pub kind: &'static str,
    /// Such as `Inferentia2`.
    pub name: &'static str,
}

/// The free tier of accounts opened before July 2025: 750 hours a month in their first year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeFirstYear {
    /// It was inside.
    Yes,
    /// It was inside only where a region has no T2.
    WhereNoT2,
    /// It was outside.
    No,
}

impl InstanceType {
    /// The part before the dot: `g4dn`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        family(self.name)
    }

    /// Whether no region offers it any more.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        !self.launchable
    }

    /// How many accelerators of any kind one instance has.
    #[must_use]
    pub fn accelerator_count(&self) -> u32 {
        self.gpus.map_or(0, |it| it.count) + self.accelerators.map_or(0, |it| it.count)
    }

    /// Whether a region offers it; `None` when the region's list is not known.
    #[must_use]
    pub fn offered_in(&self, region: &str) -> Option<bool> {
        let number = regions::number(region).filter(|_| regions::has_offerings(region))?;
        Some(self.offered >> number & 1 == 1)
    }

    /// The regions that offer it, of those whose list is known.
    pub fn regions(&self) -> impl Iterator<Item = &'static str> + use<> {
        let offered = self.offered;
        regions::all().enumerate().filter(move |(idx, _)| offered >> idx & 1 == 1).map(|it| it.1)
    }
}

/// The type of this name.
#[must_use]
pub fn find(name: &str) -> Option<InstanceType> {
    INSTANCES.find(name).map(read)
}

/// All types, sorted by name.
pub fn all() -> impl Iterator<Item = InstanceType> {
    INSTANCES.rows().map(read)
}

/// The names of the types that may be started on the free plan, sorted.
pub fn on_free_plan() -> impl Iterator<Item = &'static str> {
    FREE_PLAN.rows().map(|it| it.key)
}

/// The date of the list: what came later is not in it.
#[must_use]
pub fn as_of() -> &'static str {
    sources::of_table("instances").date
}

/// Whether there is any type of this family (`m5`, or the family of `m5.large`).
#[must_use]
pub fn family_is_known(name: &str) -> bool {
    let wanted = family(name);
    INSTANCES.beginning(wanted).any(|it| family(it.key) == wanted)
}

/// The types that a misspelt name may have meant, nearest first, at most three; those that are gone are left out.
///
/// Where the family is known, only its types come into question; else, where the size is known, only types of this
/// size.
#[must_use]
pub fn near_names(name: &str) -> Vec<&'static str> {
    let known = family_is_known(name);
    let beginning = if known { family(name) } else { "" };
    let size_is_known = all_sizes().any(|it| Some(it) == size(name));
    let names = INSTANCES
        .beginning(beginning)
        .filter(|it| match known {
            true => family(it.key) == beginning,
            false => !size_is_known || size(it.key) == size(name),
        })
        .filter(|it| read(*it).launchable)
        .map(|it| it.key);
    near(name, names, 3)
}

fn all_sizes() -> impl Iterator<Item = &'static str> {
    INSTANCES.rows().filter_map(|it| size(it.key))
}

/// The part of a name after the dot.
fn size(name: &str) -> Option<&str> {
    name.split_once('.').map(|it| it.1)
}

/// The part of a name before the dot; the whole name where it has none.
pub(super) fn family(name: &str) -> &str {
    name.split_once('.').map_or(name, |it| it.0)
}

fn read(row: Row) -> InstanceType {
    let mut fields = row.fields();
    let vcpus = fields.number();
    let memory_mib = fields.number();
    let architecture = match fields.text() {
        "x86_64" => Some(Architecture::X86_64),
        "arm64" => Some(Architecture::Arm64),
        _ => None,
    };
    let gpus = gpus(&mut fields);
    let accelerators = accelerators(fields.text());
    let flags = fields.text();
    let offered =
        u64::from_str_radix(fields.text(), 16).expect("internal error: regions of an instance type");
    InstanceType {
        name: row.key,
        vcpus,
        memory_mib,
        architecture,
        gpus,
        accelerators,
        previous_generation: flags.contains('p'),
        bare_metal: flags.contains('m'),
        launchable: !flags.contains('r'),
        on_free_plan: FREE_PLAN.find(row.key).is_some(),
        free_first_year: match () {
            () if flags.contains('y') => FreeFirstYear::Yes,
            () if flags.contains('w') => FreeFirstYear::WhereNoT2,
            () => FreeFirstYear::No,
        },
        source: sources::get(fields.text()),
        offered,
    }
}

/// One field, `COUNT:MANUFACTURER:NAME:MEMORY`, where a count below one is a share.
fn gpus(fields: &mut Fields) -> Option<Gpus> {
    let mut parts = fields.text().split(':');
    let count = parts.next().filter(|it| !it.is_empty())?;
    let share = count.contains('.').then_some(count);
    Some(Gpus {
        count: count.parse().unwrap_or(1),
        share,
        manufacturer: parts.next()?,
        name: parts.next()?,
        memory_mib: parts.next()?.parse().ok()?,
    })
}

/// One field, `KIND:NAME:COUNT`.
fn accelerators(field: &'static str) -> Option<Accelerators> {
    let (kind, rest) = field.split_once(':')?;
    let (name, count) = rest.rsplit_once(':')?;
    Some(Accelerators { count: count.parse().ok()?, kind, name })
}

#[cfg(test)]
mod tests;
