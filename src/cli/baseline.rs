//! `--baseline` and `--write-baseline`: what was found before, read and written.

use std::path::{Path, PathBuf};

use super::error::{Error, Shown};
use super::new_file::NewFile;
use super::output::note;
use super::read::{Source, read_file};
use crate::config::baseline::{self, Baseline, Known, known};
use crate::lint::{self, Options, Outcome};
use crate::report::sanitize;

/// A baseline of more bytes is none.
const MAX_BYTES: usize = 64 << 20;
/// So many that are gone are named; the others are counted.
const MOST_GONE: usize = 20;

/// The baseline that is read, and the one that is to be written.
#[derive(Debug, Default)]
pub(super) struct Baselines {
    read: Option<Read>,
    write: Option<PathBuf>,
}

#[derive(Debug)]
struct Read {
    path: PathBuf,
    baseline: Baseline,
}

/// What one file adds.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// The file, as the baseline that is read calls it.
    path: Option<String>,
    gone: Vec<Known>,
    new: Vec<Known>,
}

impl Baselines {
    /// Reads the one that is to be read.
    pub(super) fn new(read: Option<&Path>, write: Option<&Path>) -> Result<Baselines, Error> {
        let read = match read {
            Some(path) => Some(Read { path: path.to_owned(), baseline: load(path)? }),
            None => None,
        };
        Ok(Baselines { read, write: write.map(Path::to_owned) })
    }

    /// Takes what is known out of what is told about a file. Nothing is kept of it where there is no baseline.
    pub(super) fn apply(
        &self,
        source: &Source,
        text: &str,
        options: &Options,
        outcome: &mut Outcome,
    ) -> Option<Share> {
        if self.read.is_none() && self.write.is_none() {
            return None;
        }
        let mut res = Share::default();
        if let Some(write) = &self.write {
            res.new = known(&name(write, source), text, outcome);
        }
        if let Some(read) = &self.read {
            let path = name(&read.path, source);
            let is_known = |code: &str| lint::codes(&options.policies).any(|it| it == code);
            let runs = |code: &str| !is_known(code) || options.runs(code);
            res.gone = read.baseline.apply(&path, text, outcome, runs);
            res.path = Some(path);
        }
        if self.write.is_some() {
            baseline::suppress_all(outcome);
        }
        Some(res)
    }

    /// Says what is gone, and writes what is new if the run was whole.
    pub(super) fn finish(self, shares: Vec<Share>, quiet: bool, whole: bool) -> Result<(), Error> {
        if let Some(read) = &self.read
            && !quiet
        {
            read.say_gone(&shares);
        }
        let Some(path) = self.write else { return Ok(()) };
        let shown = Shown::new(&path);
        if !whole {
            note(format_args!("{shown} is not written: not all was checked"));
            return Ok(());
        }
        let findings: Vec<_> = shares.into_iter().flat_map(|it| it.new).collect();
        let n_findings: u32 = findings.iter().map(|it| it.count).sum();
        let mut file = NewFile::create(&path)?;
        file.write(&baseline::render(findings))?;
        file.finish()?;
        let are = if n_findings == 1 { "finding is" } else { "findings are" };
        note(format_args!("{n_findings} {are} known from now on: {shown}"));
        Ok(())
    }
}

impl Read {
    fn say_gone(&self, shares: &[Share]) {
        let checked: Vec<_> = shares.iter().filter_map(|it| it.path.as_deref()).collect();
        // A file that is gone has taken its findings with it.
        let folder = folder_of(&self.path);
        let is_lost = |it: &&str| !checked.contains(it) && *it != "-" && !folder.join(it).exists();
        let lost = self.baseline.paths().filter(is_lost).flat_map(|it| self.baseline.of(it));
        let gone: Vec<_> = shares.iter().flat_map(|it| &it.gone).chain(lost).collect();
        let shown = Shown::new(&self.path);
        for it in gone.iter().take(MOST_GONE) {
            let of = it.resource.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
            let times = if it.count == 1 { String::new() } else { format!(" ({} times)", it.count) };
            let told = format!("{}{of} in {}: {}{times}", it.code, it.path, it.message);
            note(format_args!("gone since {shown}: {}", sanitize::short(&told, 300)));
        }
        if gone.len() > MOST_GONE {
            note(format_args!("gone since {shown}: {} more", gone.len() - MOST_GONE));
        }
        if !gone.is_empty() {
            note("`--write-baseline` keeps only what is there");
        }
    }
}

fn load(path: &Path) -> Result<Baseline, Error> {
    let bytes = read_file(path, MAX_BYTES)?;
    let bad = |line, column, message: String| Error::InFile { path: Shown::new(path), line, column, message };
    if bytes.len() > MAX_BYTES {
        return Err(bad(1, 1, "the file is larger than 64 MB".to_owned()));
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(bad(1, 1, "the file is no text in UTF-8".to_owned()));
    };
    baseline::parse(text).map_err(|it| bad(it.line, it.column, it.message))
}

/// The file as a baseline calls it: seen from its folder, so that it counts wherever one stands.
fn name(baseline: &Path, source: &Source) -> String {
    let Some(path) = source.path() else { return "-".to_owned() };
    let whole = absolute(path);
    let relative = whole.strip_prefix(folder_of(baseline)).map_or(whole.as_path(), |it| it);
    let parts: Vec<_> = relative.components().map(|it| it.as_os_str().to_string_lossy()).collect();
    if relative.has_root() { relative.to_string_lossy().into_owned() } else { parts.join("/") }
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().unwrap_or(Path::new("")).to_owned()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
