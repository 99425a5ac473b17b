//! A whole check.

use std::collections::BTreeMap;

use ecslint::lint::{FileKind, Options, Outcome};
use ecslint::report::{Format, sanitize};
use ecslint::resolve::MAX_EFFORT;
use ecslint::rule::MAX_FINDINGS;
use ecslint::text::Span;

use crate::formats::{formats, places};
use crate::report::render;

const MAX: usize = 16 << 10;

/// One command may cost some more than is left.
const OVER: u64 = MAX_EFFORT / 2;

/// Any bytes; the same comes twice.
pub(super) fn check(input: &[u8]) {
    if input.len() > MAX {
        return;
    }
    let options = Options::default();
    match std::str::from_utf8(input) {
        Ok(source) => {
            let outcome = holds(source, &options);
            if outcome.kind == FileKind::CloudFormation {
                let again = ecslint::lint::check(input, &options);
                assert_eq!(format!("{:?}", again.diagnostics), format!("{:?}", outcome.diagnostics));
                rendered("a.yml", source, &outcome);
            }
        }
        Err(_) => drop(ecslint::lint::check(input, &options)),
    }
}

/// Checks a text: no rule fails, all places are in it, each bound is kept.
pub(super) fn holds(source: &str, options: &Options) -> Outcome {
    let outcome = ecslint::lint::check(source.as_bytes(), options);
    let all = || outcome.diagnostics.iter().chain(outcome.suppressed.iter().map(|it| &it.diagnostic));
    let is_in = |it: Span| source.get(it.start as usize..it.end as usize).is_some();
    for it in all() {
        assert!(it.code != "ECS000", "{it:?}");
        let finding = &it.finding;
        assert!(is_in(finding.span), "{it:?}");
        assert!(!finding.message.is_empty());
        assert!(finding.because.iter().all(|it| is_in(it.0)), "{it:?}");
        let edits = finding.fix.iter().flat_map(|it| &it.edits);
        assert!(edits.into_iter().all(|it| is_in(it.span)), "{it:?}");
    }
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    outcome.diagnostics.iter().for_each(|it| *counts.entry(it.code.clone()).or_default() += 1);
    assert!(counts.values().all(|it| *it <= MAX_FINDINGS), "{counts:?}");
    assert!(outcome.effort <= MAX_EFFORT + OVER, "{} steps", outcome.effort);
    outcome
}

/// All formats name the same places, and nothing that a terminal obeys comes out.
pub(super) fn rendered(path: &str, source: &str, outcome: &Outcome) {
    let wanted = places::of(path, source, outcome);
    for format in &formats() {
        let drawn = render(format, path, source, outcome);
        places::compare(format, &drawn, &wanted);
        let is_unsafe = |it: char| it != '\n' && sanitize::is_unsafe(it);
        assert!(!drawn.contains(is_unsafe), "{format:?}: {drawn:?}");
        if matches!(format, Format::Human(_) | Format::Concise) {
            // What stands so would be a command to the runner of a workflow.
            let is_command = |it: &str| it.trim_start().starts_with("::");
            assert!(!drawn.contains("##[") && !drawn.lines().any(is_command), "{drawn}");
        }
    }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    super::templates()
}
