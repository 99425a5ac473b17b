//! The regions, and the order by which other tables number them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;

use crate::input::{Facts, wrong};
use crate::output::Output;

/// All regions, sorted.
pub(crate) struct Regions(Vec<String>);

impl Regions {
    /// The number of a region.
    pub(crate) fn number(&self, name: &str) -> Result<usize> {
        self.0.iter().position(|it| it == name).ok_or_else(|| wrong(format!("`{name}` is no known region")))
    }
}

/// Writes the list of the regions for which there are prices or offerings.
pub(crate) fn generate(facts: &Facts, output: &mut Output) -> Result<Regions> {
    let mut with_offerings = BTreeSet::new();
    for row in facts.table("instance_type_offerings.tsv")? {
        with_offerings.extend(row.text("regions")?.split(',').map(str::to_owned));
    }
    let mut rows = BTreeMap::new();
    for row in facts.table("ec2_prices.tsv")? {
        rows.insert(row.text("region")?.to_owned(), Vec::new());
    }
    rows.extend(with_offerings.into_iter().map(|it| (it, vec!["offerings".to_owned()])));
    if rows.len() > 64 {
        return Err(wrong("the set of a type's regions has room for 64 only"));
    }
    let names = rows.keys().cloned().collect();
    output.table("regions.tsv", rows)?;
    Ok(Regions(names))
}
