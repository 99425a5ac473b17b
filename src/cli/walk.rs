//! From what was named to the files to check, each once, in an order that depends on the names only.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::args::Files;
use super::error::{Error, Shown};
use super::git::Changed;
use super::read::Source;

/// The files of a folder that are looked at.
const EXTENSIONS: [&str; 4] = ["yml", "yaml", "json", "template"];

/// A file to check.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) source: Source,
    /// The folder it was found in, as an index into [`Targets::folders`]; `None` when it was named itself.
    pub(super) folder: Option<usize>,
}

/// A folder that was named.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: Shown,
    /// Whether some of its files count for what was named before.
    pub(super) overlaps: bool,
}

/// The files behind some paths, one after the other, and what could not be found or entered. Nothing is held of a file
/// that was passed on: a folder may have a million of them.
pub(super) struct Targets<'a> {
    paths: std::slice::Iter<'a, PathBuf>,
    no_ignore: bool,
    /// The name of standard input.
    stdin_filename: Option<&'a PathBuf>,
    /// Nothing else, if told.
    changed: Option<Changed>,
    /// The folders so far.
    pub(super) folders: Vec<Folder>,
    walk: Option<(&'a Path, ignore::Walk)>,
    seen: Seen,
}

/// What is already among the files, by a hash of 128 bits: paths of a million files would fill the memory.
#[derive(Default)]
struct Seen {
    hashers: [RandomState; 2],
    hashes: HashSet<u128>,
    /// One path has no file twice.
    is_needed: bool,
}

impl Seen {
    /// Adds a file; `None` is standard input. Says whether it is new.
    fn insert(&mut self, path: Option<&Path>) -> bool {
        let [high, low] = self.hashers.each_ref().map(|it| u128::from(it.hash_one(path)));
        !self.is_needed || self.hashes.insert(high << 64 | low)
    }
}

/// Says whether a file of a folder is to be looked at; told is whether it has the extension of a template.
pub(super) type LooksAt<'a> = &'a mut dyn FnMut(&Path, bool) -> bool;

impl<'a> Targets<'a> {
    /// The files behind the paths. A file that was named is taken whatever its name; of a folder those that .gitignore
    /// does not leave out and that are to be looked at.
    pub(super) fn new(files: &'a Files, changed: Option<Changed>) -> Targets<'a> {
        let seen = Seen { is_needed: files.paths.len() > 1, ..Seen::default() };
        let (paths, stdin_filename) = (files.paths.iter(), files.stdin_filename.as_ref());
        let no_ignore = files.no_ignore;
        Targets { paths, no_ignore, stdin_filename, changed, folders: Vec::new(), walk: None, seen }
    }

    /// No files at all.
    pub(super) fn none(files: &'a Files) -> Targets<'a> {
        Targets { paths: [].iter(), ..Targets::new(files, None) }
    }

    /// What comes next of the paths that were named.
    fn named(&mut self, path: &'a PathBuf) -> Option<Result<Target, Error>> {
        if path.as_os_str() == "-" {
            return self.target(Source::Stdin(self.stdin_filename.cloned()));
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                self.folders.push(Folder { path: Shown::new(path), overlaps: false });
                self.walk = Some((path, walker(path, self.no_ignore)));
                None
            }
            // What is no regular file fails when it is read, with the others.
            Ok(_) => self.target(Source::File(path.clone())),
            Err(error) => Some(Err(Error::of_path(path, error))),
        }
    }

    /// The file, unless it was there before.
    fn target(&mut self, source: Source) -> Option<Result<Target, Error>> {
        let key = match &source {
            Source::Stdin(_) => None,
            Source::File(path) if self.changed.as_ref().is_some_and(|it| !it.has(path)) => return None,
            Source::File(path) => Some(without_dot(path)),
        };
        let folder = self.walk.as_ref().map(|_| self.folders.len() - 1);
        if self.seen.insert(key) {
            return Some(Ok(Target { source, folder }));
        }
        if let Some(folder) = folder {
            self.folders[folder].overlaps = true;
        }
        None
    }

    /// The next file.
    pub(super) fn next(&mut self, looks_at: LooksAt<'_>) -> Option<Result<Target, Error>> {
        loop {
            let found = match &mut self.walk {
                None => {
                    let path = self.paths.next()?;
                    self.named(path)
                }
                Some((root, walk)) => match walk.next() {
                    None => {
                        self.walk = None;
                        None
                    }
                    Some(Ok(it)) if it.file_type().is_some_and(|it| it.is_file()) => {
                        let path = without_dot(it.path());
                        if looks_at(path, has_extension(path)) {
                            self.target(Source::File(path.to_owned()))
                        } else {
                            None
                        }
                    }
                    Some(Ok(_)) => None,
                    Some(Err(error)) => Some(Err(of_walk(root, error))),
                },
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

/// Walks without following links, so without loops, and independently of the settings of whoever runs it.
fn walker(root: &Path, no_ignore: bool) -> ignore::Walk {
    WalkBuilder::new(root)
        .follow_links(false)
        .hidden(false)
        .parents(!no_ignore)
        .ignore(!no_ignore)
        .git_ignore(!no_ignore)
        .git_exclude(!no_ignore)
        .git_global(false)
        .require_git(false)
        .filter_entry(|it| it.depth() == 0 || it.file_name() != ".git")
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build()
}

/// `./a.yml` is `a.yml`.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn has_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| EXTENSIONS.iter().any(|known| it.eq_ignore_ascii_case(known)))
}

/// The error with the path that it is about.
fn of_walk(root: &Path, error: ignore::Error) -> Error {
    let path = path_of(&error).unwrap_or(root).to_owned();
    match error.into_io_error() {
        Some(error) => Error::of_path(&path, error),
        None => Error::Read { path: Shown::new(&path), error: std::io::Error::other("it cannot be walked") },
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// The CloudFormation templates that lie in a folder itself, not in those below, in the order of their names.
pub(super) fn templates_of(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(|error| Error::of_path(folder, error))?;
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|it| it.file_type().is_ok_and(|it| it.is_file()) && has_extension(&it.path()))
        .map(|it| without_dot(&it.path()).to_owned())
        .collect();
    paths.sort();
    let is_template = |path: &PathBuf| {
        let bytes = Source::File(path.clone()).read();
        bytes.is_ok_and(|it| crate::deploy::brief::Brief::of(&it, &Default::default()).is_some())
    };
    paths.retain(is_template);
    Ok(paths)
}
