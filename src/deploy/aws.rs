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
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let status = wait(&mut child, timeout)?;
        let read = |it: &mpsc::Receiver<String>| it.recv_timeout(Duration::from_secs(5)).unwrap_or_default();
        if status { Ok(read(&stdout)) } else { Err(failure::read(&read(&stderr))) }
    }
}

/// Reads a stream to its end, beside what else happens.
fn collect(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stream) = stream {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stream.take(MAX_OUTPUT).read_to_end(&mut bytes);
            let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
        });
    }
    receiver
}

/// Waits for the end, and makes one where it takes too long. Gives whether it succeeded.
fn wait(child: &mut Child, timeout: Duration) -> Result<bool, Failure> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if started.elapsed() < timeout => thread::sleep(TICK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                let text = format!("the aws CLI did not answer within {} s", timeout.as_secs());
                return Err(Failure::new(Kind::TimedOut, text));
            }
            Err(error) => {
                return Err(Failure::new(Kind::Lost, format!("cannot wait for the aws CLI: {error}")));
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
