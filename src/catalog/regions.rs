//! The regions that the tables speak of.

use super::table::Table;

const REGIONS: Table = Table(include_str!("data/regions.tsv"));

/// All regions of which the tables know a price, an instance type or an image, sorted.
pub fn all() -> impl Iterator<Item = &'static str> {
    REGIONS.rows().map(|it| it.key)
}

/// Whether the tables speak of this region. AWS may have opened others since.
#[must_use]
pub fn is_known(region: &str) -> bool {
    REGIONS.find(region).is_some()
}

/// Whether the list of the instance types that a region offers is known.
pub(super) fn has_offerings(region: &str) -> bool {
    REGIONS.find(region).is_some_and(|row| row.fields().text() == "offerings")
}

/// The number by which other tables name a region.
pub(super) fn number(region: &str) -> Option<usize> {
    all().position(|it| it == region)
}
