//! Text to tree: YAML and JSON into one shape, in which every key and value knows its bytes.
//!
//! Invariants: [`parse`] never fails as a whole, it returns what it has and the problems; nothing here knows
//! CloudFormation; an alias is a leaf and never followed, so no tree is larger than its text.

mod build;
mod edit;
mod explain;
mod find;
mod json;
mod lines;
mod meaning;
mod scalar;
mod scan;
mod tree;
mod yaml;

pub use meaning::{Meaning, meaning};
pub use tree::{Kind, Node, Style, Tag, Tree};

use crate::text::Span;

/// Deeper templates are refused: every walk of a tree may then recurse.
pub const MAX_DEPTH: usize = 250;

/// Templates of more keys, values and lists are refused. A template of 1 MB, the most that CloudFormation takes, has
/// at most half a million.
pub const MAX_NODES: usize = 2_000_000;

/// The tree of a file and what was wrong with its text.
#[derive(Debug, PartialEq)]
pub struct Parse<'s> {
    /// All documents of the file, as far as they could be read.
    pub tree: Tree<'s>,
    /// What was wrong, in the order of the text. Only the last one can be a [`ProblemKind::Syntax`].
    pub problems: Vec<Problem>,
}

impl Parse<'_> {
    /// Whether a syntax error cut the tree short: then what is missing proves nothing.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.problems.iter().any(|it| it.kind == ProblemKind::Syntax)
    }
}

/// Something wrong with the text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// The fact, in the words of a finding.
    pub message: String,
    /// What to do, as a command.
    pub help: Option<String>,
    /// The other place that makes it wrong: where the bracket was opened, the first of two tags.
    pub because: Option<(Span, String)>,
}

impl Problem {
    /// The error that reading ended with.
    fn syntax(span: Span, message: impl Into<String>) -> Problem {
        Problem { kind: ProblemKind::Syntax, span, message: message.into(), help: None, because: None }
    }

    fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    fn because(mut self, span: Span, label: impl Into<String>) -> Problem {
        self.because = Some((span, label.into()));
        self
    }
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text ends here for the parser: a syntax error, or nested too deep.
    Syntax,
    /// Two tags on one node (`!Base64 !Sub`); the tree has the value with the first tag only.
    TwoTags,
}

/// Reads `source` as JSON when its first character is a bracket, else as YAML. JSON that fails is tried as YAML, since
/// brackets are legal there and CloudFormation takes both.
#[must_use]
pub fn parse(source: &str) -> Parse<'_> {
    let start = source.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with(['{', '[']) {
        return parse_yaml(source);
    }
    let (tree, problem) = json::parse(source, true);
    let problems: Vec<_> = problem.into_iter().collect();
    // Too many nodes are too many for the other reader as well.
    if problems.is_empty() || tree.is_full() {
        return Parse { tree, problems };
    }
    drop(tree);
    parse_near_json(source, start)
}

/// Reads `source` as YAML.
fn parse_yaml(source: &str) -> Parse<'_> {
    parse_common_yaml(source).unwrap_or_else(|| parse_any_yaml(source))
}

/// The fast half of reading YAML: the common forms, `None` for anything else. For those who compare it with
/// [`parse_any_yaml`]; the two never differ.
#[must_use]
pub fn parse_common_yaml(source: &str) -> Option<Parse<'_>> {
    scan::scan(source)
}

/// The slow half of reading YAML, which knows all of it.
#[must_use]
pub fn parse_any_yaml(source: &str) -> Parse<'_> {
    yaml::parse(source)
}

/// Reads what starts with a bracket and is no JSON. Where it is no YAML either, the first key tells which of the two
/// it was meant to be.
fn parse_near_json<'s>(source: &'s str, start: &str) -> Parse<'s> {
    let res = parse_yaml(source);
    let content = start.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '{' | '['));
    let is_json = content.starts_with('"');
    if is_json
        && res.is_cut()
        && let (tree, Some(problem)) = json::parse(source, false)
    {
        return Parse { tree, problems: vec![problem] };
    }
    res
}
