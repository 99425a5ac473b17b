//! Where the figures come from. Tables name a source by its number.

use std::collections::BTreeMap;
use std::io::Result;

use crate::input::wrong;
use crate::output::Output;

/// The source of three tables, and its date.
pub(crate) const CFN_LINT: (&str, &str) = ("cfn-lint 1.51.0 (MIT-0)", "2026-05-12");

/// The sources met so far, in the order of meeting.
#[derive(Default)]
pub(crate) struct Sources {
    list: Vec<[String; 3]>,
    of_tables: BTreeMap<String, Vec<String>>,
}

impl Sources {
    /// The number of the source that a column names as `PROJECT (LICENCE)` or `PROJECT (LICENCE); NOTE`.
    pub(crate) fn number(&mut self, text: &str, date: &str) -> Result<String> {
        let whole = text.split_once("; ").map_or(text, |it| it.0);
        let parts = whole.strip_suffix(')').and_then(|it| it.rsplit_once(" ("));
        let Some((name, licence)) = parts else {
            return Err(wrong(format!("`{text}` is no source with a licence")));
        };
        let source = [name.to_owned(), licence.to_owned(), date.to_owned()];
        let known = self.list.iter().position(|it| *it == source);
        let number = known.unwrap_or_else(|| {
            self.list.push(source);
            self.list.len() - 1
        });
        Ok(format!("{number:02}"))
    }

    /// Says that a whole table comes from one source.
    pub(crate) fn of_table(&mut self, table: &str, source: (&str, &str)) -> Result<()> {
        let number = self.number(source.0, source.1)?;
        self.of_tables.insert(table.to_owned(), vec![number]);
        Ok(())
    }

    /// Writes the list.
    pub(crate) fn generate(self, output: &mut Output) -> Result<()> {
        let row = |(number, source): (usize, [String; 3])| (format!("{number:02}"), source.to_vec());
        output.table("sources.tsv", self.list.into_iter().enumerate().map(row).collect())?;
        output.table("tables.tsv", self.of_tables)
    }
}
