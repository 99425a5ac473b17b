//! User data that is refused or never run.

use crate::boot::DefectKind;
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS106",
    name: "user-data-not-run",
    severity: Severity::Error,
    summary: "the user data is refused, or nothing of it is run",
    page: include_str!("../../rules/ECS106.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, .. } = *at;
    let Some(defect) = boot.defects.first() else { return };
    let span = defect.place.map(|it| it.span).or_else(|| source.key_of(scenario, "UserData"));
    let (message, help) = match defect.kind {
        DefectKind::NotBase64 => {
            ("user data has to be base64: EC2 refuses plain text", "put `Fn::Base64` around it")
        }
        DefectKind::NoHeader => (
            "cloud-init knows no user data that begins like this, and runs nothing of it",
            "begin with `#!/bin/bash`, `#cloud-config` or a MIME header",
        ),
        DefectKind::BlankBeforeShebang => (
            "something stands before `#!`: the system takes the file for no program, and runs nothing of it",
            "let `#!` be the very first two bytes",
        ),
        DefectKind::Folded => (
            "all of the script stands in this line, so that nothing of it is run",
            "write `|` in the place of `>`, which folds lines into one",
        ),
        DefectKind::BrokenMime => (
            "the MIME message has no parts, since it names no boundary or another one, and nothing of it is run",
            "write `Content-Type: multipart/mixed; boundary=\"==BOUNDARY==\"`",
        ),
    };
    cx.report(
        Finding::at(span.unwrap_or(source.key), message)
            .on(source.id)
            .because_at(defect.place.and_then(|it| it.used), "used here")
            .help(help),
    );
}
