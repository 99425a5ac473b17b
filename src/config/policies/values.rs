//! The values that policies are made of.

use regex::{Regex, RegexBuilder};
use serde_json::json;

use crate::catalog::schema;
use crate::config::Value;
use crate::model::{FleetKind, Word as _};
use crate::policy::{self, MAX_REGEX_BYTES, Path, Wording};
use crate::text::near;

/// A regular expression is not longer than this.
const LONGEST_REGEX: usize = 1000;

/// The code of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnCode(pub(super) String);

/// The name of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyName(pub(super) String);

/// A type of resources; `*` stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TypeGlob(pub(super) String);

/// A kind of fleets; `*` stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KindGlob(pub(super) String);

/// A regular expression.
#[derive(Clone, Debug)]
pub(super) struct Expression(pub(super) Regex);

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number(pub(super) f64);

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Value for OwnCode {
    const WANTED: &'static str = "capital letters and digits, as `ORG001`";

    fn parse(text: &str) -> Result<OwnCode, String> {
        if text.to_ascii_uppercase().starts_with("ECS") {
            return Err(format!(
                "`{text}` begins with `ECS`, as the codes of ecslint do: take other letters"
            ));
        }
        policy::is_code(text, true).then(|| OwnCode(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^(?!ECS)[A-Z]{1,16}[0-9]{1,8}$", "examples": ["ORG001"]})
    }
}

impl Value for PolicyName {
    const WANTED: &'static str = "small words with hyphens, as `group-too-large`";

    fn parse(text: &str) -> Result<PolicyName, String> {
        let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        let has_form = (1..=64).contains(&text.len()) && text.bytes().all(is_letter);
        has_form.then(|| PolicyName(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^[a-z0-9-]{1,64}$"})
    }
}

impl Value for TypeGlob {
    const WANTED: &'static str = "a type as `AWS::EC2::Instance`, or `AWS::EC2::*`";

    fn parse(text: &str) -> Result<TypeGlob, String> {
        let is_glob = text.contains(['*', '?']);
        if !(is_glob || text.contains("::")) || text.contains(char::is_whitespace) {
            return Err(String::new());
        }
        // A type that nobody knows may be new; one that is nearly another is a slip.
        if !is_glob
            && text.starts_with("AWS::")
            && !schema::types().any(|it| it == text)
            && let Some(near) = near(text, schema::types(), 1).first()
        {
            return Err(format!("no type is called `{text}`; did you mean `{near}`?"));
        }
        Ok(TypeGlob(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "::|[*?]", "examples": ["AWS::AutoScaling::AutoScalingGroup"]})
    }
}

impl Value for KindGlob {
    const WANTED: &'static str = "`*`, `auto-scaling-group`, `instance`, `spot-fleet` or `ec2-fleet`";

    fn parse(text: &str) -> Result<KindGlob, String> {
        let is_kind = text == "*" || FleetKind::WORDS.contains(&text);
        is_kind.then(|| KindGlob(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        let words = [&["*"], FleetKind::WORDS].concat();
        json!({"enum": words})
    }
}

impl Value for Expression {
    const WANTED: &'static str = "a regular expression";

    fn parse(text: &str) -> Result<Expression, String> {
        if text.len() > LONGEST_REGEX {
            return Err(format!("the regular expression is longer than {LONGEST_REGEX} bytes"));
        }
        let mut builder = RegexBuilder::new(text);
        let built = builder.size_limit(MAX_REGEX_BYTES).dfa_size_limit(MAX_REGEX_BYTES).build();
        built.map(Expression).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                "the regular expression is too large: repeat less in it".to_owned()
            }
            // The last line says what is wrong; those before it draw it.
            error => {
                let told = error.to_string();
                let last = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
                // Which crate lacks which tables, helps nobody.
                let classes = "classes of Unicode by name are not known, write `[a-z]`";
                let last = if last.to_lowercase().contains("unicode") { classes } else { last };
                format!("`{text}` is no regular expression: {last}")
            }
        })
    }

    fn show(&self) -> String {
        self.0.as_str().to_owned()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "maxLength": LONGEST_REGEX})
    }
}

impl Value for Number {
    const WANTED: &'static str = "a number";

    fn parse(text: &str) -> Result<Number, String> {
        text.parse().ok().filter(|it: &f64| it.is_finite()).map(Number).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "number"})
    }

    fn is_text(&self) -> bool {
        false
    }
}

impl Value for Path {
    const WANTED: &'static str = "a path as `Properties.Tags[*].Key`";

    fn parse(text: &str) -> Result<Path, String> {
        Path::parse(text)
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "minLength": 1, "examples": ["Properties.Tags[*].Key", "ssh.port_22"]})
    }
}

impl Value for Wording {
    const WANTED: &'static str = "text";

    fn parse(text: &str) -> Result<Wording, String> {
        if text.trim().is_empty() { Err(String::new()) } else { Wording::parse(text) }
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "minLength": 1})
    }
}
