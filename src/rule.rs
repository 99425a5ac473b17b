//! What a rule is, and what a rule may ask.
//!
//! A rule is a function, not an object: the engine owns the loops over fleets and scenarios, the code and the
//! severity, so a rule cannot get them wrong.

mod access;
mod facts;
mod house;
mod purpose;

pub use access::Roles;
pub use facts::Facts;
pub use house::House;

use crate::boot::{Boot, Joining, Signalling};
use std::borrow::Cow;

use crate::diagnostic::{Finding, Issuer, Safety, Severity};
use crate::model::{Fleet, Image, Source};
use crate::resolve::Scenario;
use crate::syntax::{Node, Parse};
use crate::template::Template;

/// A rule: what it is called, what it promises, and the function that checks it.
#[derive(Debug)]
pub struct Rule {
    /// `ECS102`; for ever.
    pub code: &'static str,
    /// The mistake in two or three words: `joins-other-cluster`.
    pub name: &'static str,
    /// Unless a finding says otherwise.
    pub severity: Severity,
    /// One line for lists of rules.
    pub summary: &'static str,
    /// The page under `rules/`, whose examples are the rule's tests.
    pub page: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// The strongest fix it may attach.
    pub fix: Option<Safety>,
    /// How often it is called, and with what.
    pub check: Check,
}

impl Rule {
    /// The rule as who states its findings.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer { code: Cow::Borrowed(self.code), name: Cow::Borrowed(self.name), severity: self.severity }
    }
}

/// How often a rule is called, and with what.
#[derive(Clone, Copy)]
pub enum Check {
    /// Once, on the text; also when a syntax error cut the tree short.
    Text(fn(&mut TextCx<'_, '_>)),
    /// Once, on the template as it is written.
    Template(fn(&mut Cx<'_, '_>)),
    /// Once for each scenario.
    Scenario(for<'t> fn(&mut Cx<'_, 't>, &Scenario<'_, 't>)),
    /// Once for each fleet that is meant for a cluster, in each scenario in which it exists.
    Fleet(for<'t> fn(&mut Cx<'_, 't>, &Scenario<'_, 't>, &Fleet<'t>)),
    /// Once for each boot of such a fleet: for each of its launch sources.
    Boot(for<'t> fn(&mut Cx<'_, 't>, &Booted<'_, '_, 't>)),
    /// Like `Fleet`, for all fleets.
    AnyFleet(for<'t> fn(&mut Cx<'_, 't>, &Scenario<'_, 't>, &Fleet<'t>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Check::Text(_) => "Text",
            Check::Template(_) => "Template",
            Check::Scenario(_) => "Scenario",
            Check::Fleet(_) => "Fleet",
            Check::Boot(_) => "Boot",
            Check::AnyFleet(_) => "AnyFleet",
        })
    }
}

/// One boot of a fleet: what it is started from, what it does, and what follows.
#[derive(Clone, Copy)]
pub struct Booted<'s, 'w, 't> {
    /// The scenario.
    pub scenario: &'s Scenario<'w, 't>,
    /// The fleet.
    pub fleet: &'s Fleet<'t>,
    /// What it is started from.
    pub source: &'s Source<'t>,
    /// What the image is.
    pub image: Image,
    /// What user data and metadata do.
    pub boot: &'s Boot<'t>,
    /// Whether the instance joins.
    pub joining: &'s Joining<'t>,
    /// Whether what waits is told.
    pub signalling: &'s Signalling<'t>,
}

/// No more findings of one rule on one file than this are told; of the others, their number.
pub const MAX_FINDINGS: usize = 200;

/// What a rule has found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The first [`MAX_FINDINGS`] of them.
    pub(crate) told: Vec<Finding>,
    /// How many more there were.
    pub(crate) n_more: usize,
}

impl Findings {
    fn add(&mut self, finding: impl FnOnce() -> Finding) {
        if self.told.len() < MAX_FINDINGS {
            self.told.push(finding());
        } else {
            self.n_more += 1;
        }
    }
}

/// What a rule on the text may ask, and the one way to answer.
pub struct TextCx<'a, 't> {
    parse: &'a Parse<'t>,
    findings: Findings,
}

/// What a rule may ask, and the one way to answer.
pub struct Cx<'a, 't> {
    facts: &'a Facts<'a, 't>,
    findings: Findings,
}

impl<'a, 't> TextCx<'a, 't> {
    pub(crate) fn new(parse: &'a Parse<'t>) -> TextCx<'a, 't> {
        TextCx { parse, findings: Findings::default() }
    }

    /// The tree and what was wrong with the text. Outlives the borrow of `self`.
    #[must_use]
    pub fn parse(&self) -> &'a Parse<'t> {
        self.parse
    }

    /// The document that is checked: the first that is a template, or what a syntax error left of it.
    #[must_use]
    pub fn template_root(&self) -> Option<Node<'a>> {
        let tree = &self.parse.tree;
        tree.roots().find(|it| Template::is_one(*it)).or_else(|| tree.roots().next())
    }

    /// States a finding.
    pub fn report(&mut self, finding: Finding) {
        self.findings.add(|| finding);
    }

    /// States a finding that is made only when it is told: for rules whose findings are dear.
    pub fn report_with(&mut self, finding: impl FnOnce() -> Finding) {
        self.findings.add(finding);
    }

    pub(crate) fn into_findings(self) -> Findings {
        self.findings
    }
}

impl<'a, 't> Cx<'a, 't> {
    pub(crate) fn new(facts: &'a Facts<'a, 't>) -> Cx<'a, 't> {
        Cx { facts, findings: Findings::default() }
    }

    /// All that is known of the template. Outlives the borrow of `self`, so that a rule can hold on to it while it
    /// reports.
    #[must_use]
    pub fn facts(&self) -> &'a Facts<'a, 't> {
        self.facts
    }

    /// States a finding.
    pub fn report(&mut self, finding: Finding) {
        self.findings.add(|| finding);
    }

    /// States a finding that is made only when it is told: for rules whose findings are dear.
    pub fn report_with(&mut self, finding: impl FnOnce() -> Finding) {
        self.findings.add(finding);
    }

    /// States some findings.
    pub fn report_all(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|it| self.report(it));
    }

    pub(crate) fn into_findings(self) -> Findings {
        self.findings
    }
}
