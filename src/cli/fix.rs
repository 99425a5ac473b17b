//! `ecslint check --fix` and `--diff`: what is mended, and where it goes.

use std::io::IsTerminal as _;
use std::path::Path;

use super::args::{Check, Fixing};
use super::error::Error;
use super::new_file::NewFile;
use super::read::Source;
use crate::diagnostic::Safety;
use crate::lint::fix::{Mended, mend};
use crate::lint::{MAX_BYTES, Options, Outcome, check};
use crate::report::unified;

/// What became of a file.
pub(super) struct Fixed {
    /// Its bytes now.
    pub(super) bytes: Vec<u8>,
    /// What was found in them.
    pub(super) outcome: Outcome,
    /// What `--diff` shows.
    pub(super) diff: String,
    /// Why it was not written.
    pub(super) error: Option<Error>,
}

/// Whether standard input is mended, so that standard output is for its text.
pub(super) fn is_filter(args: &Check) -> Result<bool, Error> {
    let is_stdin = |it: &std::path::PathBuf| it.as_os_str() == "-";
    if !args.fixing.fix || args.fixing.diff || !args.files.paths.iter().any(is_stdin) {
        return Ok(false);
    }
    if args.files.paths.len() > 1 { Err(Error::FixStdin) } else { Ok(true) }
}

/// Checks the bytes of a file, and mends what may be mended: in its place, or as a diff.
pub(super) fn run(source: &Source, bytes: Vec<u8>, options: &Options, fixing: Fixing) -> Fixed {
    let Fixing { fix, diff, unsafe_fixes } = fixing;
    if !fix && !diff {
        let outcome = check(&bytes, options);
        return Fixed { bytes, outcome, diff: String::new(), error: None };
    }
    if matches!(source, Source::Stdin(_)) && bytes.len() > MAX_BYTES {
        // Only the beginning of it was read, and that is not to pass for the whole.
        let error = Some(Error::Stdin(std::io::Error::other("it is larger than 16 MB")));
        return Fixed { bytes: Vec::new(), outcome: Outcome::other(), diff: String::new(), error };
    }
    let least = if unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let Mended { text, mut outcome, refused } = mend(&bytes, options, least);
    outcome
        .notes
        .extend(refused.iter().map(|it| format!("{} not fixed ({}): {}", it.code, it.title, it.why)));
    let Some(text) = text else { return Fixed { bytes, outcome, diff: String::new(), error: None } };
    if diff {
        let before = String::from_utf8_lossy(&bytes);
        let told = unified::diff(&source.name(), &before, &text, std::io::stdout().is_terminal());
        return Fixed { bytes: text.into_bytes(), outcome, diff: told, error: None };
    }
    match source {
        Source::Stdin(_) => {}
        Source::File(path) => {
            if let Err(error) = write(path, &bytes, &text) {
                // What was found is what is there.
                let outcome = check(&bytes, options);
                return Fixed { bytes, outcome, diff: String::new(), error: Some(error) };
            }
        }
    }
    Fixed { bytes: text.into_bytes(), outcome, diff: String::new(), error: None }
}

fn write(path: &Path, before: &[u8], after: &str) -> Result<(), Error> {
    let mut file = NewFile::update(path, before.to_owned())?;
    file.write(after)?;
    file.finish()
}
