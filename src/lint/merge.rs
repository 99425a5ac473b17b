//! The same finding in several scenarios is one finding.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Assumptions, Finding, Severity};
use crate::resolve::{Assumed, assumptions};
use crate::text::Span;

/// Merges equal findings of the scenarios of one question. `None` beside a finding: it holds in all of them.
pub(super) fn merge(answers: Vec<(Assumed<'_>, Vec<Finding>)>) -> Vec<(Finding, Option<Vec<Assumptions>>)> {
    let n_scenarios = answers.len();
    let mut res: Vec<(Finding, Vec<Assumptions>)> = Vec::new();
    let mut known = HashMap::new();
    for (assumed, findings) in answers.into_iter().filter(|(_, findings)| !findings.is_empty()) {
        let assumptions = assumptions(&assumed);
        for finding in findings {
            match known.entry(statement(&finding)) {
                Entry::Vacant(place) => {
                    place.insert(res.len());
                    res.push((finding, vec![assumptions.clone()]));
                }
                Entry::Occupied(place) => {
                    let (first, scenarios) = &mut res[*place.get()];
                    // What mends it here and not there is no fix.
                    first.fix.take_if(|it| finding.fix.as_ref() != Some(it));
                    if scenarios.last() != Some(&assumptions) {
                        scenarios.push(assumptions.clone());
                    }
                }
            }
        }
    }
    let everywhere = |scenarios: &[Assumptions]| scenarios.len() == n_scenarios;
    res.into_iter()
        .map(|(finding, scenarios)| {
            let scenarios = (!everywhere(&scenarios)).then(|| simplify(scenarios));
            (finding, scenarios.filter(|it| !it.iter().any(Assumptions::is_empty)))
        })
        .collect()
}

/// Labels and help may speak of the scenario; place and statement make the finding.
fn statement(finding: &Finding) -> (Span, String, Option<String>, Option<Severity>) {
    (finding.span, finding.message.clone(), finding.resource.clone(), finding.severity)
}

/// Joins scenarios that differ in one condition only: it does not matter.
fn simplify(mut scenarios: Vec<Assumptions>) -> Vec<Assumptions> {
    'again: loop {
        for left in 0..scenarios.len() {
            for right in left + 1..scenarios.len() {
                if let Some(joined) = join(&scenarios[left], &scenarios[right]) {
                    scenarios.remove(right);
                    scenarios[left] = joined;
                    continue 'again;
                }
            }
        }
        return scenarios;
    }
}

fn join(left: &Assumptions, right: &Assumptions) -> Option<Assumptions> {
    if left.len() != right.len() || !left.keys().eq(right.keys()) {
        return None;
    }
    let mut differing = left.iter().filter(|(name, value)| right.get(*name) != Some(value));
    let (name, _) = differing.next()?;
    if differing.next().is_some() {
        return None;
    }
    let mut res = left.clone();
    res.remove(name);
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_conditions_that_do_not_matter() {
        let finding = Finding::at(Span::at(1), "x");
        let answers = vec![
            (Assumed::from([("A", true), ("B", true)]), vec![finding.clone()]),
            (Assumed::from([("A", true), ("B", false)]), vec![finding.clone()]),
            (Assumed::from([("A", false)]), vec![]),
        ];
        assert_eq!(merge(answers), [(finding, Some(vec![assumptions(&Assumed::from([("A", true)]))]))]);
    }

    #[test]
    fn in_every_scenario_is_always() {
        let finding = Finding::at(Span::at(1), "x");
        let answers = vec![
            (Assumed::from([("A", true)]), vec![finding.clone(), finding.clone()]),
            (Assumed::from([("A", false)]), vec![finding.clone()]),
        ];
        assert_eq!(merge(answers), [(finding, None)]);
    }
}
