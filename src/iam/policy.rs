//! Statements of policies, in the form in which they are asked.

use crate::resolve::SYMBOL;
use crate::text::{Span, glob};

/// Words of a policy: an action, a resource, a service. A symbol stands as [`SYMBOL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Where it is written; `None` in policies of AWS.
    pub span: Option<Span>,
}

/// `Allow` or `Deny`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// Which actions a statement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actions {
    /// `Action`
    Only(Vec<Words>),
    /// `NotAction`
    AllBut(Vec<Words>),
    /// Only deployment can tell.
    Unknown,
}

/// Which resources a statement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resources {
    /// `Resource`
    Only(Vec<Words>),
    /// `NotResource`, or only deployment can tell.
    Unknown,
}

/// One statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub effect: Effect,
    /// Which actions.
    pub actions: Actions,
    /// Which resources.
    pub resources: Resources,
    /// The services under `Principal`, in trust policies.
    pub services: Vec<Words>,
    /// Principals beside services, or such that only deployment can tell.
    pub other_principals: bool,
    /// It has a `Condition`: it works sometimes.
    pub conditional: bool,
    /// Where the statement stands.
    pub span: Option<Span>,
}

/// Whether something holds; `None` when only deployment can tell.
pub(super) type Perhaps = Option<bool>;

/// One that holds decides, else one that is not known.
pub(super) fn any(answers: impl Iterator<Item = Perhaps>) -> Perhaps {
    let mut res = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => res = None,
        }
    }
    res
}

impl Words {
    /// Whether a pattern with `*` and `?` takes in `text`. Upper and lower case are the same (Action element in the
    /// IAM user guide).
    pub(super) fn matches(&self, text: &str) -> Perhaps {
        if !self.text.contains(SYMBOL) {
            return Some(matches(&self.text, text));
        }
        // Whatever the symbol is, it cannot bring in what stands fast beside it.
        let fits = matches(&self.text.replace(SYMBOL, "*"), text);
        if fits { None } else { Some(false) }
    }
}

/// Matches without looking at the case.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    glob(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_does_not_matter() {
        assert!(matches("ECS:poll", "ecs:Poll"));
        assert!(matches("ecs:p?ll*", "ecs:Poll"));
        assert!(!matches("ecs:Submit*", "ecs:Poll"));
    }

    #[test]
    fn a_symbol_may_be_anything() {
        let words = |text: &str| Words { text: text.to_owned(), span: None };
        assert_eq!(words(&format!("{SYMBOL}:Poll")).matches("ecs:Poll"), None);
        assert_eq!(words(&format!("ecs:{SYMBOL}")).matches("logs:PutLogEvents"), Some(false));
    }
}
