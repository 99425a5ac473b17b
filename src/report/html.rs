//! One page of its own for people: pictures, findings, the template beside the boot script, costs.
//!
//! The page loads nothing and runs nothing: a policy in its head forbids both, whatever a template may bring in. It is
//! used with the mouse and with the Tab key alone, and is light or dark as the reader has it.

use std::fmt::Write as _;

use super::fleet::{self, Tone};
use super::human::story::{joins, signals, told};
use super::picture::svg::{Frame, svg};
use super::xml::escape;
use super::{FileReport, MAX_HELP, Summary, count, fingerprint, message, sanitize, severity_word, url};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileKind;
use crate::lint::story::Story;
use crate::lint::views::Views;
use crate::model::FleetReport;
use crate::text::{Lines, Position, Span};

const STYLE: &str = include_str!("html/page.css");

/// More lines of a template are not shown.
const MAX_LINES: usize = 5_000;
/// A longer line loses its end.
const MAX_LINE: usize = 400;
/// More findings of a file are only counted.
const MAX_FINDINGS: usize = 1_000;

/// Everything before the first file.
pub(super) fn head() -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>ecslint</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>ecslint</h1>\n\
         <p>Will the stack come up, and will its instances join the cluster?</p></header>\n"
    )
}

/// The part of one file; nothing for what is no template and has no findings.
pub(super) fn file(file: &FileReport<'_>) -> String {
    let outcome = file.outcome;
    if outcome.kind == FileKind::Other && outcome.diagnostics.is_empty() {
        return String::new();
    }
    // Anchors of several files must not meet.
    let id = format!("f{}", &fingerprint::hash(&[file.path])[..8]);
    let none = Views::default();
    let views = file.views.unwrap_or(&none);
    let mut res = format!("<section>\n<h2>{}</h2>\n", escape(file.path));
    res += &fleets(&outcome.fleets, file.lines, &id);
    if !views.picture.things.is_empty() {
        let _ =
            writeln!(res, "<div class=\"pic\">{}</div>", svg(&views.picture, file.lines, Frame::Page(&id)));
    }
    res += &findings(&outcome.diagnostics, file.lines, &id);
    res += "<div class=\"two\">\n<div><h3>Template</h3>\n";
    res += &source(file, &views.secrets, &id);
    res += "</div>\n<div>\n";
    for story in &views.stories {
        res += &boot(story, file.lines, &id);
    }
    if views.stories.is_empty() {
        res += "<h3>Nothing boots</h3>\n";
    }
    res + "</div>\n</div>\n</section>\n"
}

/// Everything after the last file.
pub(super) fn tail(summary: &Summary) -> String {
    let counts = if summary.with_findings == 0 { "no findings".to_owned() } else { summary.counts() };
    let files = count(summary.templates.max(summary.with_findings), "template");
    let failed =
        if summary.failed { " Not everything could be checked: standard error says why." } else { "" };
    format!("<section><p>{counts} in {files}.{failed}</p></section>\n</body>\n</html>\n")
}

/// What the fleets do and cost.
fn fleets(fleets: &[FleetReport], lines: &Lines<'_>, id: &str) -> String {
    if fleets.is_empty() {
        return String::new();
    }
    let mut res = "<table><tr><th>fleet</th><th>what it does</th><th>instances</th><th>type</th>\
                   <th class=\"n\">USD an hour</th><th class=\"n\">at most</th><th class=\"n\">USD a month</th></tr>\n"
        .to_owned();
    for it in fleets {
        let line = lines.position(it.span.start).line;
        let deeds: Vec<_> = fleet::deeds(it)
            .into_iter()
            .map(|part| {
                let class = match part.tone {
                    Tone::Plain => "",
                    Tone::Bad => "bad",
                    Tone::Careful => "careful",
                    Tone::Unknown => "unknown",
                };
                format!("<span class=\"{class}\">{}</span>", escape(&part.text))
            })
            .collect();
        let usd = |it: Option<f64>| it.map_or_else(|| "?".to_owned(), |it| format!("{it:.2}"));
        let types: Vec<_> = it.cost.instance_types.iter().take(4).map(|it| sanitize::short(it, 40)).collect();
        let _ = writeln!(
            res,
            "<tr><td><a href=\"#{id}L{line}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&fleet::name(&it.id)),
            deeds.join(", "),
            it.capacity.desired.map_or_else(|| "?".to_owned(), |it| it.to_string()),
            escape(&types.join(", ")),
            usd(it.cost.usd_per_hour),
            usd(it.cost.usd_per_hour_at_max),
            usd(it.cost.usd_per_month),
        );
    }
    let dated = fleets.iter().find_map(|it| Some((it.cost.as_of.as_ref()?, &it.cost.region)));
    res += "</table>\n";
    if let Some((date, region)) = dated {
        let region = escape(&sanitize::short(region, 40));
        let _ = writeln!(res, "<p class=\"unknown\">On-Demand, {region}, prices of {}.</p>", escape(date));
    }
    res
}

/// The findings, each with a link to its line.
fn findings(all: &[Diagnostic], lines: &Lines<'_>, id: &str) -> String {
    if all.is_empty() {
        return "<p>No findings.</p>\n".to_owned();
    }
    let mut res = "<ol class=\"f\">\n".to_owned();
    for it in all.iter().take(MAX_FINDINGS) {
        let severity = severity_word(it.severity);
        let Position { line, column, .. } = lines.position(it.finding.span.start);
        let help =
            it.finding.help.as_deref().map(|it| sanitize::short_lines(it, MAX_HELP)).unwrap_or_default();
        let help: Vec<_> = help.lines().map(escape).collect();
        let help =
            if help.is_empty() { String::new() } else { format!("<p class=\"h\">{}</p>", help.join("\n")) };
        let because = it.finding.because.iter().take(8).map(|(span, label)| {
            let line = lines.position(span.start).line;
            format!(" · <a href=\"#{id}L{line}\">line {line}</a> {}", escape(&sanitize::short(label, 200)))
        });
        let code = match url(&it.code) {
            Some(url) => format!("<a href=\"{url}\">{}</a>", it.code),
            None => it.code.to_string(),
        };
        let _ = writeln!(
            res,
            "<li class=\"{severity}\"><b>{code}</b> {} <span class=\"at\">{severity}, \
             <a href=\"#{id}L{line}\">line {line}:{column}</a>{}</span>{help}</li>",
            escape(&message(it)),
            because.collect::<String>(),
        );
    }
    res += "</ol>\n";
    if all.len() > MAX_FINDINGS {
        let _ = writeln!(res, "<p>and {} more</p>", all.len() - MAX_FINDINGS);
    }
    res
}

/// The template, with the words that were found.
fn source(file: &FileReport<'_>, secrets: &[Span], id: &str) -> String {
    let lines = file.lines;
    let mut marks: Vec<(usize, usize, Severity)> = file.outcome.diagnostics.iter().map(mark).collect();
    marks.sort_by_key(|it| (it.0, it.1));
    let mut res = "<div class=\"code\" tabindex=\"0\">\n".to_owned();
    let shown = lines.count().min(MAX_LINES);
    let mut marks = marks.into_iter().peekable();
    let mut open: Vec<(usize, usize, Severity)> = Vec::new();
    for number in 0..shown {
        let start = lines.start_of(number);
        let end = if number + 1 < lines.count() { lines.start_of(number + 1) } else { lines.source().len() };
        while let Some(it) = marks.next_if(|it| it.0 < end.max(start + 1)) {
            open.push(it);
        }
        open.retain(|it| it.1 > start);
        let text = line(lines.source(), (start, end), &open, secrets);
        let number = number + 1;
        let _ = writeln!(
            res,
            "<div id=\"{id}L{number}\"><a href=\"#{id}L{number}\">{number}</a><pre>{text}</pre></div>"
        );
    }
    res += "</div>\n";
    if lines.count() > shown {
        let _ = writeln!(res, "<p>and {} lines more</p>", lines.count() - shown);
    }
    res
}

fn mark(it: &Diagnostic) -> (usize, usize, Severity) {
    let span = it.finding.span;
    (span.start as usize, span.end as usize, it.severity)
}

/// A line, cut where it is too long, with what is marked on it.
fn line(
    source: &str,
    (start, end): (usize, usize),
    marks: &[(usize, usize, Severity)],
    secrets: &[Span],
) -> String {
    let cut = |at: usize| source.floor_char_boundary(at.min(source.len()));
    let text_end = cut(start + source[start..end].trim_end_matches(['\n', '\r']).len().min(MAX_LINE));
    let mut res = String::new();
    let mut at = start;
    let put = |res: &mut String, from: usize, to: usize| {
        let mut from = from;
        for it in secrets {
            let (hidden_from, hidden_to) = (cut(it.start as usize).max(from), cut(it.end as usize).min(to));
            if hidden_from < hidden_to {
                *res += &escape(&source[from..hidden_from]);
                *res += "****";
                from = hidden_to;
            }
        }
        *res += &escape(&source[from..to]);
    };
    for (mark_start, mark_end, severity) in marks {
        let (from, to) = (cut(*mark_start).max(at), cut(*mark_end).min(text_end));
        if from >= to {
            continue;
        }
        put(&mut res, at, from);
        let _ = write!(res, "<mark class=\"{}\">", severity_word(*severity));
        put(&mut res, from, to);
        res += "</mark>";
        at = to;
    }
    put(&mut res, at, text_end.max(at));
    if cut(start + source[start..end].trim_end_matches(['\n', '\r']).len()) > text_end {
        res += " ...";
    }
    res
}

/// What an instance does when it boots, beside the template.
fn boot(story: &Story, lines: &Lines<'_>, id: &str) -> String {
    let mut res = format!("<h3>The boot of {}</h3>\n", escape(&fleet::name(&story.fleet)));
    let because =
        |it: Option<&str>| it.map(|it| format!(": {}", sanitize::short(it, 300))).unwrap_or_default();
    let _ = writeln!(
        res,
        "<p>joins {}{}<br>signals {}{}</p>",
        joins(story.joins.verdict),
        escape(&because(story.joins.because.as_deref())),
        signals(story.signals.verdict),
        escape(&because(story.signals.because.as_deref())),
    );
    res += "<div class=\"code\" tabindex=\"0\">\n";
    for it in story.script.iter().take(MAX_LINES) {
        let number = it.offset.map(|it| lines.position(it).line);
        let number =
            number.map_or_else(|| "<i></i>".to_owned(), |it| format!("<a href=\"#{id}L{it}\">{it}</a>"));
        let _ =
            writeln!(res, "<div>{number}<pre>{}</pre></div>", escape(&sanitize::short(&it.text, MAX_LINE)));
        for step in &it.steps {
            let _ = writeln!(res, "<div class=\"s\">&#8627; {}</div>", escape(&told(step)));
        }
    }
    for step in &story.elsewhere {
        let _ = writeln!(res, "<div class=\"s\">&#8627; {}</div>", escape(&told(step)));
    }
    res + "</div>\n"
}
