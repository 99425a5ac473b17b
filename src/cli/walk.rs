//! From what was named to the files to check, each once, in an order that depends on the names only.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::error::{Error, Shown};
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

/// All files to check, and what could not be found or entered.
#[derive(Debug, Default)]
pub(super) struct Targets {
    pub(super) files: Vec<Target>,
    pub(super) folders: Vec<Folder>,
    pub(super) errors: Vec<Error>,
}

/// What is already among the files; `None` is standard input.
type Seen = HashSet<Option<PathBuf>>;

/// Says whether a file of a folder is to be looked at; told is whether it has the extension of a template.
pub(super) type LooksAt<'a> = &'a mut dyn FnMut(&Path, bool) -> bool;

/// Finds the files behind the paths. A file that was named is taken whatever its name; of a folder those that
/// .gitignore does not leave out and that are to be looked at.
pub(super) fn collect(paths: &[PathBuf], no_ignore: bool, looks_at: LooksAt<'_>) -> Targets {
    let mut res = Targets::default();
    let mut seen = Seen::new();
    for path in paths {
        if path.as_os_str() == "-" {
            res.push(&mut seen, Source::Stdin, None);
            continue;
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => res.walk(&mut seen, path, no_ignore, looks_at),
            // What is no regular file fails when it is read, with the others.
            Ok(_) => res.push(&mut seen, Source::File(path.clone()), None),
            Err(error) => res.errors.push(Error::of_path(path, error)),
        }
    }
    res
}

impl Targets {
    fn push(&mut self, seen: &mut Seen, source: Source, folder: Option<usize>) {
        let key = match &source {
            Source::Stdin => None,
            Source::File(path) => Some(without_dot(path).to_owned()),
        };
        if seen.insert(key) {
            self.files.push(Target { source, folder });
        } else if let Some(folder) = folder {
            self.folders[folder].overlaps = true;
        }
    }

    fn walk(&mut self, seen: &mut Seen, root: &Path, no_ignore: bool, looks_at: LooksAt<'_>) {
        let folder = Some(self.folders.len());
        self.folders.push(Folder { path: Shown::new(root), overlaps: false });
        for entry in walker(root, no_ignore) {
            match entry {
                Ok(it) if it.file_type().is_some_and(|it| it.is_file()) => {
                    let path = without_dot(it.path());
                    if looks_at(path, has_extension(path)) {
                        self.push(seen, Source::File(path.to_owned()), folder);
                    }
                }
                Ok(_) => {}
                Err(error) => self.errors.push(of_walk(root, error)),
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
