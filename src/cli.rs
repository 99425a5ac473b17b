//! The command line: the only layer that reads files, the environment and the clock, and the only one that prints.
//!
//! Invariants: what was asked for goes to standard output, everything else is one line on standard error; with
//! `--format json` standard output is one JSON document, whatever goes wrong; the format never changes the exit code;
//! a closed pipe is no error.

mod args;
mod baseline;
mod check;
mod clock;
mod config;
mod cost;
mod error;
mod explain;
mod live;
mod near;
mod output;
mod parameters;
mod program;
mod read;
mod terminal;
mod walk;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::report::{Format, Summary, sanitize};
use args::{Args, Command};
use error::Error;
use output::{Output, say};

/// How a run ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings.
    Findings,
    /// ecslint could not do its job; it wins over findings.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        })
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
            Command::Explain(args) => explain::run(args, &mut output),
            Command::Rules => explain::list(&mut output),
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
    // The message repeats what was typed, which may hold anything: so it goes without colours.
    output::say_lines(&sanitize::short_lines(&error.render().to_string(), 4000));
    if asks_for_json(args) {
        output.write(&Format::Json.head())?;
        output.write(&Format::Json.tail(&Summary::default()))?;
    }
    Ok(Exit::Failed)
}

/// Whether the report was to be JSON, as far as one can tell from arguments that do not parse.
fn asks_for_json(args: &[OsString]) -> bool {
    let args = args.iter().map(|it| it.to_string_lossy()).take_while(|it| it != "--").collect::<Vec<_>>();
    let apart = args.windows(2).any(|it| it[0] == "--format" && it[1] == "json");
    apart || args.iter().any(|it| it == "--format=json")
}

/// A variable of the environment that is set to something.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}
