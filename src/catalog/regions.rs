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

/// Whether a text has the form of a region; which ones there are changes too often to be checked.
#[must_use]
pub fn has_form(text: &str) -> bool {
    let is_word =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    let parts: Vec<_> = text.split('-').collect();
    parts.len() >= 3 && parts.iter().all(|it| is_word(it))
}

/// Whether the list of the instance types that a region offers is known.
pub(super) fn has_offerings(region: &str) -> bool {
    REGIONS.find(region).is_some_and(|row| row.fields().text() == "offerings")
}

/// The number by which other tables name a region.
pub(super) fn number(region: &str) -> Option<usize> {
    all().position(|it| it == region)
}
