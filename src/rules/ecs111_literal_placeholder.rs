//! A placeholder that nothing fills in.

use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS111",
    name: "literal-placeholder",
    severity: Severity::Error,
    summary: "a placeholder reaches the shell, since no `Fn::Sub` is around it",
    page: include_str!("../../rules/ECS111.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, .. } = *at;
    let facts = cx.facts();
    for (name, place) in boot.placeholders(facts.template()) {
        let message = format!(
            "nothing fills in `${{{name}}}`: no `Fn::Sub` is around it, and the script does not set it"
        );
        let target = facts.template().resource(&name).map(|it| it.key.span());
        cx.report(
            Finding::at(place.span, message)
                .on(source.id)
                .because_at(target, "this is what it names")
                .because_at(place.used, "used here")
                .help("put `Fn::Sub` around the script"),
        );
    }
}
