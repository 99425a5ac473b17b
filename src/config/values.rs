//! The values that a configuration is made of: what each has to be, and how an editor knows it.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ipnet::IpNet;
use serde_json::json;

use crate::catalog::regions;
use crate::diagnostic::Severity;
use crate::lint;
use crate::policy;
use crate::rules::RULES;
use crate::text::near;

/// A value that is written as one word.
pub trait Value: Sized {
    /// What it has to be: "`region` has to be ...".
    const WANTED: &'static str;

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong; empty when [`Value::WANTED`] says it all.
    fn parse(text: &str) -> Result<Self, String>;

    /// How it is written.
    fn show(&self) -> String;

    /// Its schema.
    fn schema() -> serde_json::Value;

    /// Whether it is text, and no number or truth value.
    fn is_text(&self) -> bool {
        true
    }
}

/// A name as it stands: of a parameter, of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// The code of a rule, or how codes begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(String);

/// A region of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

/// An instance type; `*` stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName(String);

/// US dollars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usd(pub f64);

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub IpNet);

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    AtLeast(Severity),
    /// Whatever is found.
    Never,
}

/// A pattern of paths, as in `.gitignore`.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    paths: Gitignore,
}

macro_rules! text {
    ($($name:ident)*) => {$(
        impl $name {
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A value that has been checked.
            #[must_use]
            pub fn new(text: impl Into<String>) -> $name {
                $name(text.into())
            }
        }
    )*};
}

text!(Name Code Region TypeName);

impl Pattern {
    /// Whether a file matches; its path is seen from the folder of the configuration.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        !path.has_root() && self.paths.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text
    }
}

impl FailOn {
    /// The least severity that counts.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::AtLeast(severity) => Some(severity),
            FailOn::Never => None,
        }
    }
}

impl Value for Pattern {
    const WANTED: &'static str = "a pattern of paths";

    fn parse(text: &str) -> Result<Pattern, String> {
        let bad = |why: &str| Err(format!("`{text}` is no pattern of paths: {why}"));
        if text.trim().is_empty() || text.starts_with('#') {
            return bad("it matches nothing");
        }
        if text.starts_with('!') {
            return bad("it cannot say what does not match");
        }
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        match builder.add_line(None, text).and_then(|it| it.build()) {
            Ok(paths) => Ok(Pattern { text: text.to_owned(), paths }),
            Err(ignore::Error::Glob { err, .. }) => bad(&err),
            Err(_) => bad("its form"),
        }
    }

    fn show(&self) -> String {
        self.text.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "minLength": 1})
    }
}

impl Value for Code {
    const WANTED: &'static str = "a code as `ECS303`, or how codes begin";

    fn parse(text: &str) -> Result<Code, String> {
        let code = text.trim().to_ascii_uppercase();
        let is_rule = !code.is_empty() && RULES.iter().any(|it| it.code.starts_with(&code));
        // Which policies there are, is known when all has been read.
        if is_rule || policy::is_code(&code, false) {
            Ok(Code(code))
        } else {
            Err(no_rule(text, lint::codes(&[])))
        }
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^[A-Za-z]+[0-9]*$"})
    }
}

/// What is told of a code that is none of these.
pub(super) fn no_rule<'c>(text: &str, codes: impl Iterator<Item = &'c str>) -> String {
    match near(&text.to_ascii_uppercase(), codes, 1).first() {
        Some(near) => format!("no rule has the code `{text}`; did you mean `{near}`?"),
        None => format!("no rule has the code `{text}`; `ecslint rules` lists them"),
    }
}

impl Value for Region {
    const WANTED: &'static str = "a region, written like `us-east-1`";

    fn parse(text: &str) -> Result<Region, String> {
        regions::has_form(text).then(|| Region(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "examples": ["us-east-1", "eu-west-1"]})
    }
}

impl Value for Name {
    const WANTED: &'static str = "a name";

    fn parse(text: &str) -> Result<Name, String> {
        (!text.is_empty()).then(|| Name(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "minLength": 1})
    }
}

impl Value for TypeName {
    const WANTED: &'static str = "an instance type as `g4dn.xlarge`, or `g4dn.*`";

    fn parse(text: &str) -> Result<TypeName, String> {
        let has_form = text.contains(['.', '*']) && !text.contains(char::is_whitespace);
        has_form.then(|| TypeName(text.to_owned())).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "[.*]", "examples": ["g4dn.xlarge", "t3.*"]})
    }
}

impl Value for String {
    const WANTED: &'static str = "text";

    fn parse(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }

    fn schema() -> serde_json::Value {
        json!({"type": ["string", "number", "boolean"]})
    }
}

impl Value for Usd {
    const WANTED: &'static str = "a number: US dollars a month";

    fn parse(text: &str) -> Result<Usd, String> {
        let number = text.parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0);
        number.map(Usd).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "number", "minimum": 0})
    }

    fn is_text(&self) -> bool {
        false
    }
}

impl Value for bool {
    const WANTED: &'static str = "`true` or `false`";

    fn parse(text: &str) -> Result<bool, String> {
        text.parse().map_err(|_| String::new())
    }

    fn show(&self) -> String {
        self.to_string()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "boolean"})
    }

    fn is_text(&self) -> bool {
        false
    }
}

impl Value for Network {
    const WANTED: &'static str = "a network as `203.0.113.0/24`";

    fn parse(text: &str) -> Result<Network, String> {
        text.parse().map(Network).map_err(|_| String::new())
    }

    fn show(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "/[0-9]+$", "examples": ["203.0.113.0/24"]})
    }
}

impl Value for Severity {
    const WANTED: &'static str = "`error`, `warning` or `info`";

    fn parse(text: &str) -> Result<Severity, String> {
        let all = [Severity::Error, Severity::Warning, Severity::Info];
        all.into_iter().find(|it| it.show() == text).ok_or_else(String::new)
    }

    fn show(&self) -> String {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
        .to_owned()
    }

    fn schema() -> serde_json::Value {
        json!({"enum": ["error", "warning", "info"]})
    }
}

impl Value for FailOn {
    const WANTED: &'static str = "`error`, `warning`, `info` or `never`";

    fn parse(text: &str) -> Result<FailOn, String> {
        if text == "never" { Ok(FailOn::Never) } else { Severity::parse(text).map(FailOn::AtLeast) }
    }

    fn show(&self) -> String {
        self.severity().map_or("never".to_owned(), |it| it.show())
    }

    fn schema() -> serde_json::Value {
        json!({"enum": ["error", "warning", "info", "never"]})
    }
}
