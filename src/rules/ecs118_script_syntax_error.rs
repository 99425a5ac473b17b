//! Bash refuses the script.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS118",
    name: "script-syntax-error",
    severity: Severity::Error,
    summary: "bash refuses the script",
    page: include_str!("../../rules/ECS118.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    for (place, message) in &boot.syntax_errors {
        let Some(place) = place else { continue };
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(place.used, "used here")
                .help("run `bash -n` on the script"),
        );
    }
}
