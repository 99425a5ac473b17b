//! Settings that the agent does not know or cannot read.

use super::{Boot, Line};
use crate::catalog::agent::{self, Kind};
use crate::resolve::{Place, Text};

/// The drivers that the agent knows
/// ([container agent configuration](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html)).
pub const LOGGING_DRIVERS: [&str; 12] = [
    "awsfirelens",
    "awslogs",
    "fluentd",
    "gelf",
    "journald",
    "json-file",
    "local",
    "logentries",
    "none",
    "splunk",
    "sumologic",
    "syslog",
];

/// A line of the agent's configuration that does not do what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct BadSetting {
    /// The key.
    pub name: String,
    /// The words that are wrong.
    pub place: Place,
    /// What is wrong with them.
    pub why: WhyBad,
    /// Whether the agent does not start.
    pub is_fatal: bool,
}

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyBad {
    /// The agent does not know the key; this one was meant.
    Key(&'static str),
    /// This is neither true nor false.
    Boolean(String),
    /// No JSON.
    Json,
    /// JSON, but no mapping of texts.
    Mapping,
    /// No logging driver.
    Driver(String),
}

/// No configuration has more lines.
const MAX_LINES: usize = 200;

impl<'t> Boot<'t> {
    /// Settings that every path writes, and that the agent does not know or cannot read.
    #[must_use]
    pub fn bad_settings(&self) -> Vec<BadSetting> {
        let lines = self.lines();
        lines.iter().take(MAX_LINES).filter_map(|(key, line)| bad(key, line)).collect()
    }
}

fn bad<'t>(key: &Text<'t>, line: &Line<'t>) -> Option<BadSetting> {
    let name = key.known()?;
    let of = |place, why, is_fatal| Some(BadSetting { name: name.to_owned(), place, why, is_fatal });
    let Some(setting) = agent::setting(name) else {
        // Quotes, `export` and blanks make other words of a key.
        let word = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        let meant = agent::near(name).first().copied().filter(|_| word)?;
        return of(key.whole_place()?, WhyBad::Key(meant), false);
    };
    let (place, value) = (line.place?, line.value.known().filter(|it| !it.is_empty())?);
    match setting.kind {
        Kind::Boolean if !agent::is_boolean(value) => of(place, WhyBad::Boolean(value.to_owned()), false),
        Kind::Json { fatal } => {
            let Ok(parsed) = serde_json::from_str::<serde_json::Value>(value) else {
                return of(place, WhyBad::Json, fatal);
            };
            if name == "ECS_AVAILABLE_LOGGING_DRIVERS" {
                let mut names = parsed.as_array()?.iter().filter_map(serde_json::Value::as_str);
                let wrong = names.find(|it| !LOGGING_DRIVERS.contains(it))?;
                let at = value.find(wrong)?;
                let words = line.value.place(at..at + wrong.len()).unwrap_or(place);
                return of(words, WhyBad::Driver(wrong.to_owned()), true);
            }
            let texts = parsed.as_object().is_some_and(|it| it.values().all(serde_json::Value::is_string));
            if fatal && !texts { of(place, WhyBad::Mapping, true) } else { None }
        }
        _ => None,
    }
}
