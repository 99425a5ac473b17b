//! The configuration of each file: the one that is named, else the nearest in the folders above it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::Values;
use super::error::{Error, Shown};
use super::read::{Source, read_file};
use crate::config::{self, Config, FILE_NAME, MAX_BYTES};
use crate::lint::Options;
use crate::text::Lines;

/// What the arguments say, and the configurations that were met.
pub(super) struct Configs {
    base: Options,
    named: Option<Arc<Options>>,
    /// By folder; `None` where the configuration is broken, which has been said.
    found: HashMap<PathBuf, Option<Arc<Options>>>,
}

impl Configs {
    /// Reads the configuration that is named.
    pub(super) fn new(values: &Values, base: Options) -> Result<Configs, Error> {
        let named = values.config.as_deref().map(load).transpose()?;
        let named = named.map(|it| Arc::new(merged(&base, it)));
        Ok(Configs { base, named, found: HashMap::new() })
    }

    /// The options for a file: what the arguments say wins. `None` when it was said before why there are none.
    pub(super) fn options(&mut self, source: &Source) -> Result<Option<Arc<Options>>, Error> {
        if let Some(named) = &self.named {
            return Ok(Some(Arc::clone(named)));
        }
        let file = match source {
            Source::Stdin => Path::new(""),
            Source::File(path) => path.parent().unwrap_or(Path::new("")),
        };
        // A link above may lead elsewhere: the folders are those that were named.
        let folder = std::path::absolute(Path::new(".").join(file)).unwrap_or_else(|_| file.to_owned());
        if let Some(known) = self.found.get(&folder) {
            return Ok(known.clone());
        }
        let path = folder.ancestors().map(|it| it.join(FILE_NAME)).find(|it| it.is_file());
        let loaded = path.as_deref().map(load).transpose();
        let (known, res) = match loaded {
            Ok(config) => {
                let options = Arc::new(merged(&self.base, config.unwrap_or_default()));
                (Some(Arc::clone(&options)), Ok(Some(options)))
            }
            Err(error) => (None, Err(error)),
        };
        self.found.insert(folder, known);
        res
    }
}

fn merged(base: &Options, config: Config) -> Options {
    let Config { region, budget } = config;
    Options { region: base.region.clone().or(region), budget, ..base.clone() }
}

fn load(path: &Path) -> Result<Config, Error> {
    let bytes = read_file(path, MAX_BYTES)?;
    let bad = |line, column, message: String| Error::InFile { path: Shown::new(path), line, column, message };
    if bytes.len() > MAX_BYTES {
        return Err(bad(1, 1, "the file is larger than 1 MB".to_owned()));
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(bad(1, 1, "the file is no text in UTF-8".to_owned()));
    };
    config::parse(text).map_err(|problems| {
        let lines = Lines::new(text);
        let first = problems.first();
        let place = lines.position(first.map_or(0, |it| it.span.start));
        let mut message = first.map(|it| it.message.clone()).unwrap_or_default();
        if problems.len() > 1 {
            message.push_str(&format!(" (and {} more)", problems.len() - 1));
        }
        bad(place.line, place.column, message)
    })
}
