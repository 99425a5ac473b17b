//! Programs that are started: the aws CLI.

use std::path::{Path, PathBuf};

/// A program, in an absolute folder of PATH: one in the folder of a template is not ours to run.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|it| it.is_absolute());
    folders.map(|it| it.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))).find(|it| is_program(it))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
