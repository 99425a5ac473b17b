//! A file that appears whole, or not at all: written under another name beside its place, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::error::{Error, Shown};
use super::read::read_file;

/// How many names are tried: others may be what a killed run has left.
const MAX_NAMES: usize = 100;

/// A file that is being written.
pub(super) struct NewFile {
    shown: Shown,
    /// Without links, so that a link stays one.
    target: PathBuf,
    /// Where it is until then; `None` when the target is a device or a pipe, which takes what comes.
    temporary: Option<PathBuf>,
    /// `None` when it will not be finished.
    writer: Option<BufWriter<File>>,
    /// What the target has to hold until then, when it is changed and not only replaced.
    expected: Option<Vec<u8>>,
}

impl NewFile {
    /// Starts a file in the place of `path`, where there may be one already.
    pub(super) fn create(path: &Path) -> Result<NewFile, Error> {
        let shown = Shown::new(path);
        let cannot = |error| Error::Write { path: Shown::new(path), error };
        let is_regular = match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => return Err(Error::OutputFolder { path: shown }),
            Ok(meta) if meta.permissions().readonly() => return Err(Error::ReadOnly { path: shown }),
            Ok(meta) => meta.is_file(),
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(cannot(error)),
        };
        if !is_regular {
            let file = OpenOptions::new().write(true).open(path).map_err(cannot)?;
            let writer = Some(BufWriter::new(file));
            return Ok(NewFile { shown, target: path.to_owned(), temporary: None, writer, expected: None });
        }
        let target = without_links(path)?;
        let (temporary, file) = beside(&target).map_err(cannot)?;
        let writer = Some(BufWriter::new(file));
        Ok(NewFile { shown, target, temporary: Some(temporary), writer, expected: None })
    }

    /// Starts the next state of the file at `path`, which holds `expected`: what is there is lost only to a whole new
    /// file, and only while nobody else has written to it.
    pub(super) fn update(path: &Path, expected: Vec<u8>) -> Result<NewFile, Error> {
        let shown = || Shown::new(path);
        let meta = fs::symlink_metadata(path).map_err(|error| Error::of_path(path, error))?;
        if meta.is_symlink() {
            return Err(Error::FixLink { path: shown() });
        }
        if has_other_names(&meta) {
            return Err(Error::FixHardLink { path: shown() });
        }
        // A name can be replaced where the file cannot be written: so ask for both.
        let writable = OpenOptions::new().write(true).open(path);
        let refused = matches!(&writable, Err(error) if error.kind() == ErrorKind::PermissionDenied);
        if meta.permissions().readonly() || refused {
            return Err(Error::FixReadOnly { path: shown() });
        }
        writable.map_err(|error| Error::Write { path: shown(), error })?;
        let mut res = NewFile::create(path)?;
        res.expected = Some(expected);
        if let Some(temporary) = &res.temporary {
            // Nobody reads it who could not before.
            fs::set_permissions(temporary, meta.permissions())
                .map_err(|error| Error::Write { path: shown(), error })?;
        }
        Ok(res)
    }

    /// The name for a message.
    pub(super) fn shown(&self) -> Shown {
        self.shown.clone()
    }

    /// Where it will be.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Whether it will be in the place of the file at `path`.
    pub(super) fn replaces(&self, path: &Path) -> bool {
        // Most names differ, and need no look at the disk.
        let may_be = path.file_name() == self.target.file_name() || path.is_symlink();
        self.temporary.is_some() && may_be && path.canonicalize().is_ok_and(|it| it == self.target)
    }

    /// Leaves everything as it was.
    pub(super) fn abandon(&mut self) {
        self.writer = None;
        if let Some(temporary) = &self.temporary {
            // Nothing more can be done about it.
            let _ = fs::remove_file(temporary);
        }
    }

    /// Adds text; after a failure there will be no file.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let res = writer.write_all(text.as_bytes());
        res.map_err(|error| self.failed(error))
    }

    /// Puts it in its place.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let mut res = writer.flush();
        let is_update = self.expected.is_some();
        if let Some(expected) = self.expected.take() {
            // After a power cut either of the two is there.
            res = res.and_then(|()| writer.get_ref().sync_all());
            let now = read_file(&self.target, expected.len());
            if !now.is_ok_and(|it| it == expected) {
                drop(writer);
                self.abandon();
                return Err(Error::Changed { path: self.shown() });
            }
        }
        drop(writer);
        if let Some(temporary) = &self.temporary {
            res = res.and_then(|()| replace(temporary, &self.target, is_update));
        }
        match res {
            Ok(()) => {
                self.temporary = None;
                Ok(())
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn failed(&mut self, error: io::Error) -> Error {
        self.abandon();
        Error::Write { path: self.shown(), error }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// The true place of a file that may not be there yet.
fn without_links(path: &Path) -> Result<PathBuf, Error> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let cannot = |error| Error::Write { path: Shown::new(path), error };
    let Some(name) = path.file_name() else { return Err(Error::OutputFolder { path: Shown::new(path) }) };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match folder.canonicalize() {
        Ok(folder) => Ok(folder.join(name)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Error::NoFolder { path: Shown::new(path), folder: Shown::new(folder) })
        }
        Err(error) => Err(cannot(error)),
    }
}

/// A new file in the same folder, since a name cannot move to another disk.
fn beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // A name has a longest length.
    let name: String = name.chars().take(40).collect();
    let mut res = Err(ErrorKind::AlreadyExists.into());
    for number in 0..MAX_NAMES {
        let path = target.with_file_name(format!(".{name}.{}-{number}.tmp", std::process::id()));
        res = OpenOptions::new().write(true).create_new(true).open(&path).map(|it| (path, it));
        if !matches!(&res, Err(error) if error.kind() == ErrorKind::AlreadyExists) {
            break;
        }
    }
    res
}

#[cfg(unix)]
fn has_other_names(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(meta) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

/// Hands the new file to the owner of the old one.
#[cfg(unix)]
fn give_to_owner(temporary: &Path, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let new = fs::metadata(temporary)?;
    let differs = |new: u32, old: u32| (new != old).then_some(old);
    match (differs(new.uid(), old.uid()), differs(new.gid(), old.gid())) {
        (None, None) => Ok(()),
        (owner, group) => chown(temporary, owner, group),
    }
}

#[cfg(not(unix))]
fn give_to_owner(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Renames; who could read the old file can read the new one.
fn replace(temporary: &Path, target: &Path, keep_owner: bool) -> io::Result<()> {
    if let Ok(meta) = fs::metadata(target) {
        if keep_owner {
            give_to_owner(temporary, &meta)?;
        }
        fs::set_permissions(temporary, meta.permissions())?;
    }
    fs::rename(temporary, target)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at the disk")]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("ecslint-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a new folder");
        path
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
        entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = folder("changed");
        let path = folder.join("a.yml");
        fs::write(&path, "old").expect("writable");
        let mut file = NewFile::update(&path, b"old".to_vec()).expect("it is ours");
        file.write("new").expect("there is room");
        fs::write(&path, "of another").expect("writable");
        let error = file.finish().expect_err("it has changed").to_string();
        assert!(error.contains("it has changed since it was read"), "{error}");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("of another"));
        assert_eq!(names(&folder), ["a.yml"]);

        let mut file = NewFile::update(&path, b"of another".to_vec()).expect("it is ours");
        file.write("new").expect("there is room");
        file.finish().expect("nobody has changed it");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("new"));

        // Longer by what stands behind what was read, or gone.
        let mut file = NewFile::update(&path, b"ne".to_vec()).expect("it is ours");
        file.write("newer").expect("there is room");
        assert!(file.finish().is_err());
        let mut file = NewFile::update(&path, b"new".to_vec()).expect("it is ours");
        file.write("newer").expect("there is room");
        fs::remove_file(&path).expect("it is ours");
        assert!(file.finish().is_err());
        assert_eq!(names(&folder), Vec::<String>::new());
        let _ = fs::remove_dir_all(&folder);
    }
}
