//! What an instance wrote to its console while it booted, as far as it tells why no signal came.

use serde_json::Value;

/// More of a console is not read: EC2 keeps 64 KB.
const MAX_CHARS: usize = 1 << 20;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `cfn-signal` is not installed.
    NoSignal,
    /// Nothing outside could be reached.
    NoWayOut,
    /// A program is not there.
    NoProgram,
    /// A command of the script failed.
    Failed,
}

/// What a console says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// What went wrong.
    pub(super) kind: Kind,
    /// The line of the script, from 1, where it names one.
    pub(super) line: Option<usize>,
    /// Words of which one stands in the line of the script, where the line is not named.
    pub(super) words: &'static [&'static str],
    /// The very line.
    pub(super) said: String,
}

/// What package managers and curl say when they reach nobody.
const UNREACHED: [&str; 12] = [
    "Cannot find a valid baseurl",
    "Could not resolve host",
    "Could not connect to",
    "Connection timed out",
    "Timeout was reached",
    "Operation too slow",
    "Failed to connect to",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "Could not retrieve mirrorlist",
    "Errors during downloading metadata",
    "Connect timeout on endpoint URL",
];

/// Who says so, by a part of it, and the programs as they stand in scripts.
const REACHING: [(&str, &[&str]); 4] = [
    ("baseurl", &["yum "]),
    ("mirrorlist", &["yum "]),
    ("endpoint URL", &["aws ", "cfn-"]),
    ("curl: ", &["curl "]),
];

/// All programs that go out.
const GOING_OUT: &[&str] =
    &["dnf ", "yum ", "apt-get ", "pip", "curl ", "wget ", "aws ", "docker pull", "cfn-init"];

/// The text of an answer of `get-console-output`.
pub(super) fn text(answer: &Value) -> String {
    let text = answer.get("Output").and_then(Value::as_str).unwrap_or_default();
    text.chars().take(MAX_CHARS).collect()
}

/// The first thing that went wrong and tells why no signal came.
pub(super) fn read(text: &str) -> Option<Found> {
    let lines = || text.lines().map(str::trim);
    let found = |kind, line: &str, words| Found { kind, line: line_of(line), words, said: line.to_owned() };
    let is_missing =
        |it: &str| it.ends_with("No such file or directory") || it.ends_with("command not found");
    // What could not be reached comes first: then nothing that was to be installed is there either.
    if let Some(line) = lines().find(|it| UNREACHED.iter().any(|part| it.contains(part))) {
        let words = REACHING.iter().find(|(part, _)| line.contains(part)).map_or(GOING_OUT, |it| it.1);
        return Some(found(Kind::NoWayOut, line, words));
    }
    if let Some(line) = lines().find(|it| it.contains("cfn-signal") && is_missing(it)) {
        return Some(found(Kind::NoSignal, line, &["cfn-signal"]));
    }
    if let Some(line) = lines().find(|it| line_of(it).is_some() && is_missing(it)) {
        return Some(found(Kind::NoProgram, line, &[]));
    }
    let failed = lines()
        .find(|it| line_of(it).is_some())
        .or_else(|| lines().find(|it| it.contains("Failed running /var/lib/cloud")))?;
    Some(found(Kind::Failed, failed, &["cfn-signal"]))
}

/// The line of a script that a complaint of bash names: `.../part-001: line 5: ...`.
fn line_of(text: &str) -> Option<usize> {
    let (script, rest) = text.split_once(": line ")?;
    let is_script =
        script.contains("/cloud/instance") || script.contains("part-0") || script.contains("user-data");
    let digits = rest.split(':').next().unwrap_or_default();
    digits.parse().ok().filter(|_| is_script)
}

impl Found {
    /// In one sentence.
    pub(super) fn cause(&self) -> String {
        match self.kind {
            Kind::NoSignal => "cfn-signal is not installed: the call never ran",
            Kind::NoWayOut => "the instance has no way out: what its boot needs could not be reached",
            Kind::NoProgram => "a program that the boot calls is not there",
            Kind::Failed => "a command of the boot script failed",
        }
        .to_owned()
    }

    /// What to do.
    pub(super) fn help(&self) -> &'static str {
        match self.kind {
            Kind::NoSignal => "install it first: `dnf install -y aws-cfn-bootstrap` (yum on Amazon Linux 2)",
            Kind::NoWayOut => {
                "give its subnet a route to an internet gateway and a public address, or a NAT gateway: `ecslint explain ECS501`"
            }
            Kind::NoProgram => "install it before it is called",
            Kind::Failed => {
                "mend the command, and tell the stack whatever happens: `trap 'cfn-signal -e $? ...' EXIT`"
            }
        }
    }
}
