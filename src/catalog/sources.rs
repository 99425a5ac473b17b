//! Where the figures come from.

use super::table::{Fields, Table};

const SOURCES: Table = Table(include_str!("data/sources.tsv"));
const TABLES: Table = Table(include_str!("data/tables.tsv"));

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The project and the file, with the commit or version that was read.
    pub name: &'static str,
    /// The licence of the source.
    pub licence: &'static str,
    /// When it was true: `YYYY-MM-DD`, or `YYYY-MM` where the day is not known.
    pub date: &'static str,
}

/// Whether a date, `YYYY-MM-DD` or `YYYY-MM`, is more than a year before a day. What is no date is not old.
#[must_use]
pub fn is_old(date: &str, today: &str) -> bool {
    let Some((year, rest)) = date.split_once('-') else { return false };
    let Ok(year) = year.parse::<u32>() else { return false };
    // Of a month without a day, the last may be meant.
    let rest = if rest.contains('-') { rest.to_owned() } else { format!("{rest}-31") };
    format!("{:04}-{rest}", year.saturating_add(1)).as_str() < today
}

/// All sources.
pub fn all() -> impl Iterator<Item = Source> {
    SOURCES.rows().map(|row| read(row.fields()))
}

/// The source that another table's row names by its number.
pub(super) fn get(number: &str) -> Source {
    let row = SOURCES.find(number).expect("internal error: a source that is not in the list");
    read(row.fields())
}

/// The source of a table that has only one.
pub(super) fn of_table(name: &str) -> Source {
    let row = TABLES.find(name).expect("internal error: a table without a source");
    get(row.fields().text())
}

fn read(mut fields: Fields) -> Source {
    Source { name: fields.text(), licence: fields.text(), date: fields.text() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_old() {
        let old = ["2025-11-22", "2022-11-22", "2025-10", "2025-10-31"];
        let young = ["2025-11-23", "2026-10", "2025-11", "2026-11-23", "2030-01-01", "", "never"];
        assert_eq!(old.map(|it| is_old(it, "2026-11-23")), [true; 4]);
        assert_eq!(young.map(|it| is_old(it, "2026-11-23")), [false; 7]);
    }

    #[test]
    fn every_source_is_whole() {
        for source in all() {
            assert!(!source.name.is_empty() && !source.licence.is_empty(), "{source:?}");
            assert!(source.date.len() >= "2026-10".len() && source.date.starts_with("20"), "{source:?}");
        }
        for row in TABLES.rows() {
            of_table(row.key);
        }
    }
}
