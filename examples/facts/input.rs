//! The folder of facts: tab-separated tables with a line of column names, and JSON files.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder.
pub(crate) struct Facts {
    folder: PathBuf,
}

impl Facts {
    pub(crate) fn new(folder: &Path) -> Facts {
        Facts { folder: folder.to_owned() }
    }

    /// Whether there is such a file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.folder.join(name).is_file()
    }

    /// The rows of a table.
    pub(crate) fn table(&self, name: &str) -> Result<Vec<Row>> {
        let path = self.folder.join(name);
        let text =
            fs::read_to_string(&path).map_err(|err| Error::new(err.kind(), format!("{name}: {err}")))?;
        let mut lines = text.lines();
        let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let row = |(idx, line): (usize, &str)| {
            let fields: Vec<&str> = line.split('\t').collect();
            if fields.len() > columns.len() {
                return Err(wrong(format!("{name}:{}: more fields than columns", idx + 2)));
            }
            // Editors like to cut the tabs before empty fields at the end.
            let padded = fields.into_iter().chain(std::iter::repeat(""));
            let fields = columns.iter().zip(padded).map(|(key, it)| ((*key).to_owned(), it.to_owned()));
            Ok(Row { place: format!("{name}:{}", idx + 2), fields: fields.collect() })
        };
        lines.enumerate().map(row).collect()
    }

    /// The JSON files of a folder, by the name of the file without its ending.
    pub(crate) fn json(&self, folder: &str) -> Result<BTreeMap<String, Value>> {
        let mut res = BTreeMap::new();
        for entry in fs::read_dir(self.folder.join(folder))? {
            let path = entry?.path();
            let Some(name) = path.file_stem().and_then(|it| it.to_str()) else { continue };
            let value = serde_json::from_str(&fs::read_to_string(&path)?)
                .map_err(|err| wrong(format!("{folder}/{name}: {err}")))?;
            res.insert(name.to_owned(), value);
        }
        Ok(res)
    }
}

/// A row of a table.
pub(crate) struct Row {
    place: String,
    fields: HashMap<String, String>,
}

impl Row {
    /// A field that may be empty.
    pub(crate) fn text(&self, column: &str) -> Result<&str> {
        match self.fields.get(column) {
            Some(text) => Ok(text),
            None => Err(self.wrong(&format!("no column `{column}`"))),
        }
    }

    /// A field that says `true` or `yes`, or `false` or `no`.
    pub(crate) fn flag(&self, column: &str) -> Result<bool> {
        match self.text(column)? {
            "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            other => Err(self.wrong(&format!("`{other}` is no truth value"))),
        }
    }

    /// A field that is a whole number.
    pub(crate) fn number(&self, column: &str) -> Result<u32> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(&format!("`{text}` is no number")))
    }

    /// The error that this row is not as it should be.
    pub(crate) fn wrong(&self, what: &str) -> Error {
        wrong(format!("{}: {what}", self.place))
    }
}

/// The error that the facts are not as they should be.
pub(crate) fn wrong(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidData, what.into())
}
