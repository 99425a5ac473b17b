//! Which files are meant.

use std::path::PathBuf;

use clap::Args as ClapArgs;

/// The files, and what is left out of them.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Files {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    /// Also look at what .gitignore leaves out
    #[arg(long)]
    pub(in crate::cli) no_ignore: bool,

    /// Pass over named files that are no templates, as hooks want it
    #[arg(long)]
    pub(in crate::cli) only_templates: bool,

    /// Only what differs from this revision of git
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) changed_since: Option<String>,

    /// Name of what comes through -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) stdin_filename: Option<PathBuf>,

    /// List the templates that would be checked
    #[arg(long)]
    pub(in crate::cli) list_files: bool,
}

impl Files {
    /// Whether standard input is one of them.
    pub(in crate::cli) fn has_stdin(&self) -> bool {
        self.paths.iter().any(|it| it.as_os_str() == "-")
    }
}
