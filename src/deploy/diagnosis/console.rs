//! What an instance wrote to its console: the lines of cloud-init, of the shell and of the programs that say why the
//! boot did not end as it was meant. What stands there was written by others and proves no more than it says.

/// More of a console is not read; AWS keeps 64 KB.
const MAX_CONSOLE: usize = 256 << 10;

/// A longer line is cut.
const MAX_LINE: usize = 2000;

/// More symptoms are a wall of the same.
const MAX_SYMPTOMS: usize = 64;

/// What a line tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Symptom {
    /// The shell found no such program, or file.
    NotFound(String),
    /// bash refuses the script, or ends it.
    Refused,
    /// A request did not get out, or nothing came back.
    NoNetwork,
    /// There is no such package.
    NoPackage(String),
    /// CloudFormation refused a signal.
    SignalRefused,
    /// `cfn-signal` did not understand its options.
    SignalUsage,
    /// The user data is in no form that is run, or is no program.
    NotRun,
    /// The disk is full.
    DiskFull,
    /// A program said that it failed: `mkdir: cannot create directory ...`.
    Complaint(String),
    /// cloud-init says that a script ended with this status.
    Ended(i32),
    /// cloud-init is through.
    Finished,
}

/// A line of a console that tells something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) symptom: Symptom,
    /// Which part of the user data, and which line in it, both from 1.
    pub(super) line: Option<(usize, usize)>,
    /// The line without what the kernel and cloud-init put before it.
    pub(super) text: String,
}

/// Reads a console.
pub(super) fn read(console: &str) -> Vec<Told> {
    let end = console.floor_char_boundary(console.len().min(MAX_CONSOLE));
    let mut res: Vec<Told> = Vec::new();
    for line in console[..end].lines() {
        let line = &line[..line.floor_char_boundary(line.len().min(MAX_LINE))];
        let line = bare(line);
        // The trace of `bash -x` and the script itself under `-v` are no results.
        if line.is_empty() || line.starts_with("+ ") || line.starts_with("++ ") {
            continue;
        }
        if let Some((symptom, at)) = symptom(line) {
            let told = Told { symptom, line: at, text: line.to_owned() };
            if res.len() < MAX_SYMPTOMS && !res.contains(&told) {
                res.push(told);
            }
        }
    }
    res
}

/// The line without `[   31.2]`, `cloud-init[2345]: `, `Nov 23 03:10:33 host `, `2026-11-23 03:10:33,058 - `.
fn bare(line: &str) -> &str {
    let mut line = line.trim();
    if let Some((time, rest)) = line.strip_prefix('[').and_then(|it| it.split_once(']'))
        && time.trim().parse::<f64>().is_ok()
    {
        line = rest.trim_start();
    }
    // The journal puts its own time and the host before the name of the program.
    for program in ["cloud-init[", "cloud-init: ", "user-data: "] {
        if let Some(at) = line.find(program).filter(|it| *it < 60) {
            let rest = &line[at + program.len()..];
            line = match program.ends_with('[') {
                true => rest.split_once("]: ").map_or(line, |it| it.1),
                false => rest,
            };
        }
    }
    line.trim()
}

/// What requests that do not get out are called, by program.
const NO_NETWORK: [&str; 21] = [
    "cannot find a valid baseurl for repo",
    "could not retrieve mirrorlist",
    "one of the configured repositories failed",
    "failed to download metadata for repo",
    "cannot prepare internal mirrorlist",
    "timeout was reached",
    "connection timed out",
    "connection timeout",
    "resolving timed out",
    "could not resolve host",
    "couldn't resolve host",
    "temporary failure in name resolution",
    "temporary failure resolving",
    "name or service not known",
    "network is unreachable",
    "no route to host",
    "max retries exceeded with url",
    "connect timeout on endpoint url",
    "could not connect to the endpoint url",
    "failed to establish a new connection",
    "curl: (7)",
];

const NO_PACKAGE: [&str; 5] = [
    "No package ",
    "No match for argument: ",
    "Unable to find a match: ",
    "Unable to locate package ",
    "E: Package ",
];

fn symptom(line: &str) -> Option<(Symptom, Option<(usize, usize)>)> {
    let lower = line.to_lowercase();
    let (at, rest) = script_line(line);
    if let Some(program) = not_found(rest).filter(|_| at.is_some() || is_of_shell(rest)) {
        return Some((Symptom::NotFound(program), at));
    }
    let refused =
        ["syntax error", "unexpected eof", "unbound variable", "bad substitution", "exec format error"];
    if refused.iter().any(|it| lower.contains(it)) && (at.is_some() || lower.contains("exec format error")) {
        let exec = lower.contains("exec format error");
        return Some((if exec { Symptom::NotRun } else { Symptom::Refused }, at));
    }
    if lower.contains("unhandled non-multipart") || lower.contains("unhandled unknown content-type") {
        return Some((Symptom::NotRun, None));
    }
    if lower.contains("no space left on device") {
        return Some((Symptom::DiskFull, at));
    }
    if let Some(package) = NO_PACKAGE.iter().find_map(|it| line.split_once(it)).map(|it| first_word(it.1)) {
        return (!package.is_empty()).then(|| (Symptom::NoPackage(package.to_owned()), None));
    }
    if NO_NETWORK.iter().any(|it| lower.contains(it)) {
        return Some((Symptom::NoNetwork, at));
    }
    let of_signal = lower.contains("cfn-signal");
    if of_signal && (lower.contains("error: ") || lower.starts_with("usage:")) {
        return Some((Symptom::SignalUsage, None));
    }
    // Late instances of a stack that is through are told so, and lose nothing.
    if lower.contains("_complete state and cannot be signaled") {
        return None;
    }
    if lower.starts_with("validationerror: ") || lower.starts_with("accessdenied") {
        return Some((Symptom::SignalRefused, None));
    }
    if let Some((_, status)) = line.split_once("Failed running /var/lib/cloud/instance/") {
        let status = status.split(['[', ']']).nth(1).and_then(|it| it.parse().ok());
        return Some((Symptom::Ended(status.unwrap_or(1)), None));
    }
    if lower.starts_with("cloud-init v.") && lower.contains(" finished at ") {
        return Some((Symptom::Finished, None));
    }
    complaint(line, &lower).map(|it| (Symptom::Complaint(it), at))
}

/// The place in the user data at which a line begins, and what stands behind it: `/var/lib/cloud/instance/scripts/part-001:
/// line 4: ` of bash, `part-001: 4: ` of dash.
fn script_line(line: &str) -> (Option<(usize, usize)>, &str) {
    let found = line.split_once("/part-").and_then(|(_, rest)| {
        let (part, rest) = rest.split_once(": ")?;
        let (number, rest) = rest.split_once(": ")?;
        let number = number.strip_prefix("line ").unwrap_or(number);
        Some(((part.parse().ok()?, number.parse().ok()?), rest))
    });
    match found {
        Some((at, rest)) => (Some(at), rest),
        None => (None, line),
    }
}

/// The program that the shell has not found.
fn not_found(rest: &str) -> Option<String> {
    let ends = [": No such file or directory", ": command not found", ": not found", ": Permission denied"];
    let head = ends.iter().find_map(|it| rest.strip_suffix(it))?;
    // `env: 'python': No such file`, `/bin/sh: cfn-signal: command not found`: the last name is the one that is missing.
    let name = head.rsplit(": ").next().unwrap_or(head).trim_matches(['\'', '"', '‘', '’', '`']);
    let one_word = !name.is_empty() && !name.contains(char::is_whitespace);
    one_word.then(|| name.to_owned())
}

/// Whether a shell says it, or what runs programs for one: others complain of their own files.
fn is_of_shell(line: &str) -> bool {
    let name = line.split(": ").next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or(name);
    line.ends_with(": command not found")
        || ["sh", "bash", "dash", "env", "sudo", "nohup", "timeout"].contains(&name)
}

/// The program that complains in the way of Unix: its name, a colon, what is wrong.
fn complaint(line: &str, lower: &str) -> Option<String> {
    let (program, rest) = line.split_once(": ")?;
    let is_name = !program.is_empty()
        && program.len() < 40
        && program.chars().all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it));
    let wrong =
        ["cannot ", "can't ", "failed", "error", "no such", "denied", "not found", "invalid", "unable to"];
    let complains = wrong.iter().any(|it| lower.contains(it));
    (is_name && !rest.is_empty() && complains)
        .then(|| program.rsplit('/').next().unwrap_or(program).to_owned())
        .filter(|it| {
            !["Error", "ERROR", "error", "Warning", "systemd", "kernel", "dracut"].contains(&it.as_str())
        })
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Option<(Symptom, Option<(usize, usize)>)> {
        let mut all = read(line);
        assert!(all.len() < 2);
        all.pop().map(|it| (it.symptom, it.line))
    }

    #[test]
    fn each_symptom_behind_each_prefix() {
        let not_found = |it: &str, at| Some((Symptom::NotFound(it.to_owned()), at));
        let cases = [
            (
                "[   31.201533] cloud-init[3139]: /var/lib/cloud/instance/scripts/part-001: line 4: /opt/aws/bin/cfn-signal: No such file or directory",
                not_found("/opt/aws/bin/cfn-signal", Some((1, 4))),
            ),
            (
                "Mar 20 16:58:52 ip-10-0-0-4 cloud-init[3139]: /var/lib/cloud/instance/scripts/part-002: line 2: start: command not found",
                not_found("start", Some((2, 2))),
            ),
            (
                "/var/lib/cloud/instance/scripts/part-001: 7: cfn-signal: not found",
                not_found("cfn-signal", Some((1, 7))),
            ),
            ("Cannot find a valid baseurl for repo: amzn2-core/2/x86_64", Some((Symptom::NoNetwork, None))),
            (
                "cloud-init[4858]:   - Curl error (28): Timeout was reached for https://al2023-repos-us-east-2-9761ab97.s3.dualstack.us-east-2.amazonaws.com/core/mirrors/x/mirror.list [Connection timed out]",
                Some((Symptom::NoNetwork, None)),
            ),
            (
                "No package aws-cfn-bootstrp available.",
                Some((Symptom::NoPackage("aws-cfn-bootstrp".to_owned()), None)),
            ),
            ("Error: Unable to find a match: nvidia", Some((Symptom::NoPackage("nvidia".to_owned()), None))),
            ("cfn-signal: error: no such option: -x", Some((Symptom::SignalUsage, None))),
            (
                "ValidationError: Resource Grup does not exist for stack demo",
                Some((Symptom::SignalRefused, None)),
            ),
            ("ValidationError: Stack arn:x is in CREATE_COMPLETE state and cannot be signaled", None),
            (
                "/var/lib/cloud/instance/scripts/part-001: line 9: syntax error near unexpected token `fi'",
                Some((Symptom::Refused, Some((1, 9)))),
            ),
            (
                "Mar 20 16:58:52 cloud-init[3139]: util.py[WARNING]: Failed running /var/lib/cloud/instance/scripts/part-001 [127]",
                Some((Symptom::Ended(127), None)),
            ),
            (
                "Cloud-init v. 22.2.2 finished at Thu, 20 Mar 2025 16:58:52 +0000. Datasource DataSourceEc2.  Up 16.84 seconds",
                Some((Symptom::Finished, None)),
            ),
            (
                "2026-11-23 03:10:33,058 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: 'b'yum'...'",
                Some((Symptom::NotRun, None)),
            ),
            (
                "mkdir: cannot create directory '/etc/ecs': File exists",
                Some((Symptom::Complaint("mkdir".to_owned()), None)),
            ),
            ("cat: /root/key: No such file or directory", Some((Symptom::Complaint("cat".to_owned()), None))),
            ("/bin/sh: nvidia-smi: command not found", not_found("nvidia-smi", None)),
            ("+ /opt/aws/bin/cfn-signal: No such file or directory", None),
            ("Complete!", None),
        ];
        for (line, expected) in cases {
            assert_eq!(one(line), expected, "{line}");
        }
    }

    #[test]
    fn a_hostile_console_is_bounded() {
        let text = "a: not found\n".repeat(100_000) + &"é".repeat(500_000);
        assert_eq!(read(&text).len(), 1);
        let many: String = (0..10_000).map(|it| format!("p{it}: command not found\n")).collect();
        assert_eq!(read(&many).len(), MAX_SYMPTOMS);
    }
}
