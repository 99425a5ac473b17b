//! Syntax errors. Bytes that are no text at all never get here: the engine reports them under the same code.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Check, Rule, TextCx};
use crate::syntax::ProblemKind;

pub(super) static RULE: Rule = Rule {
    code: "ECS001",
    name: "unreadable-template",
    severity: Severity::Error,
    summary: "the file is no readable YAML or JSON",
    page: include_str!("../../rules/ECS001.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Text(check),
};

fn check(cx: &mut TextCx<'_, '_>) {
    for problem in cx.parse().problems.iter().filter(|it| it.kind == ProblemKind::Syntax) {
        let mut finding = Finding::at(problem.span, &problem.message);
        if let Some((span, label)) = &problem.because {
            finding = finding.because(*span, label);
        }
        let what_ran = "only the form of what stands before this place was checked";
        let help = match &problem.help {
            Some(help) => format!("{help}; {what_ran}"),
            None => what_ran.to_owned(),
        };
        cx.report(finding.help(help));
    }
}
