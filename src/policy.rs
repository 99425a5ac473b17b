//! What a project wants of its templates beyond the rules: policies, read from text by [`crate::config`].
//!
//! A policy is asked like a rule, in each scenario, about each resource of its types or each fleet; so it knows the
//! three answers as well: a finding is proved, what only deployment can tell is none.

mod claim;
mod field;
mod path;
mod subject;
mod wording;

pub use claim::{Claim, Quantifier, Test};
pub use field::{FIELDS, Field, Kind};
pub use path::{MAX_SEGMENTS, Path, Segment};
pub use wording::{PLACEHOLDERS, Wording};

use crate::diagnostic::{Finding, Issuer, USED_HERE};
use crate::model::{Answer, Fleet, FleetReport, Word};
use crate::resolve::Scenario;
use crate::rule::Cx;
use crate::template::{Entry, Template};
use crate::text::{Span, TextMap, glob};
use subject::Subject;

/// A project has no more policies than this.
pub const MAX_POLICIES: usize = 500;

/// A regular expression takes no more bytes than this when it is compiled.
pub const MAX_REGEX_BYTES: usize = 1 << 20;

/// What a project wants.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its code, its name, how bad it is when it does not hold.
    pub issuer: Issuer,
    /// What it is about.
    pub about: About,
    /// What has to be proved for the policy to count.
    pub when: Vec<Claim>,
    /// What must hold.
    pub assert: Vec<Claim>,
    /// What is said when it does not.
    pub message: Wording,
    /// What to do then.
    pub help: Option<Wording>,
    /// Templates that show it.
    pub examples: Vec<Example>,
    /// Where its code stands in its file.
    pub span: Span,
}

/// What a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Resources of these types; `*` stands for anything.
    Resources(Vec<String>),
    /// Fleets of these kinds; `*` stands for anything.
    Fleets(Vec<String>),
}

/// A template that shows what a policy finds.
#[derive(Clone, Debug)]
pub struct Example {
    /// The template.
    pub text: String,
    /// The way from it to the file of the policy.
    pub map: TextMap,
    /// Where it stands there.
    pub span: Span,
    /// Whether nothing is to be found in it.
    pub is_good: bool,
}

/// Whether a text is a code of a policy, or how one begins: letters, then digits, and not `ECS`.
#[must_use]
pub fn is_code(text: &str, whole: bool) -> bool {
    let letters = text.trim_end_matches(|it: char| it.is_ascii_digit());
    let n_digits = text.len() - letters.len();
    !letters.is_empty()
        && letters.bytes().all(|it| it.is_ascii_uppercase())
        && letters.len() <= 16
        && n_digits <= 8
        && (n_digits > 0 || !whole)
        && !text.starts_with("ECS")
}

impl Policy {
    /// The resources that it is about, in the order of the text.
    pub fn resources<'a, 't>(&self, template: &'a Template<'t>) -> impl Iterator<Item = &'a Entry<'t>> {
        let globs = match &self.about {
            About::Resources(globs) => globs.as_slice(),
            About::Fleets(_) => &[],
        };
        let types = template.types().filter(|name| globs.iter().any(|it| glob(it, name)));
        let types: Vec<_> = types.collect();
        template.resources_of(&types)
    }

    /// Whether it is about a fleet.
    #[must_use]
    pub fn is_about(&self, fleet: &Fleet<'_>) -> bool {
        match &self.about {
            About::Resources(_) => false,
            About::Fleets(globs) => globs.iter().any(|it| glob(it, fleet.kind.word())),
        }
    }

    /// Asks about a resource that is there.
    pub fn check_resource<'t>(&self, cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, resource: &Entry<'t>) {
        self.check(cx, scenario, resource, None);
    }

    /// Asks about a fleet that is there, and of which this is known in the scenario.
    pub fn check_fleet<'t>(
        &self,
        cx: &mut Cx<'_, 't>,
        scenario: &Scenario<'_, 't>,
        fleet: &Fleet<'t>,
        report: &FleetReport,
    ) {
        self.check(cx, scenario, &fleet.resource, Some((fleet, report)));
    }

    fn check<'t>(
        &self,
        cx: &mut Cx<'_, 't>,
        scenario: &Scenario<'_, 't>,
        resource: &Entry<'t>,
        fleet: Option<(&Fleet<'t>, &FleetReport)>,
    ) {
        let subject = Subject { facts: cx.facts(), scenario, resource, fleet };
        let proved = |it: &Claim| it.answer(&subject.look(&it.path)) == Answer::Yes;
        if !self.when.iter().all(proved) {
            return;
        }
        for claim in &self.assert {
            let seen = subject.look(&claim.path);
            for breach in claim.breaches(&seen) {
                cx.report_with(|| {
                    let words = |it: &Wording| it.fill(&subject, &claim.path, &breach.value);
                    let mut finding = Finding::at(breach.place.span, words(&self.message));
                    finding.help = self.help.as_ref().map(words);
                    finding.because_at(breach.place.used, USED_HERE).on(subject.id())
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_letters_and_digits() {
        for (text, whole, expected) in [
            ("ORG001", true, true),
            ("A1", true, true),
            ("ORG", true, false),
            ("ORG", false, true),
            ("001", false, false),
            ("ECS999", true, false),
            ("ECSX1", true, false),
            ("EC1", true, true),
            ("org1", true, false),
            ("O-1", true, false),
            ("", false, false),
        ] {
            assert_eq!(is_code(text, whole), expected, "{text}");
        }
    }
}
