//! What the aws CLI prints when it fails.
//!
//! Exit codes differ between versions 1 and 2 and say little, so the text decides: `An error occurred (CODE) when
//! calling the OPERATION operation: TEXT`, with `aws: [ERROR]: ` before it in late versions, or the JSON that
//! `AWS_CLI_ERROR_FORMAT=json` asks for. What goes wrong before a request has texts of its own.

use serde_json::Value;

/// What kind of failure it is: what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no such program.
    Missing,
    /// Nobody has told who calls.
    NoCredentials,
    /// They were good once.
    Expired,
    /// No region is set.
    NoRegion,
    /// The caller may not do it.
    Denied,
    /// Too many calls: later.
    Throttled,
    /// The network, or a service that fails: later.
    Lost,
    /// It took longer than it may.
    TimedOut,
    /// The CLI does not know the command or an option: it is too old, or the call is wrong.
    Usage,
    /// The service refuses: the code says why.
    Refused,
    /// What came back is no JSON.
    Garbled,
}

impl Kind {
    /// Whether the same call may succeed in a moment.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Kind::Throttled | Kind::Lost | Kind::TimedOut | Kind::Garbled)
    }

    /// Whether somebody has to log in again.
    #[must_use]
    pub fn is_login(self) -> bool {
        matches!(self, Kind::NoCredentials | Kind::Expired)
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// What to do about it.
    pub kind: Kind,
    /// `AccessDenied`, `ValidationError`; empty where there is none.
    pub code: String,
    /// What was said, on one line.
    pub text: String,
}

impl Failure {
    /// A failure that no service has named.
    #[must_use]
    pub fn new(kind: Kind, text: impl Into<String>) -> Failure {
        Failure { kind, code: String::new(), text: text.into() }
    }

    /// Whether the stack is not there.
    #[must_use]
    pub fn is_no_stack(&self) -> bool {
        self.code == "ValidationError" && self.text.contains("does not exist")
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_no_change(&self) -> bool {
        self.text.contains("No updates are to be performed") || is_no_change(&self.text)
    }

    /// The action that was denied, as `cloudformation:CreateChangeSet`.
    #[must_use]
    pub fn denied_action(&self) -> Option<&str> {
        let (_, rest) = self.text.split_once("not authorized to perform: ")?;
        let end = rest.find([' ', ',']).unwrap_or(rest.len());
        let action = rest[..end].trim_end_matches('.');
        action.contains(':').then_some(action)
    }
}

/// Whether a change set failed because it changes nothing.
#[must_use]
pub fn is_no_change(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

/// Beginnings and parts of what the CLI says when no service has answered.
const TEXTS: [(&str, Kind); 26] = [
    ("Unable to locate credentials", Kind::NoCredentials),
    ("(NoCredentials)", Kind::NoCredentials),
    ("could not be found", Kind::NoCredentials),
    ("Error when retrieving credentials", Kind::NoCredentials),
    ("Error loading SSO Token", Kind::NoCredentials),
    ("Partial credentials found", Kind::NoCredentials),
    ("SSO session associated with this profile has expired", Kind::Expired),
    ("Token has expired", Kind::Expired),
    ("token included in the request is expired", Kind::Expired),
    ("You must specify a region", Kind::NoRegion),
    ("(NoRegion)", Kind::NoRegion),
    ("Provided region_name", Kind::NoRegion),
    ("Could not connect to the endpoint", Kind::Lost),
    ("Failed to connect to proxy", Kind::Lost),
    ("failed to establish a connection", Kind::Lost),
    ("raised an unhandled exception", Kind::Lost),
    ("while reading from response stream", Kind::Lost),
    ("Connection was closed", Kind::Lost),
    ("Connect timeout", Kind::Lost),
    ("Read timeout", Kind::Lost),
    ("Unable to parse response", Kind::Lost),
    ("SSL validation failed", Kind::Lost),
    ("Invalid choice", Kind::Usage),
    ("invalid choice", Kind::Usage),
    ("Unknown options", Kind::Usage),
    ("the following arguments are required", Kind::Usage),
];

/// Reads what was printed on standard error.
#[must_use]
pub fn read(stderr: &str) -> Failure {
    if let Some((code, text)) = json(stderr) {
        return Failure { kind: kind_of(&code, &text), text, code };
    }
    let line = stderr.lines().map(str::trim).find(|it| !it.is_empty() && !it.starts_with("usage:"));
    let line = line.unwrap_or_default();
    let line = line.strip_prefix("aws: [ERROR]: ").unwrap_or(line);
    let (code, text) = match coded(line) {
        Some((code, text)) => (code.to_owned(), text.to_owned()),
        None => (String::new(), line.to_owned()),
    };
    let kind = if code.is_empty() {
        let named = TEXTS.iter().find(|(part, _)| stderr.contains(part)).map(|it| it.1);
        named.unwrap_or(if stderr.contains("usage: ") { Kind::Usage } else { Kind::Refused })
    } else {
        kind_of(&code, stderr)
    };
    let text = if text.is_empty() { "the aws CLI failed and said nothing".to_owned() } else { text };
    Failure { kind, code, text }
}

/// `{"Code": "...", "Message": "..."}`
fn json(stderr: &str) -> Option<(String, String)> {
    let start = stderr.find('{')?;
    let value: Value = serde_json::from_str(stderr[start..].trim()).ok()?;
    let error = value.get("Error").unwrap_or(&value);
    let text = |key: &str| error.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("Code")?, text("Message").unwrap_or_default()))
}

/// `An error occurred (CODE) when calling the OPERATION operation (reached max retries: 2): TEXT`, also without the
/// middle.
fn coded(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("An error occurred (")?;
    let (code, rest) = rest.split_once(')')?;
    let text = match rest.split_once(" operation") {
        Some((_, rest)) => {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix('(').and_then(|it| it.split_once(')')).map_or(rest, |it| it.1);
            rest.trim_start_matches([':', ' '])
        }
        None => rest.trim_start_matches([':', ' ']),
    };
    Some((code, text.trim()))
}

fn kind_of(code: &str, text: &str) -> Kind {
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "UnauthorizedException"
        | "Client.UnauthorizedOperation" => Kind::Denied,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => Kind::Expired,
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "AuthFailure"
        | "SignatureDoesNotMatch"
        | "NoCredentials"
        | "IncompleteSignature"
        | "MissingAuthenticationToken" => Kind::NoCredentials,
        "NoRegion" => Kind::NoRegion,
        "Throttling"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "RequestThrottled"
        | "SlowDown" => Kind::Throttled,
        "InternalFailure"
        | "InternalError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "InternalServerError"
        | "ServerException"
        | "RequestTimeout"
        | "500"
        | "502"
        | "503"
        | "504" => Kind::Lost,
        // A proxy answers in the place of AWS.
        "Unknown" => Kind::Lost,
        _ if text.contains("Rate exceeded") => Kind::Throttled,
        _ => Kind::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stderr: &str, kind: Kind, code: &str, text: &str) {
        let res = read(stderr);
        assert_eq!((res.kind, res.code.as_str(), res.text.as_str()), (kind, code, text), "{stderr}");
    }

    #[test]
    fn services() {
        let denied = "User: arn:aws:iam::1:user/a is not authorized to perform: cloudformation:CreateChangeSet on \
                      resource: x";
        for prefix in ["", "aws: [ERROR]: ", "\n"] {
            for retries in ["", " (reached max retries: 2)"] {
                let line = format!(
                    "{prefix}An error occurred (AccessDenied) when calling the CreateChangeSet operation{retries}: {denied}\n"
                );
                check(&line, Kind::Denied, "AccessDenied", denied);
            }
        }
        assert_eq!(
            read(&format!("An error occurred (AccessDenied): {denied}")).denied_action(),
            Some("cloudformation:CreateChangeSet")
        );
        let line = "An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id x does not exist";
        assert!(read(line).is_no_stack());
        let json = r#"{"Code": "ThrottlingException", "Message": "Rate exceeded"}"#;
        check(json, Kind::Throttled, "ThrottlingException", "Rate exceeded");
        check(
            "An error occurred (ExpiredToken) when calling the X operation: The security token included in the request is expired",
            Kind::Expired,
            "ExpiredToken",
            "The security token included in the request is expired",
        );
        check(
            "An error occurred (Throttling) when calling the X operation (reached max retries: 4): Rate exceeded",
            Kind::Throttled,
            "Throttling",
            "Rate exceeded",
        );
        check(
            "An error occurred (Unknown) when calling the X operation: Unknown",
            Kind::Lost,
            "Unknown",
            "Unknown",
        );
    }

    fn check_kind(stderr: &str, kind: Kind) {
        assert_eq!(read(stderr).kind, kind, "{stderr}");
    }

    #[test]
    fn before_a_request() {
        check_kind(
            "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
            Kind::NoCredentials,
        );
        check_kind(
            "aws: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials",
            Kind::NoCredentials,
        );
        check_kind("aws: [ERROR]: An error occurred (NoRegion): You must specify a region.", Kind::NoRegion);
        check_kind("You must specify a region. You can also configure ...", Kind::NoRegion);
        check_kind("The config profile (nope) could not be found", Kind::NoCredentials);
        check_kind(
            "Error when retrieving token from sso: Token has expired and refresh failed",
            Kind::Expired,
        );
        check_kind("Could not connect to the endpoint URL: \"https://x/\"", Kind::Lost);
        check_kind("Failed to connect to proxy URL: \"http://x/\"", Kind::Lost);
        check_kind("An error occurred while reading from response stream: IncompleteRead", Kind::Lost);
        check_kind("Provided region_name 'us east' doesn't match a supported format.", Kind::NoRegion);
        check_kind(
            "usage: aws [options]\naws: error: argument operation: Invalid choice, valid choices are:",
            Kind::Usage,
        );
        check_kind("", Kind::Refused);
    }
}
