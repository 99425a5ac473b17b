//! Bytes of a file, never waiting for one that nobody writes, and never more than are looked at.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::{Error, Shown};
use crate::lint::MAX_BYTES;

/// Where the bytes come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// `-`, with the name that it is to have.
    Stdin(Option<PathBuf>),
    /// A regular file, or a link to one.
    File(PathBuf),
}

impl Source {
    /// What was named on a command line: `-` or a path.
    pub(super) fn named(path: &Path) -> Source {
        if path.as_os_str() == "-" { Source::Stdin(None) } else { Source::File(path.to_owned()) }
    }

    /// As the user named it.
    pub(super) fn name(&self) -> String {
        self.path().map_or_else(|| "-".to_owned(), |it| it.to_string_lossy().into_owned())
    }

    /// Where it is, or says to be.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Source::Stdin(path) => path.as_deref(),
            Source::File(path) => Some(path),
        }
    }

    /// The bytes; of a file that is too large, one more than is allowed.
    pub(super) fn read(&self) -> Result<Vec<u8>, Error> {
        match self {
            Source::Stdin(_) => read_at_most(io::stdin().lock(), 0, MAX_BYTES).map_err(Error::Stdin),
            Source::File(path) => read_file(path, MAX_BYTES),
        }
    }
}

/// The bytes of a regular file; of a larger one, one byte more than `max`.
#[expect(clippy::disallowed_methods, reason = "the command line is where files are read")]
pub(super) fn read_file(path: &Path, max: usize) -> Result<Vec<u8>, Error> {
    let of_path = |error| Error::of_path(path, error);
    // Opening a named pipe waits for a writer: so look before.
    let meta = fs::metadata(path).map_err(of_path)?;
    if !meta.is_file() {
        return Err(Error::NotRegular { path: Shown::new(path), kind: kind(meta.file_type()) });
    }
    let len = usize::try_from(meta.len()).unwrap_or(max);
    read_at_most(File::open(path).map_err(of_path)?, len, max).map_err(of_path)
}

/// Of what is believed to have `len` bytes, and may have grown; or be a file of the kernel, which has none until it is read.
fn read_at_most(reader: impl Read, len: usize, max: usize) -> io::Result<Vec<u8>> {
    // One byte more than there is, so that the end is met without asking for more room.
    let mut res = Vec::with_capacity(len.min(max) + 1);
    reader.take(max as u64 + 1).read_to_end(&mut res)?;
    Ok(res)
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;

    match file_type {
        it if it.is_dir() => "a folder",
        it if it.is_fifo() => "a named pipe",
        it if it.is_socket() => "a socket",
        it if it.is_char_device() || it.is_block_device() => "a device",
        _ => "something else",
    }
}

#[cfg(not(unix))]
fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "something else" }
}
