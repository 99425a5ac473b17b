//! `.ecslint.yaml`: what a project says once for all its templates.
//!
//! Invariants: the file is text like any template, each problem has the words that are wrong; a file with a problem is
//! not used at all; every value knows who said it.

pub mod baseline;
mod keys;
pub mod policies;
mod read;
mod values;

use crate::lint::{self, Options};
use crate::rule::House;
use crate::syntax::{self, Kind, Node};
use crate::text::Span;
use keys::{Key, Keyed, keys};

pub use policies::Policies;
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
    /// What the project wants of its own.
    pub policies: Policies,
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

impl Keyed for Config {
    const WHAT: &'static str = "a configuration";
    const KEYS: &'static [Key<Config>] = keys! { Config;
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
        "policies" policies: "What the project wants of its own: policies, and files or folders with policies.",
    };
}

/// Reads a configuration. An empty one says nothing. What [`Config::unknown_codes`] finds is wrong as well, when the
/// files with policies have been read.
///
/// # Errors
/// All problems, in the order of the text.
pub fn parse(text: &str) -> Result<Config, Vec<Problem>> {
    let mut config = Config::default();
    document(text, |root, problems| config.read("", root, problems))?;
    Ok(config)
}

/// Reads the one document of a text with `read`; an empty one is not read.
fn document(text: &str, read: impl FnOnce(Node<'_>, &mut Vec<Problem>)) -> Result<(), Vec<Problem>> {
    let parse = syntax::parse(text);
    let mut problems: Vec<_> =
        parse.problems.iter().map(|it| Problem { span: it.span, message: it.message.clone() }).collect();
    let mut roots = parse.tree.roots();
    let root = roots.next().filter(|it| it.kind() != Kind::Scalar || !it.text().is_empty());
    if let Some(second) = roots.next() {
        problems.push(problem(second, "a configuration is one document"));
    }
    if let Some(root) = root {
        read(root, &mut problems);
    }
    problems.sort_by_key(|it| it.span.start);
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The schema of the file, for editors.
#[must_use]
pub fn schema() -> String {
    let mut schema = Config::schema();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["$id"] = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/schema/ecslint.schema.json").into();
    schema["title"] = format!("{FILE_NAME}: the configuration of ecslint").into();
    schema["type"] = serde_json::json!(["object", "null"]);
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
            policies: self.policies.all().into(),
            ..Options::default()
        }
    }

    /// The codes in it that no rule and no policy has, with who said each and what to tell.
    #[must_use]
    pub fn unknown_codes(&self) -> Vec<(By, String)> {
        let per_file = self.per_file_ignores.iter().flat_map(|it| it.1);
        let severities = self.severities.iter().map(|it| it.0);
        let all = self.select.iter().chain(&self.ignore).chain(per_file).chain(severities);
        let known = || lint::codes(self.policies.all());
        let unknown = all.filter(|it| !known().any(|code| code.starts_with(it.value.as_str())));
        unknown.map(|it| (it.by, values::no_rule(it.value.as_str(), known()))).collect()
    }

    /// Its lines as YAML: each key that is set, with who set it.
    #[must_use]
    pub fn show(&self) -> Vec<Line> {
        Setting::show(self)
    }
}

fn problem(node: Node<'_>, message: impl Into<String>) -> Problem {
    Problem { span: node.span(), message: message.into() }
}

#[cfg(test)]
mod tests;
