//! The actions of IAM policies; `src/catalog/actions.rs` tells the form of the table.

use std::collections::BTreeMap;
use std::io::Result;

use crate::input::{Facts, wrong};
use crate::output::Output;
use crate::sources::{CFN_LINT, Sources};

/// Writes the table.
pub(crate) fn generate(facts: &Facts, sources: &mut Sources, output: &mut Output) -> Result<()> {
    let mut services: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in facts.table("iam_actions.tsv")? {
        let types = row.text("resource_types")?;
        if types.contains(';') {
            return Err(row.wrong("a semicolon in the resource types"));
        }
        let actions = services.entry(row.text("service")?.to_owned()).or_default();
        actions.insert(row.text("action_lower_case")?.to_owned(), types.to_owned());
    }
    let mut rows = BTreeMap::new();
    for (service, actions) in services {
        let (sets, words) = pack(&actions)?;
        rows.insert(service, vec![sets, words]);
    }
    sources.of_table("actions", CFN_LINT)?;
    output.table("actions.tsv", rows)
}

/// The sets of resource types of a service, and its actions in short.
fn pack(actions: &BTreeMap<String, String>) -> Result<(String, String)> {
    let mut sets: Vec<&str> = Vec::new();
    let mut words = Vec::new();
    let mut before = "";
    for (name, types) in actions {
        if !name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-') {
            return Err(wrong(format!("`{name}` is no name of an action")));
        }
        let shared = name.bytes().zip(before.bytes()).take_while(|(left, right)| left == right).count();
        // The letters from `0` on that are printable and in ASCII.
        let shared = shared.min(usize::from(b'~' - b'0'));
        let mut word = String::from(char::from(b'0' + u8::try_from(shared).unwrap_or_default()));
        word.push_str(&name[shared..]);
        if !types.is_empty() {
            let known = sets.iter().position(|it| it == types);
            let number = known.unwrap_or_else(|| {
                sets.push(types);
                sets.len() - 1
            });
            word.push_str(&letters(number));
        }
        words.push(word);
        before = name;
    }
    Ok((sets.join(";"), words.join(" ")))
}

/// A number in capital letters, `A` for 0.
fn letters(mut number: usize) -> String {
    let mut res = Vec::new();
    loop {
        res.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
        if number == 0 {
            return res.into_iter().rev().collect();
        }
    }
}
