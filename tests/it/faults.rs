//! Faults of one edit in templates that come up, and edits that do no harm.
//!
//! Each template under `faults` is good: nothing is wrong with it, its instances join and the stack is told. Beside
//! it stands a list of edits. An edit that breaks it has to be found, by the rule and at the words that the list
//! names, and the verdict has to turn; an edit that says the same in other words must change nothing.

mod cases;
mod json;
#[cfg(test)]
mod mended;

use std::collections::BTreeMap;
use std::io::Write as _;

use ecslint::diagnostic::{Diagnostic, Severity};
use ecslint::lint::{Options, Outcome, check};
use ecslint::model::{Answer, Joins, Signals, Verdicts};
use ecslint::rules::RULES;

use cases::{Case, Kind, Sheet, sheets};
use json::to_json;

/// By a fault of these the instances do not join.
const BREAKS_JOINING: [&str; 11] = [
    "ECS101", "ECS102", "ECS103", "ECS104", "ECS105", "ECS108", "ECS109", "ECS110", "ECS111", "ECS112",
    "ECS114",
];

/// By a fault of these the stack is not told.
const BREAKS_SIGNAL: [&str; 7] = ["ECS201", "ECS202", "ECS203", "ECS210", "ECS211", "ECS212", "ECS213"];

/// By a fault of these one of the two happens: it depends on what the script was to do.
const BREAKS_EITHER: [&str; 2] = ["ECS106", "ECS118"];

/// The good templates, without their lists.
pub(crate) fn templates() -> Vec<String> {
    sheets().into_iter().map(|it| it.source).collect()
}

fn checked(source: &str) -> Outcome {
    check(source.as_bytes(), &Options::default())
}

/// How often each code is stated, from this severity on.
fn counts(outcome: &Outcome, at_least: Severity) -> BTreeMap<&str, usize> {
    let mut res = BTreeMap::new();
    for it in outcome.diagnostics.iter().filter(|it| it.severity >= at_least) {
        *res.entry(&*it.code).or_default() += 1;
    }
    res
}

/// The codes that are stated more often than before.
fn new_codes<'a>(before: &Outcome, after: &'a Outcome, at_least: Severity) -> Vec<&'a str> {
    let old = counts(before, at_least);
    let new = counts(after, at_least);
    new.into_iter().filter(|(code, n)| old.get(code).is_none_or(|it| it < n)).map(|(code, _)| code).collect()
}

fn verdicts(outcome: &Outcome) -> impl Iterator<Item = (&str, &Verdicts)> {
    outcome.fleets.iter().filter_map(|it| Some((it.id.as_str(), it.verdicts.as_ref()?)))
}

/// The verdicts without reasons and places, to be compared.
fn answers(outcome: &Outcome) -> Vec<String> {
    let answers = |(id, it): (&str, &Verdicts)| {
        format!(
            "{id}: {:?} {:?}, {:?} {:?}, {:?}, key {:?}, {:?}, registers {:?} {:?}, logs {:?}",
            it.joins.verdict,
            it.cluster,
            it.signals.verdict,
            it.signalled,
            it.egress.verdict,
            it.key,
            it.port_22.verdict,
            it.registers.verdict,
            it.role,
            it.logs.verdict,
        )
    };
    let mut res: Vec<_> = verdicts(outcome).map(answers).collect();
    res.sort();
    res
}

fn told(outcome: &Outcome) -> String {
    let told = |it: &Diagnostic| format!("  {} {}: {}\n", it.code, it.finding.span.start, it.finding.message);
    outcome.diagnostics.iter().filter(|it| it.severity > Severity::Info).map(told).collect()
}

/// Runs `test` on each case and gives all complaints at once.
fn each(wanted: fn(&Kind) -> bool, test: impl Fn(&Sheet, &Outcome, &Case) -> Result<(), String>) {
    let mut complaints = Vec::new();
    for sheet in sheets() {
        let before = checked(&sheet.source);
        for case in sheet.cases.iter().filter(|it| wanted(&it.kind)) {
            let given = case.given.region.is_some()
                || case.given.budget.is_some()
                || case.given.house != Default::default();
            let with_given = given.then(|| check(sheet.source.as_bytes(), &case.given));
            if let Err(complaint) = test(&sheet, with_given.as_ref().unwrap_or(&before), case) {
                complaints.push(format!("{}: {}: {complaint}", sheet.name, case.name));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn good_templates_come_up() {
    for sheet in sheets() {
        let outcome = checked(&sheet.source);
        assert_eq!(counts(&outcome, Severity::Error), BTreeMap::new(), "{}:\n{}", sheet.name, told(&outcome));
        assert!(!outcome.fleets.is_empty(), "{}", sheet.name);
        for (id, it) in verdicts(&outcome) {
            assert_eq!(it.joins.verdict, Joins::Yes, "{}: {id}", sheet.name);
            let told = matches!(it.signals.verdict, Signals::Ok | Signals::NotNeeded);
            assert!(told, "{}: {id}: {:?}", sheet.name, it.signals);
            assert_eq!(it.registers.verdict, Answer::Yes, "{}: {id}", sheet.name);
        }
    }
}

#[test]
fn faults_are_found() {
    let is_fault = |it: &Kind| matches!(it, Kind::Fault { .. });
    let sheets = sheets();
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    for case in sheets.iter().flat_map(|it| it.cases.iter()) {
        if let Kind::Fault { code, .. } = &case.kind
            && !is_rule(code)
        {
            *skipped.entry(code).or_default() += 1;
        }
    }
    if !skipped.is_empty() {
        let _ = writeln!(std::io::stderr(), "faults that wait for their rule: {skipped:?}");
    }
    each(is_fault, |sheet, before, case| {
        let Kind::Fault { code, severity } = &case.kind else { return Ok(()) };
        let source = case.apply(&sheet.source)?;
        if !is_rule(code) {
            return case.words(&source).map(drop);
        }
        let after = check(source.as_bytes(), &case.given);
        let Some(severity) = *severity else { return missed(before, &after, code) };
        found(&source, before, &after, case, code, severity)?;
        turned(&after, code, severity)?;
        // Neither line ends of another system hide it, nor the other notation.
        let other = [("CRLF", Some(source.replace('\n', "\r\n"))), ("JSON", to_json(&source))];
        for (name, other) in other {
            let Some(other) = other else { continue };
            let found = check(other.as_bytes(), &case.given);
            if counts(&found, Severity::Warning) != counts(&after, Severity::Warning) {
                return Err(format!("other findings in {name}:\n{}", told(&found)));
            }
        }
        Ok(())
    });
}

fn is_rule(code: &str) -> bool {
    RULES.iter().any(|it| it.code == code)
}

/// No rule speaks, and no wrong one either.
fn missed(before: &Outcome, after: &Outcome, code: &str) -> Result<(), String> {
    match new_codes(before, after, Severity::Error).as_slice() {
        [] => Ok(()),
        [only] if *only == code => Err(format!("{code} is found now: it is an `error` in the list")),
        _ => Err(format!("other errors:\n{}", told(after))),
    }
}

/// The rule speaks, where it did not before, at the words; and no other rule calls it an error.
fn found(
    source: &str,
    before: &Outcome,
    after: &Outcome,
    case: &Case,
    code: &str,
    severity: Severity,
) -> Result<(), String> {
    let words = case.words(source)?;
    if !new_codes(before, after, Severity::Info).contains(&code) {
        return Err(format!("no {code}; instead:\n{}", told(after)));
    }
    let holds = |it: &&Diagnostic| {
        let span = it.finding.span;
        it.code == code && span.start <= words.start && words.end <= span.end
    };
    let Some(diagnostic) = after.diagnostics.iter().find(holds) else {
        let spans = after.diagnostics.iter().filter(|it| it.code == code);
        let spans: Vec<_> = spans.map(|it| it.finding.span.slice(source)).collect();
        return Err(format!("{code} stands at {spans:?}, not at {:?}", words.slice(source)));
    };
    if diagnostic.severity != severity {
        return Err(format!("{code} is {:?}", diagnostic.severity));
    }
    let mut errors = new_codes(before, after, Severity::Error);
    errors.retain(|it| *it != code && !case.also.iter().any(|also| also == it));
    if errors.is_empty() { Ok(()) } else { Err(format!("also {errors:?}:\n{}", told(after))) }
}

/// Some fleet does not join, or the stack is not told.
fn turned(after: &Outcome, code: &str, severity: Severity) -> Result<(), String> {
    if severity != Severity::Error {
        return Ok(());
    }
    let joins = |it: &Verdicts| matches!(it.joins.verdict, Joins::No | Joins::WrongCluster);
    let signals = |it: &Verdicts| matches!(it.signals.verdict, Signals::WrongResource | Signals::Missing);
    let bad_joins = verdicts(after).any(|(_, it)| joins(it));
    let bad_signals = verdicts(after).any(|(_, it)| signals(it));
    let is_bad = (bad_joins || !BREAKS_JOINING.contains(&code))
        && (bad_signals || !BREAKS_SIGNAL.contains(&code))
        && (bad_joins || bad_signals || !BREAKS_EITHER.contains(&code));
    if is_bad { Ok(()) } else { Err(format!("the verdict stays: {:?}", answers(after))) }
}

#[test]
fn other_words_change_nothing() {
    each(
        |it| matches!(it, Kind::Same | Kind::Unsure),
        |sheet, before, case| {
            let after = check(case.apply(&sheet.source)?.as_bytes(), &case.given);
            match case.kind {
                Kind::Unsure => silent(before, &after),
                _ => unchanged(before, &after),
            }
        },
    );
}

/// Nothing is found that was not found before, and nothing is called bad.
fn silent(before: &Outcome, after: &Outcome) -> Result<(), String> {
    let new = new_codes(before, after, Severity::Warning);
    if !new.is_empty() {
        return Err(format!("new {new:?}:\n{}", told(after)));
    }
    let good = |(_, it): (&str, &Verdicts)| {
        matches!(it.joins.verdict, Joins::Yes | Joins::Unknown)
            && !matches!(it.signals.verdict, Signals::WrongResource | Signals::Missing)
    };
    if verdicts(after).all(good) { Ok(()) } else { Err(format!("{:?}", answers(after))) }
}

fn unchanged(before: &Outcome, after: &Outcome) -> Result<(), String> {
    silent(before, after)?;
    let (old, new) = (answers(before), answers(after));
    if old == new { Ok(()) } else { Err(format!("{old:?}\nbecame {new:?}")) }
}

/// Whole-file rewrites, of every template.
#[test]
fn line_ends_marks_and_notation_change_nothing() {
    for sheet in sheets() {
        let before = checked(&sheet.source);
        let rewrites = [
            ("CRLF", sheet.source.replace('\n', "\r\n")),
            ("BOM", format!("\u{feff}{}", sheet.source)),
            ("no line break at the end", sheet.source.trim_end().to_owned()),
            ("empty lines at the end", format!("{}\n\n", sheet.source)),
        ];
        let json = to_json(&sheet.source).map(|it| ("JSON", it));
        for (name, source) in rewrites.into_iter().chain(json) {
            let res = unchanged(&before, &checked(&source));
            assert_eq!(res, Ok(()), "{}: {name}", sheet.name);
        }
    }
}

/// Every rule on joining and signalling has a fault, and there are many of either kind.
#[test]
fn the_lists_are_full() {
    let sheets = sheets();
    let cases = || sheets.iter().flat_map(|it| it.cases.iter());
    let has = |wanted: &str| cases().any(|it| matches!(&it.kind, Kind::Fault { code, .. } if code == wanted));
    // Those of the template as text have tests of their own.
    let deciding = RULES.iter().map(|it| it.code).filter(|it| !it.starts_with("ECS0"));
    let without: Vec<_> = deciding.filter(|it| !has(it)).collect();
    assert!(without.is_empty(), "no fault for {without:?}");
    let n_same = cases().filter(|it| !matches!(it.kind, Kind::Fault { .. })).count();
    let n_faults = cases().count() - n_same;
    assert!(n_faults >= MIN_FAULTS && n_same >= MIN_SAME, "{n_faults} faults, {n_same} rewrites");
}

const MIN_FAULTS: usize = 300;
const MIN_SAME: usize = 250;
