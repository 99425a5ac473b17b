//! What all commands about stacks share: the aws CLI, the screen, the clock, the one who is asked; and how they stop.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use super::interrupt::Interrupt;
use super::pace::Pace;
use super::screen::{Mode, Screen, style};
use crate::cli::args::Access;
use crate::cli::error::Error;
use crate::cli::output::Output;
use crate::cli::{Exit, program, variable};
use crate::deploy::aws::Aws;
use crate::deploy::cloud::Cloud;
use crate::deploy::failure::{Failure, Kind};
use crate::report::sanitize;

/// Why a command about a stack ends before it is through.
#[derive(Debug)]
pub(super) struct Stop {
    /// The exit code.
    pub(super) exit: Exit,
    /// What happened; empty where it was told.
    pub(super) message: String,
    /// What to do next; empty where nothing.
    pub(super) next: String,
}

impl Stop {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Stop {
        Stop { exit, message: message.into(), next: String::new() }
    }

    /// With what to do.
    pub(super) fn next(mut self, next: impl Into<String>) -> Stop {
        self.next = next.into();
        self
    }

    /// With an exit code of its own.
    pub(super) fn with(mut self, exit: Exit) -> Stop {
        self.exit = exit;
        self
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::new(Exit::Failed, error.to_string())
    }
}

impl From<Failure> for Stop {
    /// A call that failed before anything was begun.
    fn from(failure: Failure) -> Stop {
        let text = sanitize::short(&failure.text, 600);
        let stop = Stop::new(Exit::Environment, text);
        match failure.kind {
            Kind::Missing => stop,
            Kind::NoCredentials => stop.next("`aws configure`, or name a profile with --profile"),
            Kind::Expired => stop.next("log in again (`aws sso login`), and run the same command"),
            Kind::NoRegion => stop.next("name the region: --region us-east-1"),
            Kind::Denied => match failure.denied_action() {
                Some(action) => {
                    let action = sanitize::short(action, 100);
                    stop.next(format!(
                        "a policy that allows it: {{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"*\"}}; `ecslint deploy --print-iam-policy` shows all that is needed"
                    ))
                }
                None => stop.next("`ecslint deploy --print-iam-policy` shows what is needed"),
            },
            Kind::Usage => stop.next("a newer aws CLI (version 2), or another one with --aws PATH"),
            Kind::Throttled | Kind::Lost | Kind::TimedOut | Kind::Garbled => {
                stop.next("nothing was changed: run the same command again")
            }
            Kind::Refused => stop,
        }
    }
}

/// What all of them share.
pub(super) struct Session<'o> {
    /// The aws CLI.
    pub(super) aws: Aws,
    /// Where it is shown.
    pub(super) screen: Screen<'o>,
    /// The clock.
    pub(super) pace: Pace,
    /// Signals.
    pub(super) interrupt: Interrupt,
    line: Option<Receiver<Option<String>>>,
}

impl<'o> Session<'o> {
    pub(super) fn new(
        access: &Access,
        region: Option<&str>,
        output: &'o mut Output,
    ) -> Result<Session<'o>, Stop> {
        let program = access.aws.clone().or_else(|| program::find("aws")).ok_or_else(|| {
            Stop::new(Exit::Environment, "the aws CLI is not on PATH")
                .next("install it (version 2), or name it: --aws PATH")
        })?;
        // Version 1 of the CLI does not know AWS_REGION: what is shown is what is named in each call.
        let environment = || ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(variable);
        let region = region.map(str::to_owned).or_else(environment);
        let aws = Aws { program, region, profile: access.profile.clone() };
        let screen = Screen::new(output, access.progress, style());
        Ok(Session { aws, screen, pace: Pace::new(), interrupt: Interrupt::listen(), line: None })
    }

    pub(super) fn cloud(&self) -> Cloud<'_> {
        Cloud(&self.aws)
    }

    /// Stops where a signal came, before anything was begun.
    pub(super) fn go_on(&self) -> Result<(), Stop> {
        match self.interrupt.take() {
            Some(exit) => Err(Stop::new(exit, "stopped: nothing was changed")),
            None => Ok(()),
        }
    }

    /// Whether somebody can be asked.
    pub(super) fn can_ask(&self) -> bool {
        self.screen.mode != Mode::Json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks for a line; `None` at the end of the input, or where a signal came.
    pub(super) fn ask(&mut self, question: &str) -> Option<String> {
        let mut stderr = std::io::stderr();
        // Who cannot read the question cannot answer it either.
        let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
        // One that was not answered still waits for its line.
        let line = self.line.take().unwrap_or_else(read_line);
        loop {
            match line.recv_timeout(Duration::from_millis(50)) {
                Ok(text) => return text,
                Err(RecvTimeoutError::Timeout) if !self.interrupt.is_pending() => {}
                Err(_) => {
                    let _ = writeln!(stderr);
                    self.line = Some(line);
                    return None;
                }
            }
        }
    }

    /// Asks for yes or no; no is what silence means.
    pub(super) fn confirm(&mut self, question: &str) -> bool {
        let answer = self.ask(&format!(" {question} [y/N]")).unwrap_or_default();
        matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }

    /// Asks for what nobody may see.
    pub(super) fn ask_secretly(&mut self, question: &str) -> Option<String> {
        rpassword::prompt_password(format!("{question} ")).ok()
    }
}

/// One line of standard input, read by a thread of its own so that a signal is heard meanwhile.
fn read_line() -> Receiver<Option<String>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let res = match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
        };
        // Nobody may be waiting any more.
        let _ = sender.send(res);
    });
    receiver
}
