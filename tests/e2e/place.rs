//! Where one scenario plays: a folder of its own, and the commands that are run in it.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::World;

/// Longer than this takes no command of a scenario, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(300);

/// A folder of its own, in which commands are run.
pub(crate) struct Place {
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Place {
    pub(crate) fn new(world: &World, name: &str) -> Place {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e").join(name);
        let mut environment = world.environment();
        for (variable, inner) in [("HOME", "home"), ("TMPDIR", "tmp"), ("ECSLINT_E2E_CALLS", "calls")] {
            fs::create_dir_all(folder.join(inner)).expect("a new folder");
            environment.push((variable, folder.join(inner).to_string_lossy().into_owned()));
        }
        Place { folder, environment }
    }

    /// With another value of a variable.
    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Place {
        self.environment.retain(|(it, _)| *it != name);
        if !value.is_empty() {
            self.environment.push((name, value.to_owned()));
        }
        self
    }

    /// With a file.
    pub(crate) fn with(self, name: &str, text: &str) -> Place {
        fs::write(self.folder.join(name), text).expect("a new file");
        self
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut res = Command::new(program);
        res.current_dir(&self.folder).env_clear().envs(self.environment.iter().cloned());
        res
    }

    /// Starts `ecslint`.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        Running::new(self.command(env!("CARGO_BIN_EXE_ecslint")).args(args), "")
    }

    /// Runs `ecslint` to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).end()
    }

    /// Runs `ecslint` with a text on its standard input.
    pub(crate) fn run_with(&self, stdin: &str, args: &[&str]) -> Ran {
        Running::new(self.command(env!("CARGO_BIN_EXE_ecslint")).args(args), stdin).end()
    }

    /// Runs the aws CLI, as it is written down that one calls it.
    pub(crate) fn aws(&self, line: &str) -> Ran {
        let cli = self.environment.iter().find(|it| it.0 == "ECSLINT_E2E_CLI").expect("it is set");
        let mut command = self.command(&cli.1);
        let command = command
            .args(line.split_whitespace())
            .args(["--output", "json"])
            .envs([("AWS_PAGER", ""), ("AWS_MAX_ATTEMPTS", "1")]);
        Running::new(command, "").end()
    }

    /// What the aws CLI answers.
    #[track_caller]
    pub(crate) fn ask(&self, line: &str) -> Value {
        let ran = self.aws(line);
        assert_eq!(ran.code, 0, "aws {line}\n{ran}");
        serde_json::from_str(&ran.stdout).unwrap_or_default()
    }

    /// How `ecslint` has called the aws CLI so far: words and environment of each call.
    pub(crate) fn calls(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join("calls")).expect("it is there");
        files.map(|it| fs::read_to_string(it.expect("an entry").path()).expect("it is text")).collect()
    }

    /// The files that hold a text, of all that the scenario has left behind.
    pub(crate) fn files_with(&self, text: &str) -> Vec<String> {
        fn walk(folder: &Path, text: &[u8], found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("it is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, text, found);
                } else if fs::read(&path).expect("it is readable").windows(text.len()).any(|it| it == text) {
                    found.push(path.display().to_string());
                }
            }
        }
        let mut res = Vec::new();
        walk(&self.folder, text.as_bytes(), &mut res);
        res
    }

    /// The files that were to be gone with the command that made them.
    pub(crate) fn left_over(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join("tmp")).expect("it is there");
        files.map(|it| it.expect("an entry").path().display().to_string()).collect()
    }
}

/// A command that runs; it ends when this is dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    stdout: String,
    until: Instant,
}

impl Running {
    fn new(command: &mut Command, stdin: &str) -> Running {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        // Who reads only a part closes the pipe.
        let _ = child.stdin.take().expect("it is piped").write_all(stdin.as_bytes());
        let stdout = child.stdout.take().expect("it is piped");
        let mut stderr = child.stderr.take().expect("it is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                // A scenario that has failed reads no more.
                let _ = sender.send(line.expect("output is UTF-8"));
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).expect("output is UTF-8");
            text
        });
        Running { child, lines, stderr: Some(stderr), stdout: String::new(), until: Instant::now() + LIMIT }
    }

    /// The next line of its standard output; nothing at its end.
    fn line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(self.until.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                self.stdout.push_str(&line);
                self.stdout.push('\n');
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.stdout),
        }
    }

    /// Waits until it tells of this, with `--progress json`.
    #[track_caller]
    pub(crate) fn tells(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        while let Some(line) = self.line() {
            let event: Value = serde_json::from_str(&line).expect("a JSON document a line");
            if event["type"] == what && is_it(&event) {
                return event;
            }
        }
        panic!("it ended and did not tell of {what}:\n{}", self.stdout);
    }

    /// Waits until it ends.
    pub(crate) fn end(mut self) -> Ran {
        while self.line().is_some() {}
        let status = self.child.wait().expect("it was started");
        let stderr = self.stderr.take().expect("it is taken once").join().expect("it is read");
        let stdout = std::mem::take(&mut self.stdout);
        let res = Ran { code: status.code().unwrap_or(-1), stdout, stderr };
        assert!(!res.stderr.contains("internal error"), "{res}");
        res
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command has printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// It ended with this code and said all of this, in this order.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, code, "{self}");
        let all = format!("{}{}", self.stdout, self.stderr);
        let mut rest = all.as_str();
        for text in says {
            let Some((_, after)) = rest.split_once(text) else {
                panic!("it did not say `{text}`, or not behind what is listed before it:\n{self}");
            };
            rest = after;
        }
    }

    /// What it told of, with `--progress json`.
    pub(crate) fn told(&self, what: &str) -> Vec<Value> {
        let lines = self.stdout.lines().map(|it| serde_json::from_str(it).expect("a JSON document a line"));
        lines.filter(|it: &Value| it["type"] == what).collect()
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "-- exit code {}\n{}-- standard error\n{}", self.code, self.stdout, self.stderr)
    }
}
