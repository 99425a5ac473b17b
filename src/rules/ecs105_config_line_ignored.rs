//! A line in a form that the agent does not take.

use crate::boot::{Flaw, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS105",
    name: "config-line-ignored",
    severity: Severity::Error,
    summary: "the agent reads the line otherwise than it was meant",
    page: include_str!("../../rules/ECS105.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { joining, source, boot: _, .. } = *at;
    let _facts = cx.facts();
    let Some(WhyUnset::Ignored(ignored)) = joining.why.clone() else { return };
    let Some(place) = ignored.line.place else { return };
    let (message, help) = match ignored.flaw {
        Flaw::Export => (
            "the agent takes `export ECS_CLUSTER` for another key: the instances join `default`",
            "leave `export` out: the file is no script",
        ),
        Flaw::Blank => (
            "the agent takes the blank before `=` for a part of the key: the instances join `default`",
            "write `ECS_CLUSTER=` without blanks",
        ),
        Flaw::Quotes => (
            "the agent keeps the quotes around the name: there is no such cluster",
            "leave the quotes out that reach the file",
        ),
    };
    let finding = Finding::at(place.span, message).on(source.id).because_at(place.used, "used here");
    cx.report(finding.help(help));
}
