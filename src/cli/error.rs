//! Why ecslint could not do its job: one line each, with what to do. No text of a user reaches it unsanitised.

use std::fmt;
use std::io;
use std::path::Path;

use super::near;
use crate::report::sanitize;

/// A path in a message: short, and harmless for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown(String);

impl Shown {
    pub(super) fn new(path: &Path) -> Shown {
        Shown(sanitize::short(&path.to_string_lossy(), 300))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

/// Why ecslint could not do its job.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("no such file or folder: {path}{}", hint(.nearest.as_deref()))]
    NotFound { path: Shown, nearest: Option<String> },
    #[error("no rights to read {path}: change them, or run as a user who may")]
    NoRights { path: Shown },
    #[error("{path} is {kind}, not a file: pipe it into `ecslint check -`")]
    NotRegular { path: Shown, kind: &'static str },
    #[error("cannot read {path}: {error}")]
    Read { path: Shown, error: io::Error },
    #[error("cannot read standard input: {0}")]
    Stdin(io::Error),
    #[error("the parameter file {path} {reason}")]
    ParameterFile { path: Shown, reason: BadParameters },
    #[error("{path}:{line}:{column}: {}", sanitize::short(.message, 300))]
    InFile { path: Shown, line: usize, column: usize, message: String },
    #[error("ecslint failed on {path}: report it with the file at {}/issues", env!("CARGO_PKG_REPOSITORY"))]
    Crash { path: Shown },
    #[error("{0}")]
    Value(#[from] super::args::BadValue),
    #[error("{path} is no CloudFormation template that can be read: `ecslint check` says why")]
    NoTemplate { path: Shown },
    #[error("{path} is a folder: name one template")]
    Folder { path: Shown },
    #[error("{path} starts no instances")]
    NoFleet { path: Shown },
    #[error("{path} has no fleet `{name}`; there are: {fleets}")]
    UnknownFleet { path: Shown, name: String, fleets: String },
    #[error("{flag}: {}", sanitize::short(.message, 300))]
    Flag { flag: &'static str, message: String },
    #[error("there are no policies: name a file, or write `policies:` into .ecslint.yaml")]
    NoPolicies,
    #[error("cannot write the report: {0}")]
    Output(io::Error),
    #[error("cannot write {path}: {error}")]
    Write { path: Shown, error: io::Error },
    #[error("cannot write {path}: the folder {folder} does not exist")]
    NoFolder { path: Shown, folder: Shown },
    #[error("cannot write {path}: it is a folder; name a file")]
    OutputFolder { path: Shown },
    #[error("cannot write {path}: it is read-only")]
    ReadOnly { path: Shown },
    #[error("{path} is not fixed: it has changed since it was read; run ecslint once more")]
    Changed { path: Shown },
    #[error("{path} is not fixed: it is read-only")]
    FixReadOnly { path: Shown },
    #[error("{path} is not fixed: it is a symbolic link; name the file itself")]
    FixLink { path: Shown },
    #[error("{path} is not fixed: it has another name (a hard link), which would keep the old text")]
    FixHardLink { path: Shown },
    #[error("--fix writes what came from standard input to standard output: name no other file with it")]
    FixStdin,
    #[error("{0}")]
    Git(String),
    #[error("--stdin-filename names what comes through standard input: add the path -")]
    NoStdin,
    #[error("standard input comes once: --watch needs files or folders")]
    WatchStdin,
    #[error("{path} is there already: --force replaces it")]
    Exists { path: Shown },
    #[error("the answers end too early: nothing was written")]
    NoAnswer,
    #[error("{0}")]
    Choice(#[from] super::init::choice::BadChoice),
    #[error("{path} is no command: to check it, say `ecslint check` before it")]
    NoCommand { path: Shown },
    #[error("there is no command `{name}`{}", hint(.nearest.as_deref()))]
    UnknownCommand { name: String, nearest: Option<String> },
    #[error("two reports go to {path}: give each --output a file of its own")]
    SameOutput { path: Shown },
    #[error("the report does not replace {path}, which was checked: write it to another file")]
    OutputIsInput { path: Shown },
}

/// What is wrong with a parameter file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadParameters {
    #[error("is no text in UTF-8")]
    NotText,
    #[error("is larger than 1 MB")]
    TooLarge,
    #[error("is no valid JSON: line {line}, column {column}")]
    Json { line: usize, column: usize },
    #[error(
        "has no list of ParameterKey and ParameterValue, no list of \"KEY=VALUE\", and no \"Parameters\""
    )]
    Form,
    #[error(
        "has an entry {number} that is neither \"KEY=VALUE\" nor a ParameterKey with a ParameterValue of text"
    )]
    Entry { number: usize },
    #[error("has a line {number} that is not KEY=VALUE")]
    Line { number: usize },
}

impl Error {
    /// What keeps a file from being read.
    pub(super) fn of_path(path: &Path, error: io::Error) -> Error {
        let shown = Shown::new(path);
        match error.kind() {
            io::ErrorKind::NotFound => Error::NotFound { path: shown, nearest: near_file(path) },
            io::ErrorKind::PermissionDenied => Error::NoRights { path: shown },
            _ => Error::Read { path: shown, error },
        }
    }
}

/// `; did you mean X?`, or nothing.
fn hint(nearest: Option<&str>) -> String {
    nearest.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}

/// A file beside the missing one whose name is nearly the same.
fn near_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // In a huge folder the first names have to do.
    let names = std::fs::read_dir(folder).ok()?.take(10_000).filter_map(Result::ok);
    let names = names.map(|it| it.file_name().to_string_lossy().into_owned());
    let nearest = near::nearest(&name, names)?;
    Some(sanitize::short(&path.with_file_name(nearest).to_string_lossy(), 300))
}
