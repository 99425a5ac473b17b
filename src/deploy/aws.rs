//! The aws CLI, called safely: an argument vector and never a shell, JSON in and out, a bound on time and output, a
//! process group of its own, so that Ctrl-C at the terminal does not cut a request in half.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::failure::{self, Failure, Kind};

/// More output than this is not read: all events of a large stack are far below.
const MAX_OUTPUT: u64 = 64 << 20;

/// How often a running call is looked at.
const TICK: Duration = Duration::from_millis(10);

/// How the CLI is called.
#[derive(Clone, Debug)]
pub struct Aws {
    /// The program: a path, or a name that is looked for in PATH.
    pub program: PathBuf,
    /// `--region`; else what the environment and the configuration of the CLI say.
    pub region: Option<String>,
    /// `--profile`
    pub profile: Option<String>,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// `cloudformation describe-stacks --stack-name demo`, word by word.
    pub words: Vec<String>,
    /// What is written to its standard input: where secrets go.
    pub stdin: Option<String>,
    /// How long it may take.
    pub timeout: Duration,
}

impl Call {
    /// A call that asks, and may take 30 seconds.
    #[must_use]
    pub fn new(service: &str, operation: &str) -> Call {
        Call {
            words: vec![service.to_owned(), operation.to_owned()],
            stdin: None,
            timeout: Duration::from_secs(30),
        }
    }

    /// With an option and its value.
    #[must_use]
    pub fn with(mut self, option: &str, value: impl Into<String>) -> Call {
        self.words.extend([option.to_owned(), value.into()]);
        self
    }

    /// With an option that takes no value.
    #[must_use]
    pub fn flag(mut self, option: &str) -> Call {
        self.words.push(option.to_owned());
        self
    }

    /// With an option whose value is read from standard input, so that nobody sees it in the list of processes.
    #[must_use]
    pub fn secretly(self, option: &str, value: String) -> Call {
        let mut res = self.with(option, "file:///dev/stdin");
        res.stdin = Some(value);
        res
    }

    /// That may take longer.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Call {
        self.timeout = timeout;
        self
    }
}

impl Aws {
    /// All words behind the program's name.
    #[must_use]
    pub fn argv(&self, call: &Call) -> Vec<String> {
        let mut res = call.words.clone();
        res.extend(
            ["--output", "json", "--cli-connect-timeout", "5", "--cli-read-timeout", "20"].map(str::to_owned),
        );
        for (option, value) in [("--region", &self.region), ("--profile", &self.profile)] {
            if let Some(value) = value {
                res.extend([option.to_owned(), value.clone()]);
            }
        }
        res
    }

    /// Calls it and reads the JSON that it prints; [`Value::Null`] where it prints nothing.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, as a kind that says what to do.
    pub fn call(&self, call: &Call) -> Result<Value, Failure> {
        let out = self.run(&self.argv(call), call.stdin.as_deref(), call.timeout)?;
        if out.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&out)
            .map_err(|_| Failure::new(Kind::Garbled, "the aws CLI printed no valid JSON"))
    }

    /// Calls what prints no JSON but a word, as `configure get` does.
    ///
    /// # Errors
    ///
    /// Whatever went wrong.
    pub fn text(&self, call: &Call) -> Result<String, Failure> {
        self.run(&self.argv(call), call.stdin.as_deref(), call.timeout)
    }

    /// The version of the CLI, as `2.36.7`.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn version(&self) -> Result<String, Failure> {
        let out = self.run(&["--version".to_owned()], None, Duration::from_secs(20))?;
        let version = out.split_whitespace().next().and_then(|it| it.strip_prefix("aws-cli/"));
        version.map(str::to_owned).ok_or_else(|| {
            Failure::new(Kind::Usage, format!("`{}` is not the aws CLI", self.program.display()))
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that starts a process: the aws CLI")]
    fn run(&self, argv: &[String], stdin: Option<&str>, timeout: Duration) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command
            .args(argv)
            // A pager or a prompt would wait for ever; retries are counted here.
            .env("AWS_PAGER", "")
            .env("AWS_CLI_AUTO_PROMPT", "off")
            .env("AWS_CLI_ERROR_FORMAT", "json")
            .env("AWS_RETRY_MODE", "standard")
            .env("AWS_MAX_ATTEMPTS", "2")
            .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        own_group(&mut command);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::new(
                Kind::Missing,
                format!(
                    "there is no `{}`: install the aws CLI, or name it with --aws",
                    self.program.display()
                ),
            ),
            _ => Failure::new(Kind::Missing, format!("cannot start `{}`: {error}", self.program.display())),
        })?;
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), stdin) {
            let text = text.to_owned();
            // One that does not read it says why.
            thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
        }
        let until = Instant::now() + timeout;
        let (stdout, stderr) = (child.stdout.take().map(drain), child.stderr.take().map(drain));
        let status = wait(&mut child, until);
        // What the program has started itself may hold the pipes open longer than it lives: nobody waits for that.
        let take = |from: Option<mpsc::Receiver<Vec<u8>>>| {
            let left = until.saturating_duration_since(Instant::now());
            let bytes = from.map_or(Ok(Vec::new()), |it| it.recv_timeout(left));
            bytes.ok().map(|it| String::from_utf8_lossy(&it).into_owned())
        };
        let late = || {
            Failure::new(Kind::TimedOut, format!("the aws CLI gave no answer within {} s", timeout.as_secs()))
        };
        let Some(success) = status else { return Err(late()) };
        let (Some(answer), Some(complaint)) = (take(stdout), take(stderr)) else { return Err(late()) };
        if success { Ok(answer) } else { Err(failure::read(&complaint)) }
    }
}

/// Reads a pipe to its end, but keeps no more than is bounded.
fn drain(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = pipe.by_ref().take(MAX_OUTPUT).read_to_end(&mut kept);
        // A program whose pipe is closed early would fail for that.
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        // Nobody may be waiting any more.
        let _ = sender.send(kept);
    });
    receiver
}

/// Waits for the end, and makes one where it takes too long. Gives whether it succeeded, nothing where it did not end.
fn wait(child: &mut Child, until: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if Instant::now() < until => thread::sleep(TICK),
            _ => {
                // It may have ended by now; then there is nothing to end.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let aws = Aws { program: "/bin/sh".into(), region: None, profile: None };
        let shell = |script: &str, limit| {
            let res = aws.run(&["-c".to_owned(), script.to_owned()], None, Duration::from_millis(limit));
            res.map_err(|it| it.kind)
        };
        let started = Instant::now();
        assert_eq!(shell("sleep 30", 200), Err(Kind::TimedOut));
        assert_eq!(shell("sleep 30 & echo '{}'", 200), Err(Kind::TimedOut));
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(shell("echo '{}'", 10_000), Ok("{}\n".to_owned()));
        let failure = shell("echo >&2; echo 'Unable to locate credentials.' >&2; exit 253", 10_000);
        assert_eq!(failure, Err(Kind::NoCredentials));
        assert_eq!(shell("exit 1", 10_000), Err(Kind::Refused));
    }

    #[test]
    fn secrets_are_no_arguments() {
        let aws = Aws { program: "/bin/cat".into(), region: Some("eu-west-1".to_owned()), profile: None };
        let call = Call::new("cloudformation", "create-change-set")
            .secretly("--parameters", "[\"hunter2\"]".to_owned());
        let argv = aws.argv(&call);
        assert!(
            argv.contains(&"file:///dev/stdin".to_owned())
                && argv.ends_with(&["--region".to_owned(), "eu-west-1".to_owned()])
        );
        assert!(!argv.iter().any(|it| it.contains("hunter2")));
        assert_eq!(
            aws.run(&[], call.stdin.as_deref(), Duration::from_secs(10)),
            Ok("[\"hunter2\"]".to_owned())
        );
    }
}
