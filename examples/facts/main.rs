//! Writes the tables of the catalogue, `src/catalog/data`, from a folder of collected facts.
//!
//! `cargo run --example facts -- FACTS_FOLDER` writes them anew. The same facts always give the same bytes, and
//! `cargo test --example facts` compares, where the environment variable `ECSLINT_FACTS` names such a folder.

#![expect(clippy::disallowed_methods, reason = "a tool of its own; the library does no I/O")]

mod actions;
mod attributes;
mod images;
mod input;
mod instances;
mod output;
mod permissions;
mod policies;
mod prices;
mod regions;
mod schemas;
mod sources;

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use input::Facts;
use output::Output;
use sources::Sources;

fn main() -> Result<()> {
    let Some(folder) = std::env::args_os().nth(1) else {
        return Err(Error::new(ErrorKind::InvalidInput, "usage: cargo run --example facts -- FACTS_FOLDER"));
    };
    generate(Path::new(&folder))?.write_to(&data_folder())
}

/// Where the library takes the tables from.
fn data_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/data")
}

/// All tables, as they are to lie in the data folder.
fn generate(folder: &Path) -> Result<Output> {
    let facts = Facts::new(folder);
    let mut output = Output::default();
    let mut sources = Sources::default();
    let regions = regions::generate(&facts, &mut output)?;
    instances::generate(&facts, &regions, &mut sources, &mut output)?;
    prices::generate(&facts, &regions, &mut sources, &mut output)?;
    images::generate(&facts, &regions, &mut sources, &mut output)?;
    attributes::generate(&facts, &mut sources, &mut output)?;
    schemas::generate(&facts, &mut sources, &mut output)?;
    policies::generate(&facts, &mut sources, &mut output)?;
    actions::generate(&facts, &mut sources, &mut output)?;
    permissions::generate(&facts, &mut sources, &mut output)?;
    sources.generate(&mut output)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the facts are there, they still give the tables that are compiled in.
    #[test]
    fn the_tables_are_those_of_the_facts() {
        let beside = || Some(Path::new(&std::env::var_os("ECSLINT_CORPUS")?).join("../facts"));
        let folder = std::env::var_os("ECSLINT_FACTS").map(PathBuf::from).or_else(beside);
        let Some(folder) = folder.filter(|it| it.is_dir()) else { return };
        let output = generate(&folder).expect("the facts can be read");
        output.compare_with(&data_folder()).expect("run `cargo run --example facts -- FACTS_FOLDER`");
    }

    #[test]
    fn the_tables_are_small() {
        let sizes = std::fs::read_dir(data_folder())
            .expect("the folder of the tables")
            .map(|entry| entry.and_then(|it| it.metadata()).expect("a table").len());
        assert!(sizes.sum::<u64>() < 1_500_000);
    }
}
