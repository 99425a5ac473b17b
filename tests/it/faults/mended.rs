//! Every fault, mended: what the fixes make of it is as good as the template was.

use ecslint::diagnostic::Severity;
use ecslint::lint::check;
use ecslint::rules::RULES;

use super::cases::{Kind, sheets};
use super::json::to_json;
use crate::fixes::corpus::Seen;

/// Faults of rules with a fix, in YAML and in JSON: of how many the fixes leave no error and no finding of the rule.
#[test]
fn faults_are_mended() {
    let mut seen = Seen::default();
    let (mut n_faults, mut n_fixable, mut n_mended) = (0, 0, 0);
    let (mut left, mut without) = (Vec::new(), Vec::new());
    for sheet in sheets() {
        for case in &sheet.cases {
            let Kind::Fault { code, .. } = &case.kind else { continue };
            let Ok(broken) = case.apply(&sheet.source) else { continue };
            for (source, language) in [(Some(broken.clone()), "YAML"), (to_json(&broken), "JSON")] {
                let Some(source) = source else { continue };
                let name = format!("{} ({}, {language})", case.name, sheet.name);
                n_faults += 1;
                let before = check(source.as_bytes(), &case.given);
                let fixable =
                    before.diagnostics.iter().any(|it| it.code == *code && it.finding.fix.is_some());
                if !fixable {
                    let has_fix = RULES.iter().any(|it| it.code == code && it.fix.is_some());
                    without.extend(has_fix.then_some(name));
                    continue;
                }
                n_fixable += 1;
                let after = seen.add_with(&name, &source, &case.given);
                let is_left = |it: &ecslint::diagnostic::Diagnostic| {
                    it.code == *code
                        || it.severity == Severity::Error && !case.also.iter().any(|code| it.code == **code)
                };
                match after.diagnostics.iter().find(|it| is_left(it)) {
                    None => n_mended += 1,
                    Some(it) => left.push(format!("{name}: {} {}", it.code, it.finding.message)),
                }
            }
        }
    }
    let told = || {
        format!(
            "{n_mended} of {n_fixable} of {n_faults} mended, {:?}\nrefused:\n{}\nleft:\n{}\nunmasked:\n{}\nwithout a fix:\n{}",
            seen.fixed,
            seen.refused.join("\n"),
            left.join("\n"),
            seen.unmasked.join("\n"),
            without.join("\n"),
        )
    };
    if std::env::var_os("BLESS").is_some() {
        eprintln!("{}", told());
    }
    assert!(n_fixable > 220 && n_mended == n_fixable && seen.refused.is_empty(), "{}", told());
}
