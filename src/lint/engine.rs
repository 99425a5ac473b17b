//! Runs the rules: the loops over fleets and scenarios, and a net under each rule.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Options;
use super::merge::merge;
use super::suppress::Sieve;
use super::verdicts;
use crate::diagnostic::{Assumptions, Diagnostic, Finding, Issuer};
use crate::model::{Answer, Fleet};
use crate::policy::Policy;
use crate::resolve::{Explored, Scenario, explore};
use crate::rule::{Booted, Check, Cx, Facts, Findings, MAX_FINDINGS, Rule, TextCx};
use crate::rules::{self, RULES};
use crate::syntax::Parse;
use crate::text::Span;

/// What the rules found, and what the user should know besides.
pub(super) struct Found {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) notes: Vec<String>,
    pub(super) sieve: Sieve,
    /// A bound was reached, so more may be wrong than was found.
    is_bounded: bool,
    /// The conditions can stand in more ways than were looked at.
    has_more_scenarios: bool,
}

/// Runs the rules on the text.
pub(super) fn check_text(parse: &Parse<'_>, options: &Options, res: &mut Found) {
    for rule in RULES.iter().filter(|it| options.runs(it.code)) {
        let Check::Text(check) = rule.check else { continue };
        let issuer = rule.issuer();
        res.guarded(&issuer, |sieve| {
            let mut cx = TextCx::new(parse);
            check(&mut cx);
            Stated::all(&issuer, cx.into_findings(), sieve)
        });
    }
}

/// What is wrong with what the template says not to tell. Where not all was looked for, nothing is proved to ignore
/// nothing.
pub(super) fn check_suppressions(options: &Options, is_cut: bool, res: &mut Found) {
    let stated = |code, findings: Vec<Finding>| {
        let rule = rules::find(code).expect("internal error: it is a rule");
        let findings = if options.runs(rule.code) { findings } else { Vec::new() };
        findings.into_iter().map(|it| diagnostic(&rule.issuer(), it, None))
    };
    let whole = !is_cut && !res.is_bounded && !res.diagnostics.iter().any(|it| it.code == "ECS000");
    let suppressions = res.sieve.suppressions();
    let malformed = stated("ECS018", suppressions.malformed());
    let unused = suppressions.unused(|code| whole && options.looks_for_all(code));
    res.diagnostics.extend(malformed.chain(stated("ECS019", unused)));
}

/// Runs the rules on the template.
pub(super) fn check_template(facts: &Facts<'_, '_>, options: &Options, res: &mut Found) {
    for rule in RULES.iter().filter(|it| options.runs(it.code)) {
        let mut has_more = false;
        res.guarded(&rule.issuer(), |sieve| check_one(rule, facts, sieve, &mut has_more));
        res.has_more_scenarios |= has_more;
    }
}

/// Asks the policies.
pub(super) fn check_policies(facts: &Facts<'_, '_>, options: &Options, res: &mut Found) {
    for policy in options.policies.iter().filter(|it| options.runs(&it.issuer.code)) {
        let mut has_more = false;
        res.guarded(&policy.issuer, |sieve| check_policy(policy, facts, sieve, &mut has_more));
        res.has_more_scenarios |= has_more;
    }
}

/// Says which bounds were reached.
pub(super) fn note_bounds(facts: &Facts<'_, '_>, res: &mut Found) {
    res.is_bounded |= res.has_more_scenarios || facts.world.is_spent() || facts.model.n_left_out > 0;
    if facts.world.is_spent() {
        res.notes.push("the template is too much work: some answers are unknown".to_owned());
    } else if res.has_more_scenarios {
        res.notes.push("the conditions can stand in too many ways: some answers are unknown".to_owned());
    }
    let n_fleets = facts.model.fleets.len();
    if facts.model.n_left_out > 0 {
        let n_all = n_fleets + facts.model.n_left_out;
        res.notes.push(format!(
            "only the first {n_fleets} of {n_all} resources that start instances were checked"
        ));
    }
}

fn check_one(rule: &'static Rule, facts: &Facts<'_, '_>, sieve: &mut Sieve, bounded: &mut bool) -> Stated {
    let issuer = rule.issuer();
    let mut res = Stated::default();
    let mut add = |explored| res.add_all(&issuer, facts, explored, sieve, bounded);
    match rule.check {
        Check::Text(_) => {}
        Check::Template(check) => {
            let mut cx = Cx::new(facts);
            check(&mut cx);
            return Stated::all(&issuer, cx.into_findings(), sieve);
        }
        Check::Scenario(check) => add(explore(facts.world, |scenario| {
            let mut cx = Cx::new(facts);
            check(&mut cx, scenario);
            cx.into_findings()
        })),
        // Fleets that share a launch source share its findings.
        Check::Fleet(_) | Check::AnyFleet(_) | Check::Boot(_) => {
            let only_ecs = !matches!(rule.check, Check::AnyFleet(_));
            for fleet in facts.model.fleets.iter().take_while(|_| !facts.world.is_spent()) {
                add(explore(facts.world, |scenario| {
                    let there = scenario.exists(&fleet.resource) == Some(true);
                    if !there || (only_ecs && facts.meant_for_cluster(scenario, fleet) == Answer::No) {
                        return Findings::default();
                    }
                    let mut cx = Cx::new(facts);
                    match rule.check {
                        Check::Fleet(check) | Check::AnyFleet(check) => check(&mut cx, scenario, fleet),
                        Check::Boot(check) => check_boots(check, &mut cx, scenario, fleet),
                        Check::Text(_) | Check::Template(_) | Check::Scenario(_) => {}
                    }
                    let mut res = cx.into_findings();
                    for finding in &mut res.told {
                        finding.resource.get_or_insert_with(|| fleet.id().to_owned());
                    }
                    res
                }));
            }
        }
    }
    res
}

/// Asks a policy about all that it is about.
fn check_policy(policy: &Policy, facts: &Facts<'_, '_>, sieve: &mut Sieve, bounded: &mut bool) -> Stated {
    let mut res = Stated::default();
    let mut add = |explored| res.add_all(&policy.issuer, facts, explored, sieve, bounded);
    for resource in policy.resources(facts.template()).take_while(|_| !facts.world.is_spent()) {
        add(explore(facts.world, |scenario| {
            let mut cx = Cx::new(facts);
            if scenario.exists(resource) == Some(true) {
                policy.check_resource(&mut cx, scenario, resource);
            }
            cx.into_findings()
        }));
    }
    let fleets = facts.model.fleets.iter().filter(|it| policy.is_about(it));
    for fleet in fleets.take_while(|_| !facts.world.is_spent()) {
        add(explore(facts.world, |scenario| {
            let mut cx = Cx::new(facts);
            if scenario.exists(&fleet.resource) == Some(true) {
                let report = verdicts::in_scenario(facts, scenario, fleet);
                policy.check_fleet(&mut cx, scenario, fleet, &report);
            }
            cx.into_findings()
        }));
    }
    res
}

/// Asks a rule about each boot of a fleet.
fn check_boots<'t>(
    check: fn(&mut Cx<'_, 't>, &Booted<'_, '_, 't>),
    cx: &mut Cx<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
) {
    let facts = cx.facts();
    let (launch, boots) = (facts.launch(scenario, fleet), facts.boots(scenario, fleet));
    let (joining, signalling) = (facts.joining(scenario, fleet), facts.signalling(scenario, fleet));
    let verdicts = joining.iter().zip(signalling.iter());
    for ((source, (boot, image)), (joining, signalling)) in
        launch.sources.iter().zip(boots.iter()).zip(verdicts)
    {
        check(cx, &Booted { scenario, fleet, source, image: *image, boot, joining, signalling });
    }
}

/// What one rule states: the same statement about the same words is made once, under all its scenarios.
#[derive(Default)]
struct Stated {
    /// The first [`MAX_FINDINGS`] of them.
    told: Vec<Diagnostic>,
    n_more: usize,
    /// What was stated where, as an index into `told`.
    places: HashMap<(Span, String), Option<usize>>,
}

impl Stated {
    /// All that was found, as it is.
    fn all(issuer: &Issuer, findings: Findings, sieve: &mut Sieve) -> Stated {
        let all = findings.told.into_iter().map(|it| diagnostic(issuer, it, None));
        let told = all.filter_map(|it| sieve.pass(it)).collect();
        Stated { told, n_more: findings.n_more, places: HashMap::new() }
    }

    /// Adds what was found in the scenarios of one question.
    fn add_all(
        &mut self,
        issuer: &Issuer,
        facts: &Facts<'_, '_>,
        explored: Explored<'_, Findings>,
        sieve: &mut Sieve,
        bounded: &mut bool,
    ) {
        // It may rest on an answer that was not worked out any more.
        if facts.world.is_spent() {
            return;
        }
        *bounded |= explored.bounded;
        self.n_more += explored.answers.iter().map(|(_, it)| it.n_more).max().unwrap_or(0);
        let told = explored.answers.into_iter().map(|(assumptions, it)| (assumptions, it.told));
        for (finding, scenarios) in merge(told.collect()) {
            self.add(diagnostic(issuer, finding, scenarios), sieve);
        }
    }

    /// Adds one that is to be told. A suppression counts for one use of a value; so it is asked before equal findings
    /// become one.
    fn add(&mut self, diagnostic: Diagnostic, sieve: &mut Sieve) {
        let Some(diagnostic) = sieve.pass(diagnostic) else { return };
        let key = (diagnostic.finding.span, diagnostic.finding.message.clone());
        match self.places.entry(key) {
            Entry::Vacant(place) if self.told.len() < MAX_FINDINGS => {
                place.insert(Some(self.told.len()));
                self.told.push(diagnostic);
            }
            Entry::Vacant(place) => {
                place.insert(None);
                self.n_more += 1;
            }
            Entry::Occupied(place) => {
                let Some(first) = place.get().and_then(|it| self.told.get_mut(it)) else { return };
                first.severity = first.severity.max(diagnostic.severity);
                first.finding.fix.take_if(|it| diagnostic.finding.fix.as_ref() != Some(it));
                first.scenarios = match (first.scenarios.take(), diagnostic.scenarios) {
                    (Some(mut left), Some(right)) => {
                        left.extend(right.into_iter().filter(|it| !left.contains(it)).collect::<Vec<_>>());
                        Some(left)
                    }
                    _ => None,
                };
            }
        }
    }
}

impl Found {
    /// Nothing yet; what the sieve keeps is not told.
    pub(super) fn new(sieve: Sieve) -> Found {
        Found {
            diagnostics: Vec::new(),
            notes: Vec::new(),
            sieve,
            is_bounded: false,
            has_more_scenarios: false,
        }
    }

    /// Adds what `check` states; a panic becomes ECS000 and the other rules go on.
    fn guarded(&mut self, issuer: &Issuer, check: impl FnOnce(&mut Sieve) -> Stated) {
        let what = format!("rule {} ({})", issuer.code, issuer.name);
        let mut failures = Vec::new();
        let found = or_nothing(&what, &mut failures, || check(&mut self.sieve));
        if found.n_more > 0 {
            self.is_bounded = true;
            let (n_told, n_more) = (found.told.len(), found.n_more);
            self.notes.push(format!(
                "{} ({}): {n_told} findings are told, and there are {n_more} more",
                issuer.code, issuer.name
            ));
        }
        self.diagnostics.extend(found.told);
        self.diagnostics.extend(failures);
    }
}

/// What `work` gives; when it panics an ECS000 that names it, and nothing.
pub(super) fn or_nothing<T: Default>(what: &str, res: &mut Vec<Diagnostic>, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        res.push(failed(&format!("{what} failed on this template")));
        T::default()
    })
}

fn failed(message: &str) -> Diagnostic {
    let own = rules::find("ECS000").expect("internal error: ECS000 is a rule");
    let finding = Finding::at(Span::at(0), message)
        .help("report it with the template at https://github.com/ecslint/ecslint/issues");
    diagnostic(&own.issuer(), finding, None)
}

/// Adds what the engine knows to a finding.
pub(super) fn diagnostic(
    issuer: &Issuer,
    finding: Finding,
    scenarios: Option<Vec<Assumptions>>,
) -> Diagnostic {
    let Issuer { code, name, severity } = issuer.clone();
    let severity = finding.severity.unwrap_or(severity);
    Diagnostic { code, name, severity, finding, scenarios }
}
