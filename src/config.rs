//! `.ecslint.yaml`: what a project says once for all its templates.
//!
//! Invariants: the file is text like any template, each problem has the words that are wrong; a file with a problem is
//! not used at all. A key is one row of `KEYS`.

pub mod baseline;

use crate::catalog::regions;
use crate::syntax::{self, Kind, Node};
use crate::text::{Span, near};

/// The name of the file.
pub const FILE_NAME: &str = ".ecslint.yaml";

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// What a configuration says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Where the stacks are deployed.
    pub region: Option<String>,
    /// What the instances of a template may cost, in US dollars a month.
    pub budget: Option<f64>,
}

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The words that are wrong.
    pub span: Span,
    /// What is wrong with them.
    pub message: String,
}

/// A key, and how its value is read: the words say what it has to be.
struct Key {
    name: &'static str,
    read: fn(&mut Config, Node<'_>) -> Result<(), &'static str>,
}

const KEYS: &[Key] = &[Key { name: "budget", read: budget }, Key { name: "region", read: region }];

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
            let mut seen: Vec<&str> = Vec::new();
            for (key, value) in root.entries() {
                let known = KEYS.iter().find(|it| it.name == key.text());
                let twice = seen.contains(&key.text());
                seen.push(key.text());
                match known {
                    Some(_) if twice => problems.push(problem(key, "this key stands twice")),
                    Some(known) => match (known.read)(&mut config, value) {
                        Ok(()) => {}
                        Err(wanted) => {
                            let message = format!("`{}` has to be {wanted}", known.name);
                            problems.push(Problem { span: value.span(), message });
                        }
                    },
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

fn unknown(key: Node<'_>) -> Problem {
    let names = KEYS.iter().map(|it| it.name);
    let help = match near(key.text(), names.clone(), 1).first() {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Problem { span: key.span(), message: format!("unknown key `{}`; {help}", key.text()) }
}

fn problem(node: Node<'_>, message: &str) -> Problem {
    Problem { span: node.span(), message: message.to_owned() }
}

fn region(config: &mut Config, value: Node<'_>) -> Result<(), &'static str> {
    let is_one = value.kind() == Kind::Scalar && regions::has_form(value.text());
    config.region = Some(value.text().to_owned());
    is_one.then_some(()).ok_or("a region, written like `us-east-1`")
}

fn budget(config: &mut Config, value: Node<'_>) -> Result<(), &'static str> {
    let number = value.text().parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0);
    config.budget = number.filter(|_| value.kind() == Kind::Scalar);
    config.budget.map(drop).ok_or("a number: US dollars a month")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, region: Option<&str>, budget: Option<f64>) {
        assert_eq!(parse(text), Ok(Config { region: region.map(str::to_owned), budget }), "{text}");
    }

    #[track_caller]
    fn check_problem(text: &str, words: &str, message: &str) {
        let problems = parse(text).expect_err(text);
        let told: Vec<_> = problems.iter().map(|it| (it.span.slice(text), it.message.as_str())).collect();
        assert_eq!(told, [(words, message)], "{text}");
    }

    #[test]
    fn what_can_be_said() {
        check("", None, None);
        check("# nothing\n", None, None);
        check("---\n", None, None);
        check("region: eu-west-1\nbudget: 99.5\n", Some("eu-west-1"), Some(99.5));
        check("{\"budget\": \"100\"}", None, Some(100.0));
    }

    #[test]
    fn what_is_wrong_has_its_words() {
        check_problem("regoin: eu-west-1\n", "regoin", "unknown key `regoin`; did you mean `region`?");
        check_problem("colour: red\n", "colour", "unknown key `colour`; there are: budget, region");
        check_problem("budget: much\n", "much", "`budget` has to be a number: US dollars a month");
        check_problem("budget: -1\n", "-1", "`budget` has to be a number: US dollars a month");
        check_problem("budget: .inf\n", ".inf", "`budget` has to be a number: US dollars a month");
        check_problem("region: [a]\n", "[a]", "`region` has to be a region, written like `us-east-1`");
        check_problem("region: here\n", "here", "`region` has to be a region, written like `us-east-1`");
        check_problem("- region\n", "- region", "a configuration is a mapping: `KEY: VALUE`");
        assert!(parse("region: [\n").is_err());
        assert!(parse("budget: 1\nbudget: 2\n").is_err());
        assert!(parse("budget: 1\n---\nbudget: 2\n").is_err());
    }
}
