//! The built binary: what it prints where, and its exit code.

mod bad_input;
mod baseline;
mod begin;
mod config;
mod cost;
mod files;
mod fix;
mod flags;
mod graph;
mod model;
mod outputs;
mod policies;
mod rights;
mod terminal;
mod which;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::schema::valid_report;

/// A template without a finding.
pub(crate) const CLEAN: &str = "\
Resources:
  Topic:
    Type: AWS::SNS::Topic
";

/// A template with one warning, ECS002.
const WARNING: &str = "\
Parameters:
  Name:
    Type: String
    Description: one
    Description: two
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Name
";

/// A template with an error, ECS001.
const ERROR: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Topic: [
";

const KUBERNETES: &str = "\
apiVersion: v1
kind: ResourceQuota
spec: {}
";

/// A folder of its own for one test.
struct Folder(PathBuf);

/// The program under test: the one that `cargo test` built, or the one that `ECSLINT_PROGRAM` names. The features of crates that
/// only tests ask for are in the first; what is released is without them.
fn program() -> PathBuf {
    let given = std::env::var_os("ECSLINT_PROGRAM").map(PathBuf::from);
    given.unwrap_or_else(|| env!("CARGO_BIN_EXE_ecslint").into())
}

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier run has left would be checked too.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a new folder");
        Folder(path)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn with(self, name: &str, text: impl AsRef<[u8]>) -> Folder {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
        self
    }

    /// `ecslint` in this folder, independent of who runs the tests.
    fn ecslint(&self, args: &[&str]) -> Command {
        let mut res = Command::new(program());
        res.args(args).current_dir(&self.0).stdin(Stdio::null());
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "LC_ALL",
            "LC_CTYPE",
            "LANG",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "XDG_CACHE_HOME",
            "LOCALAPPDATA",
            "SOURCE_DATE_EPOCH",
        ] {
            res.env_remove(name);
        }
        res
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::new(self.ecslint(args).output().expect("ecslint starts"))
    }

    fn run_with_stdin(&self, args: &[&str], stdin: &[u8]) -> Ran {
        let mut command = self.ecslint(args);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("ecslint starts");
        // Who reads only a part closes the pipe.
        let _ = child.stdin.take().expect("it is piped").write_all(stdin);
        Ran::new(child.wait_with_output().expect("ecslint ends"))
    }

    /// Runs it, and again with JSON: the exit code and the answers on standard error are the same, and there is one
    /// document.
    fn run_in_both_formats(&self, args: &[&str]) -> Ran {
        let human = self.run(args);
        let mut json_args = args.to_vec();
        json_args.extend(["--format", "json"]);
        let json = self.run(&json_args);
        valid_report(&json.stdout);
        assert_eq!(human.code, json.code, "the format changes the exit code: {}", json.stderr);
        human
    }
}

/// What a run printed and how it ended.
#[derive(Debug)]
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn new(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let res = Ran {
            code: output.status.code().unwrap_or_else(|| panic!("killed: {output:?}")),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        assert!(!res.stderr.contains("panicked") && !res.stderr.contains("internal error"), "{res:?}");
        res
    }

    /// The one line on standard error.
    #[track_caller]
    fn says(&self, code: i32, line: &str) {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (code, format!("{line}\n").as_str()),
            "{}",
            self.stdout
        );
    }

    /// The codes of the findings of a report for people.
    fn codes(&self) -> Vec<&str> {
        fn code(line: &str) -> Option<&str> {
            let behind =
                ["error[", "warning[", "info["].iter().find_map(|it| Some(line.split_once(it)?.1))?;
            Some(behind.split_once(']')?.0)
        }
        self.stdout.lines().filter_map(code).collect()
    }
}
