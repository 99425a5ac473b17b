//! Runs ecslint on a script, and what is seen of it.

#![expect(clippy::disallowed_methods, reason = "tests start the program")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::scripted::{self, Call, Row, Rule, Script};

/// A script in the making, and how ecslint is called on it.
pub(crate) struct Play {
    pub(crate) folder: PathBuf,
    pub(crate) script: Script,
    stdin: Option<String>,
    interrupt: Vec<(String, usize, &'static str)>,
    variables: Vec<(&'static str, String)>,
}

/// What was seen.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) calls: Vec<Call>,
}

/// The template of all scripts: `fixtures/good-cluster.yml` under another name.
pub(crate) fn template() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/good-cluster.yml"))
        .expect("a fixture")
}

pub(crate) fn row(after: &str, at: f64, resource: &str, status: &str, reason: &str) -> Row {
    let (kind, physical) = match resource {
        "demo" => ("AWS::CloudFormation::Stack", scripted::STACK),
        "Group" => ("AWS::AutoScaling::AutoScalingGroup", "demo-Group-1"),
        "Cluster" => ("AWS::ECS::Cluster", "demo-ecs"),
        "Vpc" => ("AWS::EC2::VPC", "vpc-1"),
        _ => ("AWS::X::Y", "x"),
    };
    Row {
        after: after.to_owned(),
        at,
        resource: resource.to_owned(),
        kind: kind.to_owned(),
        physical: physical.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The program under test: the one that `cargo test` built, or the one that `ECSLINT_PROGRAM` names. The features of crates that
/// only tests ask for are in the first; what is released is without them.
fn program() -> PathBuf {
    let given = std::env::var_os("ECSLINT_PROGRAM").map(PathBuf::from);
    given.unwrap_or_else(|| env!("CARGO_BIN_EXE_ecslint").into())
}

impl Play {
    /// A stack that comes up in six minutes, whose instance joins.
    pub(crate) fn new(name: &str) -> Play {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deploy").join(name);
        // What an earlier run has left would be seen again.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("work")).expect("a folder");
        fs::write(folder.join("work/demo.yml"), template()).expect("a template");
        let add = |id: &str, kind: &str| ["Add", "", id, kind].map(str::to_owned);
        let begin = "execute-change-set";
        let script = Script {
            speed: 100.0,
            version: "2.36.7".to_owned(),
            changes: vec![
                add("Vpc", "AWS::EC2::VPC"),
                add("Cluster", "AWS::ECS::Cluster"),
                add("Group", "AWS::AutoScaling::AutoScalingGroup"),
            ],
            timeline: vec![
                row(begin, 0.0, "demo", "CREATE_IN_PROGRESS", "User Initiated"),
                row(begin, 2.0, "Vpc", "CREATE_IN_PROGRESS", ""),
                row(begin, 4.0, "Cluster", "CREATE_IN_PROGRESS", ""),
                row(begin, 12.0, "Vpc", "CREATE_COMPLETE", ""),
                row(begin, 14.0, "Cluster", "CREATE_COMPLETE", ""),
                row(begin, 20.0, "Group", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
                row(begin, 300.0, "Group", "CREATE_IN_PROGRESS", "Received SUCCESS signal with UniqueId i-1"),
                row(begin, 305.0, "Group", "CREATE_COMPLETE", ""),
                row(begin, 310.0, "demo", "CREATE_COMPLETE", ""),
            ],
            groups: [("demo-Group-1".to_owned(), vec!["i-1".to_owned()])].into(),
            registered: vec![("demo-ecs".to_owned(), 290.0, "i-1".to_owned())],
            template: template(),
            ..Script::default()
        };
        Play { folder, script, stdin: None, interrupt: Vec::new(), variables: Vec::new() }
    }

    /// With a stack that is there already, in this status, and what happened to it before.
    pub(crate) fn existing(mut self, status: &str) -> Play {
        self.script.status = Some(status.to_owned());
        self.script.timeline.insert(0, row("", 0.0, "demo", status, "before"));
        self
    }

    /// With another timeline.
    pub(crate) fn timeline(mut self, rows: Vec<Row>) -> Play {
        self.script.timeline = rows;
        self
    }

    /// With a call that fails, from its nth time to another.
    pub(crate) fn failing(mut self, operation: &str, from: usize, to: usize, complaint: &str) -> Play {
        self.script.rules.push(Rule {
            operation: operation.to_owned(),
            from,
            to,
            stderr: complaint.to_owned(),
            code: 254,
            ..Rule::default()
        });
        self
    }

    /// With a call that answers something else.
    pub(crate) fn answering(mut self, operation: &str, from: usize, to: usize, answer: &str) -> Play {
        self.script.rules.push(Rule {
            operation: operation.to_owned(),
            from,
            to,
            stdout: answer.to_owned(),
            ..Rule::default()
        });
        self
    }

    /// With another template.
    pub(crate) fn template(mut self, text: &str) -> Play {
        fs::write(self.folder.join("work/demo.yml"), text).expect("a template");
        self.script.template = text.to_owned();
        self
    }

    /// With what is typed or piped.
    pub(crate) fn stdin(mut self, text: &str) -> Play {
        self.stdin = Some(text.to_owned());
        self
    }

    /// With a signal that comes after the nth call of an operation.
    pub(crate) fn interrupted(mut self, operation: &str, nth: usize, signal: &'static str) -> Play {
        self.interrupt.push((operation.to_owned(), nth, signal));
        self
    }

    /// With a variable of the environment.
    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Play {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Plays it.
    pub(crate) fn run(&mut self, args: &[&str]) -> Seen {
        let mut words: Vec<_> = args.to_vec();
        let program = std::env::current_exe().expect("this program");
        let program = program.to_string_lossy().into_owned();
        if !args.contains(&"--aws") {
            words.extend(["--aws", &program]);
        }
        self.run_as_is(&words)
    }

    /// Plays it with these words alone.
    pub(crate) fn run_as_is(&mut self, words: &[&str]) -> Seen {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time");
        self.script.began = now.as_secs_f64();
        let script = serde_json::to_string(&self.script).expect("a script");
        fs::write(self.folder.join("script"), script).expect("a script");
        let mut command = Command::new(program());
        command
            .args(words)
            .current_dir(self.folder.join("work"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TMPDIR", &self.folder)
            .env("SCRIPTED_AWS", &self.folder)
            .env("ECSLINT_CLOCK_SPEED", self.script.speed.to_string())
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("ecslint starts");
        if let Some(text) = &self.stdin {
            use std::io::Write as _;
            let mut pipe = child.stdin.take().expect("a pipe");
            pipe.write_all(text.as_bytes()).expect("ecslint reads");
        }
        for (operation, nth, signal) in &self.interrupt {
            let until = Instant::now() + Duration::from_secs(60);
            let count =
                || scripted::calls(&self.folder).iter().filter(|it| it.operation() == operation).count();
            while count() < *nth && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(10));
            }
            let pid = child.id().to_string();
            let status = Command::new("kill").args([*signal, &pid]).status().expect("kill is there");
            assert!(status.success(), "the signal is sent");
        }
        let output = child.wait_with_output().expect("ecslint ends");
        Seen {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            calls: scripted::calls(&self.folder),
        }
    }
}

impl Seen {
    /// The exit code is this one, and all of these were shown somewhere.
    #[track_caller]
    pub(crate) fn shows(self, code: i32, texts: &[&str]) -> Seen {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, code, "{all}");
        for text in texts {
            assert!(all.contains(text), "no `{text}` in\n{all}");
        }
        assert!(!all.contains('\u{1b}'), "no cursor codes off a terminal:\n{all}");
        self
    }

    /// These were not shown.
    #[track_caller]
    pub(crate) fn hides(self, texts: &[&str]) -> Seen {
        let all = format!("{}{}", self.out, self.err);
        for text in texts {
            assert!(!all.contains(text), "`{text}` in\n{all}");
        }
        self
    }

    /// How often an operation was called.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.calls.iter().filter(|it| it.operation() == operation).count()
    }

    /// The first call of an operation.
    #[track_caller]
    pub(crate) fn call(&self, operation: &str) -> &Call {
        self.calls
            .iter()
            .find(|it| it.operation() == operation)
            .unwrap_or_else(|| panic!("no {operation}: {:?}", self.calls))
    }

    /// The lines of `--progress json`.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|it| serde_json::from_str(it).unwrap_or_else(|_| panic!("no JSON: {it}")))
            .collect()
    }
}
