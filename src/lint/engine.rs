//! Runs the rules: the loops over fleets and scenarios, and a net under each rule.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Options;
use super::merge::merge;
use super::suppress::{Sieve, Suppressions};
use crate::diagnostic::{Assumptions, Diagnostic, Finding};
use crate::model::{Answer, Fleet};
use crate::resolve::{Scenario, explore};
use crate::rule::{Booted, Check, Cx, Facts, Rule, TextCx};
use crate::rules::{self, RULES};
use crate::syntax::Parse;
use crate::text::Span;

/// Runs the rules on the text.
pub(super) fn check_text(parse: &Parse<'_>, options: &Options, sieve: &mut Sieve) -> Vec<Diagnostic> {
    let mut res = Vec::new();
    for rule in RULES.iter().filter(|it| options.runs(it)) {
        let Check::Text(check) = rule.check else { continue };
        guarded(rule, &mut res, || {
            let mut cx = TextCx::new(parse);
            check(&mut cx);
            sieve.pass(cx.into_findings().into_iter().map(|it| diagnostic(rule, it, None)).collect())
        });
    }
    res
}

/// What is wrong with what the template says not to tell. `told` is what the other rules have found; when one of them
/// failed, or the text was cut short, nothing is proved to ignore nothing.
pub(super) fn check_suppressions(
    suppressions: &Suppressions,
    options: &Options,
    told: &[Diagnostic],
    is_cut: bool,
) -> Vec<Diagnostic> {
    let stated = |code, findings: Vec<Finding>| {
        let rule = rules::find(code).expect("internal error: it is a rule");
        let findings = if options.runs(rule) { findings } else { Vec::new() };
        findings.into_iter().map(|it| diagnostic(rule, it, None))
    };
    let whole = !is_cut && !told.iter().any(|it| it.code == "ECS000");
    let unused = suppressions.unused(|code| whole && options.looks_for_all(code));
    stated("ECS018", suppressions.malformed()).chain(stated("ECS019", unused)).collect()
}

/// Runs the rules on the template.
pub(super) fn check_template(
    facts: &Facts<'_, '_>,
    options: &Options,
    sieve: &mut Sieve,
    notes: &mut Vec<String>,
) -> Vec<Diagnostic> {
    let mut res = Vec::new();
    let mut bounded = false;
    for rule in RULES.iter().filter(|it| options.runs(it)) {
        // A suppression counts for one use of a value; so they are asked before equal findings become one.
        guarded(rule, &mut res, || once(sieve.pass(check_one(rule, facts, &mut bounded))));
    }
    if bounded {
        notes.push("the conditions can stand in too many ways: some answers are unknown".to_owned());
    }
    res
}

fn check_one(rule: &'static Rule, facts: &Facts<'_, '_>, bounded: &mut bool) -> Vec<Diagnostic> {
    let mut res = Vec::new();
    let mut add = |explored: crate::resolve::Explored<Vec<Finding>>| {
        *bounded |= explored.bounded;
        let merged = merge(explored.answers);
        res.extend(merged.into_iter().map(|(finding, scenarios)| diagnostic(rule, finding, scenarios)));
    };
    match rule.check {
        Check::Text(_) => {}
        Check::Template(check) => {
            let mut cx = Cx::new(facts);
            check(&mut cx);
            res.extend(cx.into_findings().into_iter().map(|it| diagnostic(rule, it, None)));
        }
        Check::Scenario(check) => add(explore(facts.world, |scenario| {
            let mut cx = Cx::new(facts);
            check(&mut cx, scenario);
            cx.into_findings()
        })),
        // Fleets that share a launch source share its findings.
        Check::Fleet(_) | Check::AnyFleet(_) | Check::Boot(_) => {
            let only_ecs = !matches!(rule.check, Check::AnyFleet(_));
            for fleet in &facts.model.fleets {
                add(explore(facts.world, |scenario| {
                    let there = scenario.exists(&fleet.resource) == Some(true);
                    if !there || (only_ecs && facts.meant_for_cluster(scenario, fleet) == Answer::No) {
                        return Vec::new();
                    }
                    let mut cx = Cx::new(facts);
                    match rule.check {
                        Check::Fleet(check) | Check::AnyFleet(check) => check(&mut cx, scenario, fleet),
                        Check::Boot(check) => check_boots(check, &mut cx, scenario, fleet),
                        Check::Text(_) | Check::Template(_) | Check::Scenario(_) => {}
                    }
                    let name = |mut finding: Finding| {
                        finding.resource.get_or_insert_with(|| fleet.id().to_owned());
                        finding
                    };
                    cx.into_findings().into_iter().map(name).collect()
                }));
            }
        }
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

/// The same statement about the same words is made once, under all its scenarios.
fn once(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut res: Vec<Diagnostic> = Vec::new();
    let mut places: HashMap<(Span, String), usize> = HashMap::new();
    for diagnostic in diagnostics {
        let key = (diagnostic.finding.span, diagnostic.finding.message.clone());
        match places.get(&key) {
            None => {
                places.insert(key, res.len());
                res.push(diagnostic);
            }
            Some(idx) => {
                let first = &mut res[*idx];
                first.severity = first.severity.max(diagnostic.severity);
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
    res
}

/// Adds what `check` finds; a panic becomes ECS000 and the other rules go on.
fn guarded(rule: &'static Rule, res: &mut Vec<Diagnostic>, check: impl FnOnce() -> Vec<Diagnostic>) {
    let what = format!("rule {} ({})", rule.code, rule.name);
    let mut failures = Vec::new();
    let found = or_nothing(&what, &mut failures, check);
    res.extend(found);
    res.extend(failures);
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
    diagnostic(own, finding, None)
}

/// Adds what the engine knows to a finding.
pub(super) fn diagnostic(
    rule: &'static Rule,
    finding: Finding,
    scenarios: Option<Vec<Assumptions>>,
) -> Diagnostic {
    let severity = finding.severity.unwrap_or(rule.severity);
    Diagnostic { code: rule.code, name: rule.name, severity, finding, scenarios }
}
