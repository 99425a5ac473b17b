//! The command line: the only layer that reads files, the environment and the clock, and the only one that prints.
//!
//! Invariants: what was asked for goes to standard output, everything else is one line on standard error; with a
//! format for programs standard output is one document, whatever goes wrong; the format never changes the exit code;
//! a closed pipe is no error; a file that is written appears whole or not at all.

mod args;
mod baseline;
mod check;
mod clock;
mod config;
mod cost;
mod deploy;
mod error;
mod explain;
mod fix;
mod git;
mod graph;
mod init;
mod live;
mod manual;
mod model;
mod near;
mod new_file;
mod output;
mod parameters;
mod policy;
mod program;
mod progress;
mod read;
mod reports;
mod table;
mod terminal;
mod walk;
mod watch;
mod workers;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser as _, ValueEnum as _};

use crate::report::sanitize;
use args::{Args, Command, ReportFormat};
use error::{Error, Shown};
use output::{Output, say};

/// How a run ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above `--fail-on`; a stack is up, and its instances are in their clusters.
    Clean,
    /// Findings; nothing was deployed.
    Findings,
    /// ecslint could not do its job; it wins over findings.
    Failed,
    /// A deployment failed and was taken back.
    RolledBack,
    /// A deployment failed, and somebody has to look after what is left.
    NeedsHand,
    /// The aws CLI, credentials, the region or rights are missing.
    Environment,
    /// The stack is up, but instances are not in their cluster.
    NotJoined,
    /// Nobody agreed.
    NotConfirmed,
    /// CloudFormation refuses the change set.
    Refused,
    /// `--plan-only`, and something would change.
    Changes,
    /// Contact was lost; the stack goes on.
    ContactLost,
    /// The terminal was closed; what was begun goes on.
    HungUp,
    /// Ctrl-C; what was begun goes on.
    Interrupted,
    /// SIGTERM; what was begun goes on.
    Terminated,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
            Exit::RolledBack => 3,
            Exit::NeedsHand => 4,
            Exit::Environment => 5,
            Exit::NotJoined => 6,
            Exit::NotConfirmed => 7,
            Exit::Refused => 8,
            Exit::Changes => 10,
            Exit::ContactLost => 75,
            Exit::HungUp => 129,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }

    /// Whether it ended because somebody wanted it to.
    fn is_asked_for(self) -> bool {
        matches!(self, Exit::HungUp | Exit::Interrupted | Exit::Terminated)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Runs ecslint with the arguments of the process, of which the first is its own name.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    std::panic::set_hook(Box::new(|info| {
        // The message may hold text of the template, the place in ecslint never does.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        output::note(format_args!("internal error at {place}"));
    }));
    let args: Vec<OsString> = args.into_iter().collect();
    let mut output = Output::new();
    let res = match Args::try_parse_from(&args) {
        Ok(args) => match &args.command {
            Command::Check(args) => check::run(args, &mut output),
            Command::Config(args) => config::run(args, &mut output),
            Command::Cost(args) => cost::run(args, &mut output),
            Command::Deploy(args) => deploy::run(args, &mut output),
            Command::Status(args) => deploy::status(args, &mut output),
            Command::Diagnose(args) => deploy::diagnose(args, &mut output),
            Command::Destroy(args) => deploy::destroy(args, &mut output),
            Command::Explain(args) => explain::run(args, &mut output),
            Command::Graph(args) => graph::run(args, &mut output),
            Command::Model(args) => model::run(args, &mut output),
            Command::Policy(args) => policy::run(&args.command, &mut output),
            Command::Rules(args) => explain::list(args, &mut output),
            Command::Init(args) => init::run(args, &mut output),
            Command::Completions(args) => manual::completions(args, &mut output),
            Command::Man(args) => manual::man(args, &mut output),
        },
        Err(error) => wrong_arguments(&error, &args, &mut output),
    };
    let res = res.and_then(|exit| output.finish().map(|()| exit));
    res.unwrap_or_else(|error| {
        say(&error);
        Exit::Failed
    })
}

fn wrong_arguments(error: &clap::Error, args: &[OsString], output: &mut Output) -> Result<Exit, Error> {
    if !error.use_stderr() {
        // Asked for: the help, the version.
        return match error.print() {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
            _ => Ok(Exit::Clean),
        };
    }
    if error.kind() == clap::error::ErrorKind::InvalidSubcommand
        && let Some(path) = args.get(1).map(Path::new).filter(|it| it.exists())
    {
        return Err(Error::NoCommand { path: Shown::new(path) });
    }
    // The message repeats what was typed, which may hold anything: so it goes without colours.
    output::say_lines(&sanitize::short_lines(&error.render().to_string(), 4000));
    output.write(&asked_format(args).map(ReportFormat::failed).unwrap_or_default())?;
    Ok(Exit::Failed)
}

/// The format that the report was to have, as far as one can tell from arguments that do not parse.
fn asked_format(args: &[OsString]) -> Option<ReportFormat> {
    let args: Vec<_> = args.iter().map(|it| it.to_string_lossy()).take_while(|it| it != "--").collect();
    let apart = args.windows(2).find(|it| it[0] == "--format").map(|it| &*it[1]);
    let name = apart.or_else(|| args.iter().find_map(|it| it.strip_prefix("--format=")))?;
    ReportFormat::from_str(name, true).ok()
}

/// A variable of the environment that is set to something.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}
