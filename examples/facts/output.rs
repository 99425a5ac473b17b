//! The tables as they are to be written.
//!
//! Invariant: what the library expects of a text table is checked here: ASCII, sorted by key, every key once.

use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::Path;

use crate::input::wrong;

/// Files by name.
#[derive(Default)]
pub(crate) struct Output {
    files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    /// Adds a table; every row is a key and the fields after it.
    pub(crate) fn table(&mut self, name: &str, rows: BTreeMap<String, Vec<String>>) -> Result<()> {
        let mut text = String::new();
        for (key, fields) in rows {
            let fields: Vec<&str> =
                std::iter::once(key.as_str()).chain(fields.iter().map(String::as_str)).collect();
            if let Some(field) = fields.iter().find(|it| !it.is_ascii() || it.contains(['\t', '\n', '\r'])) {
                return Err(wrong(format!("{name}: `{field}` cannot stand in a table")));
            }
            text.push_str(fields.join("\t").trim_end_matches('\t'));
            text.push('\n');
        }
        self.file(name, text.into_bytes());
        Ok(())
    }

    /// Adds a file of any form.
    pub(crate) fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.insert(name.to_owned(), bytes);
    }

    /// Writes all files.
    pub(crate) fn write_to(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        self.files.iter().try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))
    }

    /// Fails when a file in the folder is not the one that would be written.
    #[cfg(test)]
    pub(crate) fn compare_with(&self, folder: &Path) -> Result<()> {
        for (name, bytes) in &self.files {
            if fs::read(folder.join(name))? != *bytes {
                return Err(wrong(format!("{name} is not what the facts give")));
            }
        }
        Ok(())
    }
}
