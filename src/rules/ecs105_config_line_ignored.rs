//! A line in a form that the agent does not take.

use super::writing::write;
use crate::boot::{Flaw, Ignored, WhyUnset};
use crate::diagnostic::{Edit, Finding, Fix, Safety, Severity};
use crate::rule::{Booted, Check, Cx, Facts, Rule};
use crate::syntax::Style;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS105",
    name: "config-line-ignored",
    severity: Severity::Error,
    summary: "the agent reads the line otherwise than it was meant",
    page: include_str!("../../rules/ECS105.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { joining, source, boot: _, .. } = *at;
    let facts = cx.facts();
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
    let edits = if place.used.is_some() { None } else { mended(facts, &ignored, place.span) };
    let fix = edits.map(|it| Fix::all(Safety::Unsafe, "write the line as the agent reads it", it));
    cx.report(finding.help(help).fix(fix));
}

/// The line without what is too much: it is looked for in the source, where the shell's own signs stand.
fn mended(facts: &Facts<'_, '_>, ignored: &Ignored<'_>, span: Span) -> Option<Vec<Edit>> {
    let source = facts.parse.tree.source();
    let (start, written) = (span.start as usize, &source[span.start as usize..]);
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    match ignored.flaw {
        Flaw::Export => {
            let rest = written.strip_prefix("export")?;
            write(facts, Span::new(start, start + "export".len() + blanks(rest)), "")
        }
        Flaw::Blank => {
            let rest = written.strip_prefix("ECS_CLUSTER")?;
            let behind = rest[blanks(rest)..].strip_prefix('=')?;
            let before = start + "ECS_CLUSTER".len();
            let end = source.len() - behind.len() + blanks(behind);
            write(facts, Span::new(before, end), "=")
        }
        Flaw::Quotes => {
            let value = &ignored.line.value;
            let first = value.slice(0..1).pieces().first()?.source;
            let last = value.slice(value.len() - 1..value.len()).pieces().first()?.source;
            Some(vec![without(facts, first)?, without(facts, last)?])
        }
    }
}

/// Takes a quote out, with the backslash by which the shell left it alone.
fn without(facts: &Facts<'_, '_>, quote: Span) -> Option<Edit> {
    let source = facts.parse.tree.source();
    let style = facts.parse.tree.scalar_at(quote)?.style();
    let written = quote.slice(source);
    let in_quotes = style == Style::DoubleQuoted;
    if !["\"", "'", "''", "\\\""].contains(&written) || (written == "\\\"" && !in_quotes) {
        return None;
    }
    let before = source.get(..quote.start as usize)?;
    let n_backslashes = before.len() - before.trim_end_matches('\\').len();
    let one = if in_quotes { 2 } else { 1 };
    let n_escapes = n_backslashes / one;
    // Of several it is hard to say what the shell makes.
    (n_escapes <= 1 && n_backslashes % one == 0).then_some(())?;
    Some(Edit::replace(Span::new(before.len() - n_escapes * one, quote.end as usize), ""))
}
