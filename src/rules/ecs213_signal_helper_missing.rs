//! A helper that is called and is not there.

use super::writing::write;
use crate::boot::{HELPERS, HELPERS_FOLDER, WhyMissing};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::{Image, ImageFamily};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS213",
    name: "signal-helper-missing",
    severity: Severity::Error,
    summary: "a helper script is called that the instance does not have",
    page: include_str!("../../rules/ECS213.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

/// How the helpers come to an image.
fn how_to_install(image: Image) -> String {
    match image.family {
        Some(ImageFamily::Ubuntu) => {
            "install it first: `pip3 install` the archive `aws-cfn-bootstrap-py3-latest.tar.gz`".to_owned()
        }
        _ => format!("install it first: `yum install -y {HELPERS}`"),
    }
}

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, image, scenario, .. } = *at;
    let facts = cx.facts();
    let waits = facts.all_waiting(scenario).as_ref().as_ref().is_none_or(|it| !it.is_empty());
    let mut told: Vec<&str> = Vec::new();
    for missing in &boot.missing {
        let Some(call) = missing.place else { continue };
        if told.contains(&missing.program.as_str()) {
            continue;
        }
        told.push(&missing.program);
        let name = &missing.program;
        // A signal that nothing waits for is no loss.
        let harmless = name == "cfn-signal" && !waits;
        let finding = match &missing.why {
            WhyMissing::NotInstalled => Finding::at(
                call.span,
                format!("`{name}` is not on this image, and the boot does not install it"),
            )
            .help(how_to_install(image)),
            WhyMissing::Misspelt { name: package, place } => {
                let span = place.map_or(call.span, |it| it.span);
                Finding::at(span, format!("there is no package `{package}`, so that `{name}` is not there"))
                    .because(call.span, "called here")
                    .help(format!("write `{HELPERS}`"))
                    .fix(place.filter(|it| it.used.is_none()).and_then(|it| {
                        let edits = write(facts, it.span, HELPERS)?;
                        Some(Fix::all(Safety::Unsafe, format!("install `{HELPERS}`"), edits))
                    }))
            }
            WhyMissing::WrongPath => {
                let meant = format!("{HELPERS_FOLDER}{name}");
                let is_name =
                    call.used.is_none() && call.span.slice(facts.parse.tree.source()).ends_with(name);
                let edits = if is_name { write(facts, call.span, &meant) } else { None };
                let fix = edits.map(|it| Fix::all(Safety::Unsafe, format!("call `{meant}`"), it));
                Finding::at(call.span, format!("`{name}` is not in this folder"))
                    .help(format!("write `{meant}`"))
                    .fix(fix)
            }
        };
        let severity = if harmless { Severity::Warning } else { Severity::Error };
        cx.report(finding.on(source.id).severity(severity).because_at(call.used, "used here"));
    }
}
