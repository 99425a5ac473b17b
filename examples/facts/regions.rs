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

/// Writes the list of the regions of which any table speaks.
pub(crate) fn generate(facts: &Facts, output: &mut Output) -> Result<Regions> {
    let mut with_offerings = BTreeSet::new();
    for row in facts.table("instance_type_offerings.tsv")? {
        with_offerings.extend(row.text("regions")?.split(',').map(str::to_owned));
    }
    let mut rows = BTreeMap::new();
    for table in ["ec2_prices.tsv", "ecs_ami_ids.tsv", "ecs_ami_ids_old.tsv"] {
        for row in facts.table(table)? {
            let name = row.text("region")?;
            if is_region(name) {
                rows.insert(name.to_owned(), Vec::new());
            }
        }
    }
    rows.extend(with_offerings.into_iter().map(|it| (it, vec!["offerings".to_owned()])));
    // The regions of a type are a set of 64 bits.
    if rows.len() > 64 {
        return Err(wrong("more than 64 regions"));
    }
    let names = rows.keys().cloned().collect();
    output.table("regions.tsv", rows)?;
    Ok(Regions(names))
}

/// Whether a word looks like `us-east-1`; the tables say `?` where the region is not known.
pub(crate) fn is_region(word: &str) -> bool {
    word.contains('-') && word.ends_with(|it: char| it.is_ascii_digit())
}
