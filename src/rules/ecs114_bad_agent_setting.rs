//! A setting that the agent does not know or cannot read.

use crate::boot::{BadSetting, LOGGING_DRIVERS, WhyBad, WhyUnset};
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS114",
    name: "bad-agent-setting",
    severity: Severity::Warning,
    summary: "a setting that the agent does not know or cannot read",
    page: include_str!("../../rules/ECS114.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { joining, source, boot, .. } = *at;
    let _facts = cx.facts();
    let decides = matches!(joining.why.clone(), Some(WhyUnset::NearMiss(..)));
    for bad in boot.bad_settings() {
        let (message, help) = told(&bad);
        let to_default = decides && bad.why == WhyBad::Key("ECS_CLUSTER");
        let ending = match (to_default, bad.is_fatal) {
            (true, _) => ": the instances join `default`",
            (_, true) => ": the agent does not start",
            _ => "",
        };
        let severity = if ending.is_empty() { Severity::Warning } else { Severity::Error };
        cx.report(
            Finding::at(bad.place.span, format!("{message}{ending}"))
                .on(source.id)
                .severity(severity)
                .because_at(bad.place.used, "used here")
                .help(help),
        );
    }
}

/// What is wrong, and what to do.
fn told(bad: &BadSetting) -> (String, String) {
    let name = &bad.name;
    match &bad.why {
        WhyBad::Key(meant) => (format!("the agent knows no `{name}`"), format!("write `{meant}`")),
        WhyBad::Boolean(value) => (
            format!("`{value}` is neither true nor false for the agent, which takes its default"),
            "write `true` or `false`".to_owned(),
        ),
        WhyBad::Json => (
            format!("the value of `{name}` is no JSON"),
            "write JSON, in single quotes for the shell".to_owned(),
        ),
        WhyBad::Mapping => (
            format!("the value of `{name}` is no mapping of texts"),
            "write `{\"name\": \"value\"}`".to_owned(),
        ),
        WhyBad::Driver(driver) => (
            format!("`{driver}` is no logging driver"),
            format!("write one of {}", LOGGING_DRIVERS.map(|it| format!("`{it}`")).join(", ")),
        ),
    }
}
