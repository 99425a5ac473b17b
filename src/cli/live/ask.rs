//! One question to the AWS Price List, through the aws CLI.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::sanitize;

/// How long one question may take.
const LIMIT: Duration = Duration::from_secs(20);
/// More of an answer is not read; that of one product has some kilobytes.
const MAX_BYTES: u64 = 1 << 20;

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    #[error("the aws CLI is not on PATH")]
    Missing,
    #[error("the aws CLI cannot be started")]
    Start,
    #[error("the aws CLI has no valid credentials (`aws sts get-caller-identity` tells more)")]
    Credentials,
    #[error("the aws CLI gave no answer within {} seconds", LIMIT.as_secs())]
    Timeout,
    #[error("the aws CLI failed: {0}")]
    Failed(String),
    #[error("the answer of the aws CLI is not understood")]
    Answer,
}

impl Failure {
    /// The failure as one harmless line.
    pub(super) fn shown(&self) -> String {
        sanitize::short(&self.to_string(), 300)
    }
}

/// The On-Demand price of a type, Linux, shared tenancy, in US dollars an hour; `None` where AWS names none.
pub(super) fn price(name: &str, region: &str) -> Result<Option<f64>, Failure> {
    let program = find().ok_or(Failure::Missing)?;
    let args = arguments(name, region);
    let answer = run(&program, &args, LIMIT)?;
    read(&answer, name, region)
}

/// The Price List is asked in us-east-1, whatever region the price is of
/// (GetProducts in the AWS Price List API reference).
fn arguments(name: &str, region: &str) -> Vec<String> {
    let filters = [
        ("instanceType", name),
        ("regionCode", region),
        ("operatingSystem", "Linux"),
        ("preInstalledSw", "NA"),
        ("tenancy", "Shared"),
        ("capacitystatus", "Used"),
        ("marketoption", "OnDemand"),
    ];
    let mut args =
        "pricing get-products --region us-east-1 --service-code AmazonEC2 --format-version aws_v1 \
        --max-results 1 --output json --cli-connect-timeout 5 --cli-read-timeout 10 --filters"
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>();
    args.extend(filters.iter().map(|(field, value)| format!("Type=TERM_MATCH,Field={field},Value={value}")));
    args
}

/// The program, in an absolute folder of PATH: one in the folder of a template is not ours to run.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|it| it.is_absolute());
    folders.map(|it| it.join(format!("aws{}", std::env::consts::EXE_SUFFIX))).find(|it| is_program(it))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Runs a program and gives what it prints; ends it when it takes too long.
#[expect(
    clippy::disallowed_methods,
    reason = "the one process that is started, and only when it is asked for"
)]
fn run(program: &Path, args: &[String], limit: Duration) -> Result<Vec<u8>, Failure> {
    let until = Instant::now() + limit;
    let mut command = Command::new(program);
    command
        .args(args)
        .env("AWS_PAGER", "")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|_| Failure::Start)?;
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    // What the program has started itself may hold the pipes open longer than it lives: nobody waits for that.
    let take = |from: Option<mpsc::Receiver<Vec<u8>>>| {
        let left = until.saturating_duration_since(Instant::now());
        from.map_or(Ok(Vec::new()), |it| it.recv_timeout(left))
    };
    let (answer, complaint) = (take(stdout), take(stderr));
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            _ => break None,
        }
    };
    let Some(status) = status else {
        // It may have ended by now; then there is nothing to end.
        let _ = child.kill();
        let _ = child.wait();
        return Err(Failure::Timeout);
    };
    let (Ok(answer), Ok(complaint)) = (answer, complaint) else { return Err(Failure::Timeout) };
    if status.success() { Ok(answer) } else { Err(failed(&String::from_utf8_lossy(&complaint))) }
}

/// Reads a pipe to its end, but keeps no more than is bounded.
fn drain(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = pipe.by_ref().take(MAX_BYTES).read_to_end(&mut kept);
        // A program whose pipe is closed early would fail for that.
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        // Nobody may be waiting any more.
        let _ = sender.send(kept);
    });
    receiver
}

/// What a failed run complains of.
fn failed(complaint: &str) -> Failure {
    const NO_CREDENTIALS: [&str; 7] = [
        "Unable to locate credentials",
        "ExpiredToken",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "could not be found in",
        "Error loading SSO Token",
        "Token has expired",
    ];
    if NO_CREDENTIALS.iter().any(|it| complaint.contains(it)) {
        return Failure::Credentials;
    }
    let line = complaint.lines().map(str::trim).find(|it| !it.is_empty());
    Failure::Failed(line.unwrap_or("without a word").to_owned())
}

/// The price in an answer: `PriceList[]`, texts of JSON, each with
/// `terms.OnDemand.*.priceDimensions.*.pricePerUnit.USD`.
fn read(answer: &[u8], name: &str, region: &str) -> Result<Option<f64>, Failure> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| Failure::Answer)?;
    let list = answer.get("PriceList").and_then(Value::as_array).ok_or(Failure::Answer)?;
    for item in list {
        let product: Value = match item {
            Value::String(text) => serde_json::from_str(text).map_err(|_| Failure::Answer)?,
            other => other.clone(),
        };
        let attribute = |key: &str| product.pointer(&format!("/product/attributes/{key}"))?.as_str();
        if attribute("instanceType") != Some(name) || attribute("regionCode") != Some(region) {
            continue;
        }
        let children = |it: &Value, key: &str| -> Vec<Value> {
            it.get(key)
                .and_then(Value::as_object)
                .map(|it| it.values().cloned().collect())
                .unwrap_or_default()
        };
        let terms = product.get("terms").map(|it| children(it, "OnDemand")).unwrap_or_default();
        let dimensions = terms.iter().flat_map(|it| children(it, "priceDimensions"));
        let mut usd = dimensions.filter_map(|it| it.pointer("/pricePerUnit/USD")?.as_str()?.parse().ok());
        if let Some(usd) = usd.find(|it: &f64| it.is_finite() && *it > 0.0) {
            return Ok(Some(usd));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let of = |text: &str| read(text.as_bytes(), "t3.micro", "eu-west-1");
        assert_eq!(of("{\"PriceList\": []}"), Ok(None));
        assert_eq!(of("{}"), Err(Failure::Answer));
        assert_eq!(of("<html>"), Err(Failure::Answer));
        assert_eq!(of("{\"PriceList\": [\"{\"]}"), Err(Failure::Answer));
        let product = |kind: &str, usd: &str| {
            format!(
                r#"{{"PriceList": [{{"product": {{"attributes": {{"instanceType": "{kind}", "regionCode": "eu-west-1"}}}},
                "terms": {{"OnDemand": {{"a": {{"priceDimensions": {{"b": {{"pricePerUnit": {{"USD": "{usd}"}}}}}}}}}}}}}}]}}"#
            )
        };
        assert_eq!(of(&product("t3.micro", "0.0114000000")), Ok(Some(0.0114)));
        assert_eq!(of(&product("t3.small", "0.0228")), Ok(None));
        assert_eq!(of(&product("t3.micro", "0.0000000000")), Ok(None));
        assert_eq!(of(&product("t3.micro", "inf")), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let shell = |script: &str, limit| {
            run(Path::new("/bin/sh"), &["-c".to_owned(), script.to_owned()], Duration::from_millis(limit))
        };
        let started = Instant::now();
        assert_eq!(shell("sleep 30", 200), Err(Failure::Timeout));
        assert_eq!(shell("sleep 30 & echo '{}'", 200), Err(Failure::Timeout));
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(shell("echo '{}'", 10_000), Ok(b"{}\n".to_vec()));
        let failure = shell("echo >&2; echo 'Unable to locate credentials.' >&2; exit 253", 10_000);
        assert_eq!(failure, Err(Failure::Credentials));
        assert_eq!(shell("exit 1", 10_000), Err(Failure::Failed("without a word".to_owned())));
        let much = shell("head -c 3000000 /dev/zero", 10_000).map(|it| it.len() as u64);
        assert_eq!(much, Ok(MAX_BYTES));
    }
}
