//! What differs from a revision of git.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::Error;
use super::program;
use crate::report::sanitize;

/// The files that differ from a revision, without links on the way to them.
#[derive(Debug)]
pub(super) struct Changed(HashSet<PathBuf>);

impl Changed {
    /// What differs in the folder in which ecslint runs and its repository: what was committed since the branches
    /// parted, what was not committed yet, and what git does not know.
    pub(super) fn since(revision: &str) -> Result<Changed, Error> {
        let root = git(&["rev-parse", "--show-toplevel"])?;
        let root = path_of(root.strip_suffix(b"\n").unwrap_or(&root));
        let commit = format!("{revision}^{{commit}}");
        let commit =
            git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|error| {
                // Git says nothing when it is asked to be quiet.
                let unknown =
                    || Error::Git(format!("git knows no revision `{}`", sanitize::short(revision, 100)));
                if matches!(&error, Error::Git(text) if text.is_empty()) { unknown() } else { error }
            })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let base = git(&["merge-base", &commit, "HEAD"]).unwrap_or_default();
        // Histories that have nothing in common are compared as they are.
        let base = Some(String::from_utf8_lossy(&base).trim().to_owned()).filter(|it| !it.is_empty());
        let root_of = |list: Vec<u8>| {
            let names = list.split(|it| *it == 0).filter(|it| !it.is_empty());
            names.filter_map(|it| root.join(path_of(it)).canonicalize().ok()).collect::<Vec<_>>()
        };
        let base = base.as_deref().unwrap_or(&commit);
        let differs = git(&[
            "diff",
            "--name-only",
            "-z",
            "--no-ext-diff",
            "--no-relative",
            "--diff-filter=d",
            base,
            "--",
        ])?;
        // Seen from the root of the repository, as the names of `git diff` are.
        let root_name = root.to_string_lossy();
        let new = git(&["-C", &root_name, "ls-files", "-z", "--others", "--exclude-standard"])?;
        Ok(Changed(root_of(differs).into_iter().chain(root_of(new)).collect()))
    }

    /// Whether the file at `path` differs.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|it| self.0.contains(&it))
    }
}

/// What git says.
#[expect(clippy::disallowed_methods, reason = "the user asks for what git knows")]
fn git(args: &[&str]) -> Result<Vec<u8>, Error> {
    let missing = || Error::Git("`--changed-since` needs git, which is not in PATH".to_owned());
    let mut command = Command::new(program::find("git").ok_or_else(missing)?);
    // A repository may name programs that git would run to look at its files.
    command.args(["-c", "core.fsmonitor=false"]).args(args);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null());
    let output = command.output().map_err(|error| Error::Git(format!("cannot start git: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().map(|it| it.trim_start_matches("fatal: ")).find(|it| !it.is_empty());
    Err(Error::Git(said.map(|it| format!("git: {}", sanitize::short(it, 300))).unwrap_or_default()))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;

    OsString::from_vec(bytes.to_vec()).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    OsString::from(String::from_utf8_lossy(bytes).into_owned()).into()
}
