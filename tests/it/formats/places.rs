//! The places that a report names, read as those do who get it.

use std::collections::{BTreeMap, HashMap};

use ecslint::diagnostic::Severity;
use ecslint::lint::Outcome;
use ecslint::report::{Format, sanitize};
use ecslint::text::Lines;
use regex::{Captures, Regex};
use serde_json::Value;

use crate::schema::valid_report;

/// What a finding is, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    path: String,
    line: usize,
    column: usize,
    code: String,
    severity: Severity,
}

/// The places of an outcome.
pub(crate) fn of(path: &str, source: &str, outcome: &Outcome) -> Vec<Place> {
    let lines = Lines::new(source);
    let place = |it: &ecslint::diagnostic::Diagnostic| {
        let at = lines.position(it.finding.span.start);
        Place {
            path: path.to_owned(),
            line: at.line,
            column: at.column,
            code: it.code.to_string(),
            severity: it.severity,
        }
    };
    outcome.diagnostics.iter().map(place).collect()
}

/// Reads the report, and holds it against the places that it should name.
#[track_caller]
pub(crate) fn compare(format: &Format, report: &str, wanted: &[Place]) {
    let found = match format {
        Format::Human(_) | Format::Concise => return people(format, report, wanted),
        Format::Json => json(report),
        Format::Sarif => sarif(report),
        Format::Gitlab => gitlab(report),
        Format::Junit => junit(report),
        Format::Github => github(report),
        Format::Markdown => markdown(report),
        Format::Html => html(report),
    };
    // What is no plain JSON string has the path as people see it.
    let is_exact = matches!(format, Format::Json | Format::Sarif | Format::Gitlab);
    let mut wanted: Vec<Place> = wanted.to_vec();
    if !is_exact {
        wanted.iter_mut().for_each(|it| it.path = shown(format, &it.path));
    }
    if matches!(format, Format::Markdown) {
        wanted.sort_by_key(|it| std::cmp::Reverse(it.severity));
    }
    assert_eq!(found, wanted, "{format:?}\n{report}");
}

fn shown(format: &Format, path: &str) -> String {
    let path = sanitize::line(path).into_owned();
    // XML cannot have them at all.
    if matches!(format, Format::Junit | Format::Html) {
        path.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
    } else {
        path
    }
}

/// What people read has no grammar: the words of each place stand there, so often.
fn people(format: &Format, report: &str, wanted: &[Place]) {
    let words = |it: &Place| {
        let place = format!("{}:{}:{}", sanitize::line(&it.path), it.line, it.column);
        sanitize::without_commands(match format {
            Format::Human(_) => format!(",-[{place}]"),
            _ => format!("{place}: {}[{}] ", word(it.severity), it.code),
        })
    };
    // What speaks of the whole file has no words to draw: its path stands where the name of a rule does.
    let is_drawn = |it: &&Place| {
        let head = format!("{}[{}] {}: ", word(it.severity), it.code, sanitize::line(&it.path));
        matches!(format, Format::Concise) || (it.line, it.column) != (1, 1) || !report.contains(&head)
    };
    let mut counts = BTreeMap::new();
    wanted.iter().filter(is_drawn).for_each(|it| *counts.entry(words(it)).or_insert(0) += 1);
    for (words, count) in counts {
        assert!(report.matches(&words).count() >= count, "{words:?} x {count}\n{report}");
    }
    if matches!(format, Format::Concise) {
        let starts: Vec<_> = wanted.iter().map(words).collect();
        let lines: Vec<_> = report.lines().collect();
        assert_eq!(lines.len(), starts.len(), "{report}");
        assert!(lines.iter().zip(&starts).all(|(line, start)| line.starts_with(start)), "{report}");
    } else {
        let codes = wanted.iter().map(|it| format!("{}[{}] ", word(it.severity), it.code));
        assert!(codes.into_iter().all(|it| report.contains(&it)), "{report}");
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn severity(word: &str) -> Severity {
    match word {
        "error" | "critical" => Severity::Error,
        "warning" | "major" => Severity::Warning,
        "info" | "note" | "notice" => Severity::Info,
        other => panic!("unknown severity {other}"),
    }
}

/// The list of findings of a page.
fn html(report: &str) -> Vec<Place> {
    let heading = Regex::new("<h2>(.*?)</h2>").expect("it is one");
    let unescape = |text: &str| {
        let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
        named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let path = heading.captures(report).map(|it| unescape(&it[1])).unwrap_or_default();
    let row = r#"(?m)^<li class="(\w+)"><b><a href="[^"]*">(\w+)</a></b> .*? <span class="at">\w+, <a href="\#\w+">line (\d+):(\d+)</a>"#;
    let rows = Regex::new(row).expect("it is one");
    let place = |it: Captures<'_>| Place {
        path: path.clone(),
        line: it[3].parse().expect("a line"),
        column: it[4].parse().expect("a column"),
        code: it[2].to_owned(),
        severity: severity(&it[1]),
    };
    rows.captures_iter(report).map(place).collect()
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))).expect("small")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn json(text: &str) -> Vec<Place> {
    let report = valid_report(text);
    let file = &report["files"][0];
    let place = |it: &Value| Place {
        path: string(&file["path"]),
        line: number(&it["span"]["start"]["line"]),
        column: number(&it["span"]["start"]["column"]),
        code: string(&it["code"]),
        severity: severity(&string(&it["severity"])),
    };
    list(&file["findings"]).iter().map(place).collect()
}

fn sarif(text: &str) -> Vec<Place> {
    let log: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"));
    let place = |it: &Value| {
        let place = &it["locations"][0]["physicalLocation"];
        let uri = string(&place["artifactLocation"]["uri"]);
        assert!(uri.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~/%".contains(&it)), "{uri}");
        let message = string(&it["message"]["text"]);
        assert!(!message.contains("]("), "{message}");
        Place {
            path: percent_decoded(&uri),
            line: number(&place["region"]["startLine"]),
            column: number(&place["region"]["startColumn"]),
            code: string(&it["ruleId"]),
            severity: severity(&string(&it["level"])),
        }
    };
    list(&log["runs"][0]["results"]).iter().map(place).collect()
}

fn gitlab(text: &str) -> Vec<Place> {
    let report: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"));
    let mut seen: Vec<_> = list(&report).iter().map(|it| string(&it["fingerprint"])).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), list(&report).len(), "a fingerprint stands twice\n{text}");
    let place = |it: &Value| Place {
        path: string(&it["location"]["path"]),
        line: number(&it["location"]["positions"]["begin"]["line"]),
        column: number(&it["location"]["positions"]["begin"]["column"]),
        code: string(&it["check_name"]),
        severity: severity(&string(&it["severity"])),
    };
    list(&report).iter().map(place).collect()
}

fn junit(text: &str) -> Vec<Place> {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("no XML: {error}\n{text}"));
    let attribute = |node: roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap_or_default().to_owned();
    let cases = document.descendants().filter(|it| it.has_tag_name("testcase"));
    let place = |case: roxmltree::Node<'_, '_>| {
        let name = attribute(case, "name");
        let (head, at) = name.split_once(" at ")?;
        let (line, column) = at.split_once(':').expect("line and column");
        assert_eq!(
            (attribute(case, "line"), attribute(case, "file")),
            (line.to_owned(), attribute(case, "classname"))
        );
        let failure = case.children().find(|it| it.has_tag_name("failure"));
        Some(Place {
            path: attribute(case, "classname"),
            line: line.parse().expect("a number"),
            column: column.parse().expect("a number"),
            code: head.split(' ').next().expect("a word").to_owned(),
            severity: failure.map_or(Severity::Info, |it| severity(&attribute(it, "type"))),
        })
    };
    let names: Vec<_> =
        document.descendants().filter(roxmltree::Node::is_element).map(|it| it.tag_name().name()).collect();
    let known = ["testsuites", "testsuite", "testcase", "failure", "system-out"];
    assert!(names.iter().all(|it| known.contains(it)), "{names:?}");
    cases.filter_map(place).collect()
}

/// As the runner does: every line is one command, and none other.
fn github(text: &str) -> Vec<Place> {
    assert!(text.is_empty() || text.ends_with('\n'));
    let place = |line: &str| {
        let (info, _) = line.strip_prefix("::").and_then(|it| it.split_once("::")).expect("a command");
        let (command, properties) = info.split_once(' ').expect("it has properties");
        let properties: HashMap<_, _> = properties.split(',').filter_map(|it| it.split_once('=')).collect();
        let value = |name: &str| {
            let value = properties.get(name).unwrap_or_else(|| panic!("no {name} in {line}"));
            value
                .replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%0A", "\n")
                .replace("%0D", "\r")
                .replace("%25", "%")
        };
        Place {
            path: value("file"),
            line: value("line").parse().expect("a number"),
            column: value("col").parse().expect("a number"),
            code: value("title").split(' ').next().expect("a word").to_owned(),
            severity: severity(command),
        }
    };
    // The last line may say that GitHub shows not all of them, and has no place.
    text.lines().filter(|it| !it.starts_with("::notice title=ecslint::ecslint: ")).map(place).collect()
}

fn markdown(text: &str) -> Vec<Place> {
    let row = Regex::new(r"(?m)^\| (error|warning|info) \| \[(ECS\d{3})\]\([^)]*\) [a-z0-9-]+ \| ([^|]*) \|")
        .expect("it is one");
    let tag = Regex::new("</?code>").expect("it is one");
    let entity = Regex::new(r"&#(\d+);").expect("it is one");
    let place = |it: Captures<'_>| {
        let text = tag.replace_all(&it[3], "").into_owned();
        let decode =
            |it: &Captures<'_>| it[1].parse().ok().and_then(char::from_u32).expect("it is one").to_string();
        let text = entity.replace_all(&text, decode).into_owned();
        let mut parts = text.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|it| it.parse().ok()).expect("a number");
        let (column, line) = (number(), number());
        let path = parts.next().expect("a path").to_owned();
        Place { path, line, column, code: it[2].to_owned(), severity: severity(&it[1]) }
    };
    row.captures_iter(text).map(place).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|it| char::from(it).to_digit(16)).expect("a digit");
        bytes.push(if byte == b'%' { (digit() * 16 + digit()) as u8 } else { byte });
    }
    String::from_utf8(bytes).expect("UTF-8")
}
