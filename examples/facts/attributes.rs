//! The attributes of resource types.

use std::collections::BTreeMap;
use std::io::Result;

use crate::input::Facts;
use crate::output::Output;
use crate::sources::{CFN_LINT, Sources};

/// Writes the table.
pub(crate) fn generate(facts: &Facts, sources: &mut Sources, output: &mut Output) -> Result<()> {
    let mut rows = BTreeMap::new();
    for row in facts.table("type_attributes.tsv")? {
        let attributes: Vec<String> = row.text("attributes")?.split(',').map(glob).collect();
        rows.insert(row.text("type")?.to_owned(), vec![attributes.join(",")]);
    }
    sources.of_table("attributes", CFN_LINT)?;
    output.table("attributes.tsv", rows)
}

/// Some attributes are regular expressions, all of them simple: `Outputs\..*` is `Outputs.*` as a glob. In others,
/// `Rules.*.Arn`, the star is one already and stands for the number of an item.
fn glob(attribute: &str) -> String {
    match attribute {
        ".*" => "*".to_owned(),
        _ if attribute.contains('\\') => attribute.replace("\\.", "\0").replace(".*", "*").replace('\0', "."),
        _ => attribute.to_owned(),
    }
}
