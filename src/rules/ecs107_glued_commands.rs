//! Two pieces of a join make one command of two.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS107",
    name: "glued-commands",
    severity: Severity::Warning,
    summary: "pieces of `Fn::Join` meet without a line break, so that two commands become one",
    page: include_str!("../../rules/ECS107.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    for glued in &boot.glued {
        let severity = if glued.breaks { Severity::Error } else { Severity::Warning };
        cx.report(
            Finding::at(glued.after, "this command is glued to the one before it")
                .on(source.id)
                .severity(severity)
                .because(glued.before, "no line break ends this piece")
                .help("put a piece `\"\\n\"` between the two"),
        );
    }
}
