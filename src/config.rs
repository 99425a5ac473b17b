//! `.ecslint.yaml`: what a project says once for all its templates.
//!
//! Invariants: the file is text like any template, each problem has the words that are wrong; a file with a problem is
//! not used at all; every value knows who said it. A key is one row of `KEYS`, from which reading, the schema for
//! editors and `ecslint config` are made.

pub mod baseline;
mod read;
mod values;

use crate::lint::Options;
use crate::rule::House;
use crate::syntax::{self, Kind, Node};
use crate::text::{Span, near};

pub use read::{Line, Map, Setting};
pub use values::{Code, FailOn, Name, Network, Pattern, Region, TypeName, Usd, Value};

/// The name of the file.
pub const FILE_NAME: &str = ".ecslint.yaml";

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// What a configuration says, and the flags, which say the same things.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The files of a folder that are looked at; none: those with the extension of a template.
    pub include: Vec<Said<Pattern>>,
    /// Those of them that are not.
    pub exclude: Vec<Said<Pattern>>,
    /// Only these rules; none: all.
    pub select: Vec<Said<Code>>,
    /// Not these.
    pub ignore: Vec<Said<Code>>,
    /// Not these in some files.
    pub per_file_ignores: Map<Pattern, Vec<Said<Code>>>,
    /// Severities in the place of the rules' own.
    pub severities: Map<Code, Option<Said<crate::diagnostic::Severity>>>,
    /// The least severity for exit code 1.
    pub fail_on: Option<Said<FailOn>>,
    /// Where the stacks are deployed.
    pub region: Option<Said<Region>>,
    /// What parameters get.
    pub parameters: Map<Name, Option<Said<String>>>,
    /// What the instances of a template may cost, in US dollars a month.
    pub budget: Option<Said<Usd>>,
    /// From where port 22 may be open.
    pub ssh_networks: Vec<Said<Network>>,
    /// What instances may be; `*` stands for anything.
    pub instance_types: Vec<Said<TypeName>>,
    /// The tags that instances must have.
    pub required_tags: Vec<Said<Name>>,
    /// Whether templates go through `aws cloudformation package`, which resolves YAML aliases.
    pub packaged: Option<Said<bool>>,
}

/// A value, and who said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said<T> {
    /// What was said.
    pub value: T,
    /// By whom.
    pub by: By,
}

/// Who said a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// These words of the configuration.
    Text(Span),
    /// A flag.
    Flag(&'static str),
}

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The words that are wrong.
    pub span: Span,
    /// What is wrong with them.
    pub message: String,
}

/// A key: what it is for, and its place in [`Config`].
struct Key {
    name: &'static str,
    help: &'static str,
    read: fn(&mut Config, Node<'_>, &mut Vec<Problem>),
    schema: fn() -> serde_json::Value,
    show: fn(&Config) -> Vec<Line>,
}

macro_rules! keys {
    ($($name:literal $field:ident: $help:literal,)*) => {
        &[$(Key {
            name: $name,
            help: $help,
            read: |config, node, problems| config.$field.read($name, node, problems),
            schema: || schema_of(|config| &config.$field),
            show: |config| config.$field.show(),
        },)*]
    };
}

const KEYS: &[Key] = keys! {
    "include" include: "Patterns as in .gitignore: the files of a folder that are looked at. Default: *.yml, *.yaml, *.json, *.template.",
    "exclude" exclude: "Patterns as in .gitignore: files of a folder that are not looked at.",
    "select" select: "Only these rules: codes or their beginnings.",
    "ignore" ignore: "Not these rules: codes or their beginnings.",
    "per-file-ignores" per_file_ignores: "Patterns as in .gitignore, and the rules that are ignored in the files that match.",
    "severities" severities: "Codes or their beginnings, and the severity of what they find. The longest counts.",
    "fail-on" fail_on: "The least severity for exit code 1. Default: warning.",
    "region" region: "The region that the stacks are for.",
    "parameters" parameters: "Values of parameters; they win over their defaults.",
    "budget" budget: "What the instances of a template may cost a month, in US dollars (ECS603).",
    "ssh-networks" ssh_networks: "The networks from which port 22 may be open (ECS303, ECS307).",
    "instance-types" instance_types: "The instance types that may start; * stands for anything (ECS614).",
    "required-tags" required_tags: "The tags that instances must have (ECS615).",
    "packaged" packaged: "Whether templates go through `aws cloudformation package`, which resolves YAML aliases: then ECS003 is silent. Default: false.",
};

fn schema_of<T: Setting>(_: fn(&Config) -> &T) -> serde_json::Value {
    T::schema()
}

/// Reads a configuration. An empty one says nothing.
///
/// # Errors
/// All problems, in the order of the text.
pub fn parse(text: &str) -> Result<Config, Vec<Problem>> {
    let parse = syntax::parse(text);
    let mut problems: Vec<_> =
        parse.problems.iter().map(|it| Problem { span: it.span, message: it.message.clone() }).collect();
    let mut config = Config::default();
    let mut roots = parse.tree.roots();
    let root = roots.next().filter(|it| it.kind() != Kind::Scalar || !it.text().is_empty());
    if let Some(second) = roots.next() {
        problems.push(problem(second, "a configuration is one document"));
    }
    match root {
        Some(root) if root.kind() == Kind::Mapping => {
            for (key, value) in read::entries(root, &mut problems) {
                match KEYS.iter().find(|it| it.name == key.text()) {
                    Some(known) => (known.read)(&mut config, value, &mut problems),
                    None => problems.push(unknown(key)),
                }
            }
        }
        Some(root) => problems.push(problem(root, "a configuration is a mapping: `KEY: VALUE`")),
        None => {}
    }
    problems.sort_by_key(|it| it.span.start);
    problems.dedup();
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// The schema of the file, for editors.
#[must_use]
pub fn schema() -> String {
    let properties: serde_json::Map<_, _> = KEYS
        .iter()
        .map(|key| {
            let mut schema = (key.schema)();
            schema["description"] = key.help.into();
            (key.name.to_owned(), schema)
        })
        .collect();
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/schema/ecslint.schema.json"),
        "title": format!("{FILE_NAME}: the configuration of ecslint"),
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    });
    let text = serde_json::to_string_pretty(&schema).expect("internal error: plain data is always JSON");
    text + "\n"
}

impl Config {
    /// What these flags and that file say together: flags win, and ignore as well.
    #[must_use]
    pub fn over(self, file: Config) -> Config {
        let mut ignore = file.ignore;
        ignore.extend(self.ignore);
        Config {
            select: if self.select.is_empty() { file.select } else { self.select },
            ignore,
            fail_on: self.fail_on.or(file.fail_on),
            region: self.region.or(file.region),
            parameters: self.parameters.over(file.parameters),
            ..file
        }
    }

    /// What it means for a check; what holds for single files left out.
    #[must_use]
    pub fn options(&self) -> Options {
        let codes = |list: &[Said<Code>]| list.iter().map(|it| it.value.as_str().to_owned()).collect();
        let mut ignore: Vec<String> = codes(&self.ignore);
        if self.packaged.as_ref().is_some_and(|it| it.value) {
            ignore.push("ECS003".to_owned());
        }
        let severity = |(code, severity): (&Said<Code>, &Option<Said<_>>)| {
            Some((code.value.as_str().to_owned(), severity.as_ref()?.value))
        };
        let parameter = |(name, value): (&Said<Name>, &Option<Said<String>>)| {
            Some((name.value.as_str().to_owned(), value.as_ref()?.value.clone()))
        };
        Options {
            select: codes(&self.select),
            ignore,
            severities: self.severities.iter().filter_map(severity).collect(),
            region: self.region.as_ref().map(|it| it.value.as_str().to_owned()),
            parameters: self.parameters.iter().filter_map(parameter).collect(),
            budget: self.budget.as_ref().map(|it| it.value.0),
            house: House {
                ssh_networks: self.ssh_networks.iter().map(|it| it.value.0).collect(),
                instance_types: self.instance_types.iter().map(|it| it.value.as_str().to_owned()).collect(),
                required_tags: self.required_tags.iter().map(|it| it.value.as_str().to_owned()).collect(),
            },
            ..Options::default()
        }
    }

    /// Its lines as YAML: each key that is set, with who set it.
    #[must_use]
    pub fn show(&self) -> Vec<Line> {
        let mut res = Vec::new();
        for key in KEYS {
            match (key.show)(self).as_slice() {
                [] => {}
                [one] if one.depth == 0 => {
                    res.push(Line { text: format!("{}: {}", key.name, one.text), ..one.clone() });
                }
                many => {
                    res.push(Line { depth: 0, text: format!("{}:", key.name), by: None });
                    res.extend(many.iter().cloned());
                }
            }
        }
        res
    }
}

fn unknown(key: Node<'_>) -> Problem {
    let names = KEYS.iter().map(|it| it.name);
    let help = match near(key.text(), names.clone(), 1).first() {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Problem { span: key.span(), message: format!("unknown key `{}`; {help}", key.text()) }
}

fn problem(node: Node<'_>, message: impl Into<String>) -> Problem {
    Problem { span: node.span(), message: message.into() }
}

#[cfg(test)]
mod tests;
