//! Findings to text: whatever strangers may write into a template, a name or a path.

use ecslint::diagnostic::{Diagnostic, Finding, Severity};
use ecslint::lint::ALWAYS_TOLD;
use ecslint::model::ClusterName;
use ecslint::rules::RULES;
use ecslint::text::Span;

use super::whole;
use crate::report::{diagnostic, fleet, outcome};

const MAX: usize = 4 << 10;

/// Four texts, and behind them five bytes for each finding; what stands between is no text: `\xff`.
pub(super) fn report(input: &[u8]) {
    if input.len() > MAX {
        return;
    }
    let mut parts = input.splitn(5, |it| *it == 0xff);
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (path, source, message, name) = (format!("a{}", text()), text(), text(), text());
    let finding = |it: &[u8]| {
        let start = usize::from(it[2]);
        let mut finding = Finding::at(Span::new(start, start + usize::from(it[3])), format!("a {message}"));
        let severity = [Severity::Error, Severity::Warning, Severity::Info][usize::from(it[1]) % 3];
        if it[4] & 1 > 0 {
            finding = finding.on(&name);
        }
        if it[4] & 2 > 0 {
            finding = finding.because(Span::at(usize::from(it[4])), name.clone());
        }
        if it[4] & 4 > 0 {
            finding = finding.help(format!("do {message}"));
        }
        let scenarios = (it[4] & 8 > 0).then(|| vec![[(name.clone(), it[4] & 16 > 0)].into()]);
        // What speaks of a file as a whole has no place.
        let rule = RULES[ALWAYS_TOLD.len() + usize::from(it[0]) % (RULES.len() - ALWAYS_TOLD.len())].code;
        Diagnostic { scenarios, ..diagnostic(rule, severity, finding) }
    };
    let findings = parts.next().unwrap_or_default().chunks_exact(5).take(20).map(finding).collect();
    let mut outcome = outcome(findings);
    let mut fleet = fleet();
    fleet.id.clone_from(&name);
    fleet.cost.instance_types = vec![name.clone()];
    if let Some(verdicts) = &mut fleet.verdicts {
        verdicts.cluster = Some(ClusterName::Name(name));
    }
    outcome.fleets.push(fleet);
    whole::rendered(&path, &source, &outcome);
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        [".yml", "Resources:\n  A: b\n", "fact about `A`", "A"],
        [
            "::error file=a,line=1::",
            "a\r\n\tb\u{1b}[31m\u{9b}\n",
            "##[error] %0A ]]> <script>",
            "\u{202e}x\u{200b}",
        ],
        [
            "/\u{e4}%\0b",
            "\u{feff}\u{1f980}e\u{301}\u{2028}\n\n",
            "www.a.com @b #12 | `c` \\ *_~",
            "[a](b)\n![c](d)",
        ],
        ["\"'&<>", "", "${A} $1 {0} \u{fffe}\u{ffff}", "a@b.c &amp; &#64; <!--"],
    ];
    let one = |texts: &[&str; 4]| {
        let findings: [&[u8]; 2] = [&[7, 0, 1, 9, 31], &[200, 1, 12, 3, 6]];
        [texts.map(str::as_bytes).join(&0xff), findings.concat()].join(&0xff)
    };
    texts.iter().map(one).collect()
}
