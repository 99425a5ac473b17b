//! Policies as they are written: read like the rest of a configuration, and made into what the engine asks.

mod compile;
mod values;
mod written;

use serde_json::json;

use super::read::{Line, Setting, one, yaml};
use super::{By, Name, Problem, Said, document, problem};
use crate::policy::{MAX_POLICIES, Policy};
use crate::syntax::{Kind, Node};
use written::Written;

/// The policies of a configuration: such as stand in it, and the files and folders that have others.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    entries: Vec<Entry>,
    own: Vec<Policy>,
    files: Vec<Said<Name>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Entry {
    File(Said<Name>),
    Policy(Box<Written>),
}

impl PartialEq for Policies {
    fn eq(&self, other: &Policies) -> bool {
        self.entries == other.entries
    }
}

impl Policies {
    /// Those that stand here, and those that were adopted.
    #[must_use]
    pub fn all(&self) -> &[Policy] {
        &self.own
    }

    /// The files and folders that have others.
    #[must_use]
    pub fn files(&self) -> &[Said<Name>] {
        &self.files
    }

    /// Adds those of a file. A code stands for one policy only, and there are not too many of them.
    ///
    /// # Errors
    /// Problems of that file.
    pub fn adopt(&mut self, policies: &[Policy]) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for policy in policies {
            problems.extend(self.add(policy.clone()));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn add(&mut self, policy: Policy) -> Option<Problem> {
        let code = &policy.issuer.code;
        let message = if self.own.len() >= MAX_POLICIES {
            format!("there are more than {MAX_POLICIES} policies")
        } else if self.own.iter().any(|it| it.issuer.code == *code) {
            format!("another policy has the code `{code}`")
        } else {
            self.own.push(policy);
            return None;
        };
        Some(Problem { span: policy.span, message })
    }
}

/// Reads a file with policies: a list of them, also under the key `policies`.
///
/// # Errors
/// All problems, in the order of the text.
pub fn parse(text: &str) -> Result<Vec<Policy>, Vec<Problem>> {
    let mut policies = Policies::default();
    document(text, |root, problems| {
        let list = if root.kind() == Kind::Mapping { root.get("policies") } else { Some(root) };
        for (key, _) in root.entries().filter(|(key, _)| key.text() != "policies") {
            let message = format!("unknown key `{}`; a file with policies has `policies`", key.text());
            problems.push(problem(key, message));
        }
        if let Some(list) = list {
            policies.read("policies", list, problems);
        }
        for file in &policies.files {
            let By::Text(span) = file.by else { continue };
            let message = "a path to policies stands in a configuration only".to_owned();
            problems.push(Problem { span, message });
        }
    })?;
    Ok(policies.own)
}

impl Setting for Policies {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() != Kind::Sequence {
            let message =
                format!("`{key}` has to be a list, each a policy, or a file or folder with policies");
            problems.push(problem(node, message));
        }
        for item in node.items() {
            if item.kind() == Kind::Scalar {
                if let Some(path) = one::<Name>(key, item, problems) {
                    self.files.push(path.clone());
                    self.entries.push(Entry::File(path));
                }
                continue;
            }
            let mut written = Written::default();
            let before = problems.len();
            written.read(key, item, problems);
            // What is not read is not missing.
            if problems.len() == before
                && let Some(policy) = compile::policy(&written, item, problems)
            {
                problems.extend(self.add(policy));
            }
            self.entries.push(Entry::Policy(Box::new(written)));
        }
    }

    fn schema() -> serde_json::Value {
        let mut policy = Written::schema();
        policy["required"] = json!(["code", "message", "assert"]);
        json!({"type": "array", "items": {"anyOf": [{"type": "string", "minLength": 1}, policy]}})
    }

    fn show(&self) -> Vec<Line> {
        let lines = |it: &Entry| match it {
            Entry::File(path) => {
                vec![Line { depth: 1, text: format!("- {}", yaml(&path.value)), by: Some(path.by) }]
            }
            Entry::Policy(written) => item(written.show()),
        };
        self.entries.iter().flat_map(lines).collect()
    }
}

/// The lines of a mapping as those of an item of a list.
fn item(lines: Vec<Line>) -> Vec<Line> {
    let as_item = |(idx, line): (usize, Line)| match idx {
        0 => Line { depth: 1, text: format!("- {}", line.text), ..line },
        _ => Line { depth: line.depth + 2, ..line },
    };
    lines.into_iter().enumerate().map(as_item).collect()
}
