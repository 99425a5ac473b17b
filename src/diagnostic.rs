//! What ecslint says about a template. Knows nothing of rules, terminals or file formats.
//!
//! A [`Finding`] is what a rule states, a [`Diagnostic`] is what the user gets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::text::Span;

/// How bad it is. The order is that of importance: an error is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It comes up, but costs money, opens a door, hides a failure or will break soon.
    Warning,
    /// Proved: the stack does not come up, or an instance does not join.
    Error,
}

/// Which conditions have to hold for a finding: a partial assignment, by name. Empty means always.
pub type Assumptions = BTreeMap<String, bool>;

/// The label of the place where words are used that came through a parameter or a mapping.
pub const USED_HERE: &str = "used here";

/// One thing found, as a rule states it. The engine adds code, severity and scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The very words that are wrong.
    pub span: Span,
    /// A fact: small first letter, no full stop, the user's names in backticks.
    pub message: String,
    /// The logical id it is about.
    pub resource: Option<String>,
    /// The other places that make it wrong.
    pub because: Vec<(Span, String)>,
    /// A command to the user.
    pub help: Option<String>,
    /// A change of the text that mends it.
    pub fix: Option<Fix>,
    /// When it is not the severity of the rule.
    pub severity: Option<Severity>,
}

impl Finding {
    /// A finding with the words that are wrong and the fact about them.
    #[must_use]
    pub fn at(span: Span, message: impl Into<String>) -> Finding {
        Finding {
            span,
            message: message.into(),
            resource: None,
            because: Vec::new(),
            help: None,
            fix: None,
            severity: None,
        }
    }

    /// Names the logical id it is about.
    #[must_use]
    pub fn on(mut self, resource: &str) -> Finding {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Adds a place that makes this a mistake.
    #[must_use]
    pub fn because(mut self, span: Span, label: impl Into<String>) -> Finding {
        self.because.push((span, label.into()));
        self
    }

    /// Adds a place, if there is one.
    #[must_use]
    pub fn because_at(self, span: Option<Span>, label: impl Into<String>) -> Finding {
        match span {
            Some(span) => self.because(span, label),
            None => self,
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    /// Offers a change of the text.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Finding {
        self.fix = fix;
        self
    }

    /// Sets another severity than the rule's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Finding {
        self.severity = Some(severity);
        self
    }
}

/// What a fix promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Shown, never applied: it might replace a resource or lose data.
    DisplayOnly,
    /// Changes what is deployed.
    Unsafe,
    /// Deploys the same stack, or mends one that AWS would refuse.
    Safe,
}

/// A change of the text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "signal `NodeGroup`".
    pub title: String,
    /// What it promises.
    pub safety: Safety,
    /// The edits, in order and without overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit.
    #[must_use]
    pub fn new(safety: Safety, title: impl Into<String>, edit: Edit) -> Fix {
        Fix::all(safety, title, vec![edit])
    }

    /// A fix of several edits, in order and without overlap.
    #[must_use]
    pub fn all(safety: Safety, title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety, edits }
    }
}

/// Replaces the bytes of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `span`.
    #[must_use]
    pub fn replace(span: Span, text: impl Into<String>) -> Edit {
        Edit { span, text: text.into() }
    }
}

/// Who states a finding: a rule, or a policy of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `ECS102`; of a policy a code of the project's own.
    pub code: Cow<'static, str>,
    /// `joins-other-cluster`.
    pub name: Cow<'static, str>,
    /// Unless a finding says otherwise.
    pub severity: Severity,
}

/// A finding with all that the engine adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `ECS102`; of a policy a code of the project's own.
    pub code: Cow<'static, str>,
    /// `joins-other-cluster`.
    pub name: Cow<'static, str>,
    /// The finding's own severity, else the rule's.
    pub severity: Severity,
    /// What the rule states.
    pub finding: Finding,
    /// `None` when it holds in every scenario; else any of these makes it true.
    pub scenarios: Option<Vec<Assumptions>>,
}
