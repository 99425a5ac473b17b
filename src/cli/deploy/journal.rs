//! What is known of an operation that was begun, in `.ecslint/STACK.json`: so that another run can go on watching it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The folder, beside where the command was run.
const FOLDER: &str = ".ecslint";

/// An operation that was begun. No value of a parameter is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The ARN of the stack.
    pub(super) stack_id: String,
    /// The ARN of the change set.
    pub(super) change_set_id: String,
    /// The token of the call that began it.
    pub(super) token: String,
    /// The newest event before it, where there was one.
    pub(super) after: Option<String>,
    /// When it was begun.
    pub(super) started: String,
    /// The template, as it was named.
    pub(super) template: String,
    /// A number that tells its bytes from others.
    pub(super) template_hash: String,
}

fn path(stack: &str) -> PathBuf {
    // The name of a stack has letters, digits and hyphens; an ARN, which may be given for it, has more.
    let name: String =
        stack.chars().map(|it| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' }).collect();
    Path::new(FOLDER).join(format!("{name}.json"))
}

impl Journal {
    /// Writes it down.
    pub(super) fn store(&self, stack: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(FOLDER)?;
        let ignore = Path::new(FOLDER).join(".gitignore");
        if !ignore.exists() {
            std::fs::write(ignore, "*\n")?;
        }
        let path = path(stack);
        let new = path.with_extension("new");
        // A full disk leaves the old one as it was.
        let res = std::fs::write(&new, serde_json::to_string_pretty(self)?)
            .and_then(|()| std::fs::rename(&new, path));
        if res.is_err() {
            let _ = std::fs::remove_file(new);
        }
        res
    }

    /// What was written down of a stack; `None` where nothing was, or it cannot be read.
    #[expect(clippy::disallowed_methods, reason = "the command line is where files are read")]
    pub(super) fn load(stack: &str) -> Option<Journal> {
        serde_json::from_slice(&std::fs::read(path(stack)).ok()?).ok()
    }

    /// Forgets it: the operation is over.
    pub(super) fn forget(stack: &str) {
        // Where it stays, it names an operation that is over, which is found out.
        let _ = std::fs::remove_file(path(stack));
    }
}
