//! Statements, and the policy that they are.

use serde::Serialize;
use serde_json::Value;

use crate::text::glob;

/// A policy of statements that allow.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: String,
    effect: &'static str,
    action: Vec<String>,
    resource: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { version: "2012-10-17", statement: Vec::new() }
    }
}

impl Policy {
    /// Adds a statement; none where there is nothing to do, or nothing to do it to.
    pub(super) fn allow<A: Into<String>, R: Into<String>>(
        &mut self,
        sid: &str,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
        condition: Option<Value>,
    ) {
        let action: Vec<String> = actions.into_iter().map(Into::into).collect();
        let mut resource: Vec<String> = resources.into_iter().map(Into::into).collect();
        resource.sort();
        resource.dedup();
        if !action.is_empty() && !resource.is_empty() {
            self.statement.push(Statement {
                sid: sid.to_owned(),
                effect: "Allow",
                action,
                resource,
                condition,
            });
        }
    }

    /// The policy as JSON, and how many characters of it IAM counts.
    pub(super) fn finish(mut self) -> (String, usize) {
        self.drop_repeated();
        let text = serde_json::to_string_pretty(&self).expect("internal error: a policy is JSON");
        let characters = text.chars().filter(|it| !it.is_whitespace()).count();
        (text + "\n", characters)
    }

    /// Drops what another statement allows on everything.
    fn drop_repeated(&mut self) {
        let mut everywhere = Vec::new();
        for (idx, statement) in self.statement.iter().enumerate() {
            if statement.resource == ["*"] && statement.condition.is_none() {
                everywhere.extend(statement.action.iter().map(|it| (idx, it.clone())));
            }
        }
        for (idx, statement) in self.statement.iter_mut().enumerate() {
            statement.action.retain(|action| {
                // Of two that are the same the first stays.
                let allows = |(other, it): &(usize, String)| {
                    if it == action { *other < idx } else { glob(it, action) }
                };
                !everywhere.iter().any(allows)
            });
        }
        self.statement.retain(|it| !it.action.is_empty());
    }
}

/// A service or a type of resources as part of a `Sid`, which has letters and digits only: `vpc-lattice` is
/// `VpcLattice`.
pub(super) fn sid(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |it| it.to_ascii_uppercase().to_string() + chars.as_str())
    };
    name.split(|it: char| !it.is_ascii_alphanumeric()).map(capital).collect()
}
