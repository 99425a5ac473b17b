//! Prices of the last day, in the user's cache folder. A cache that cannot be read or written is none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::read::read_file;
use crate::cli::variable;

/// How long a price counts, in seconds.
const LIFE: u64 = 24 * 60 * 60;
/// A larger file is not ours.
const MAX_BYTES: usize = 4 << 20;

/// What AWS said, by region and type.
pub(super) struct Cache {
    path: Option<PathBuf>,
    now: u64,
    prices: BTreeMap<String, BTreeMap<String, Entry>>,
    changed: bool,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Entry {
    usd_per_hour: f64,
    /// Seconds since 1970.
    at: u64,
}

impl Cache {
    pub(super) fn load(now: u64) -> Cache {
        Cache::at(folder().map(|it| it.join("ecslint").join("prices.json")), now)
    }

    fn at(path: Option<PathBuf>, now: u64) -> Cache {
        let read = |path: &Path| {
            let bytes = read_file(path, MAX_BYTES).ok().filter(|it| it.len() <= MAX_BYTES)?;
            serde_json::from_slice(&bytes).ok()
        };
        let mut prices: BTreeMap<String, BTreeMap<String, Entry>> =
            path.as_deref().and_then(read).unwrap_or_default();
        let counts = |it: &Entry| {
            it.usd_per_hour.is_finite() && it.usd_per_hour > 0.0 && it.at <= now && now - it.at < LIFE
        };
        for types in prices.values_mut() {
            types.retain(|_, it| counts(it));
        }
        Cache { path, now, prices, changed: false }
    }

    /// A price, and when AWS said it.
    pub(super) fn get(&self, region: &str, name: &str) -> Option<(f64, u64)> {
        let entry = self.prices.get(region)?.get(name)?;
        Some((entry.usd_per_hour, entry.at))
    }

    pub(super) fn put(&mut self, region: &str, name: &str, usd_per_hour: f64) {
        let entry = Entry { usd_per_hour, at: self.now };
        self.prices.entry(region.to_owned()).or_default().insert(name.to_owned(), entry);
        self.changed = true;
    }

    /// Writes it beside the old one and puts it in its place, so that nobody reads a half.
    pub(super) fn store(&self) {
        let Some(path) = self.path.as_deref().filter(|_| self.changed) else { return };
        let Some(folder) = path.parent() else { return };
        let new = folder.join(format!("prices.{}.new", std::process::id()));
        let Ok(text) = serde_json::to_vec(&self.prices) else { return };
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&new, text))
            .and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            // What is half written is not to lie about.
            let _ = fs::remove_file(&new);
        }
    }
}

/// The cache folder of the user: as the XDG base directories say it, or Windows.
fn folder() -> Option<PathBuf> {
    let absolute = |it: String| Some(PathBuf::from(it)).filter(|it| it.is_absolute());
    let xdg = || variable("XDG_CACHE_HOME").and_then(absolute);
    let windows = || variable("LOCALAPPDATA").filter(|_| cfg!(windows)).and_then(absolute);
    let home = || variable("HOME").and_then(absolute).map(|it| it.join(".cache"));
    xdg().or_else(windows).or_else(home)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_counts_for_a_day() {
        let folder = std::env::temp_dir().join(format!("ecslint-cache-{}", std::process::id()));
        let path = Some(folder.join("ecslint/prices.json"));
        let mut cache = Cache::at(path.clone(), 1_000_000);
        assert_eq!(cache.get("eu-west-1", "t3.micro"), None);
        cache.put("eu-west-1", "t3.micro", 0.0114);
        cache.store();
        let after = |seconds| Cache::at(path.clone(), 1_000_000 + seconds).get("eu-west-1", "t3.micro");
        assert_eq!(after(0), Some((0.0114, 1_000_000)));
        assert_eq!(after(LIFE - 1), Some((0.0114, 1_000_000)));
        assert_eq!(after(LIFE), None);
        assert_eq!(Cache::at(path.clone(), 999_999).get("eu-west-1", "t3.micro"), None);
        let names = fs::read_dir(folder.join("ecslint")).expect("the folder").count();
        assert_eq!(names, 1);
        fs::write(folder.join("ecslint/prices.json"), "{").expect("writable");
        assert_eq!(after(0), None);
        let _ = fs::remove_dir_all(&folder);
    }
}
