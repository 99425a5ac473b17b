//! Checks again whenever something changes.
//!
//! The files are looked at a few times a second, with the eyes of a check: so what it leaves out is left out here, and
//! it works on disks that tell nobody of changes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::IsTerminal as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::args::Check;
use super::error::Error;
use super::output::{Output, note};
use super::{Exit, check};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(300);
/// Looking takes at most this part of the time.
const SHARE: u32 = 10;
/// Clears a terminal, and what was scrolled away.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// Checks until nobody reads any more; Ctrl-C ends it.
pub(super) fn run(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    loop {
        let before = look(args);
        if std::io::stdout().is_terminal() {
            output.write(CLEAR)?;
        }
        let exit = check::once(args, output)?;
        output.flush()?;
        if output.is_closed() {
            return Ok(exit);
        }
        note("watching for changes: Ctrl-C ends it");
        loop {
            let started = Instant::now();
            if look(args) != before {
                break;
            }
            sleep(PAUSE.max(started.elapsed() * SHARE));
        }
    }
}

/// How everything is that a check reads.
fn look(args: &Check) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |path: &Path| {
        path.hash(&mut hasher);
        if let Ok(meta) = path.metadata() {
            (meta.len(), meta.modified().ok()).hash(&mut hasher);
        }
    };
    args.values.parameters.iter().chain(&args.values.config).chain(&args.baseline).for_each(|it| add(it));
    // What cannot be looked at is told by the check.
    if let Ok((mut targets, mut configs)) = check::begin(args) {
        while let Some(target) = targets.next(&mut |path, by_name| configs.looks_at(path, by_name)) {
            if let Ok(target) = target
                && let Some(path) = target.source.path()
            {
                // Its configuration is met now.
                let _ = configs.settings(&target.source);
                add(path);
            }
        }
        let mut files: Vec<_> = configs.files().collect();
        files.sort_unstable();
        files.into_iter().for_each(add);
    }
    hasher.finish()
}
