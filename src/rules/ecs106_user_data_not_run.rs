//! User data that is refused or never run.

use crate::boot::DefectKind;
use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::resolve::{PieceKind, Text};
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::syntax::Style;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS106",
    name: "user-data-not-run",
    severity: Severity::Error,
    summary: "the user data is refused, or nothing of it is run",
    page: include_str!("../../rules/ECS106.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, boot, scenario, .. } = *at;
    let facts = cx.facts();
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
    let fix = match defect.kind {
        DefectKind::BlankBeforeShebang => boot.text.as_ref().and_then(|it| without_blanks(facts, it)),
        _ => None,
    };
    cx.report(
        Finding::at(span.unwrap_or(source.key), message)
            .on(source.id)
            .because_at(defect.place.and_then(|it| it.used), "used here")
            .help(help)
            .fix(fix),
    );
}

/// Takes out what stands before `#!`.
fn without_blanks(facts: &Facts<'_, '_>, text: &Text<'_>) -> Option<Fix> {
    let raw = text.as_str();
    let blanks = text.slice(0..raw.len() - raw.trim_start().len());
    let source = facts.parse.tree.source();
    let mut edits: Vec<Edit> = Vec::new();
    for piece in blanks.pieces() {
        let node = facts.parse.tree.scalar_at(piece.source)?;
        if piece.used.is_some() || matches!(piece.kind, PieceKind::Symbol(_)) {
            return None;
        }
        let mut span = piece.source;
        // An empty line goes whole, also where blanks stand in it.
        if node.style() == Style::Literal && span.slice(source).ends_with('\n') {
            let before = source.get(..span.start as usize)?;
            let start = before.rfind('\n').map_or(0, |it| it + 1);
            before[start..].trim().is_empty().then_some(())?;
            span = Span::new(start, span.end as usize);
        } else if !matches!(node.style(), Style::Literal | Style::DoubleQuoted) {
            return None;
        }
        edits.push(Edit::replace(span, ""));
    }
    Some(Fix::all(Safety::Unsafe, "let `#!` come first", edits)).filter(|it| !it.edits.is_empty())
}
