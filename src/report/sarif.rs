//! SARIF 2.1.0, which code scanning and editors read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>
//!
//! The structs here are what ecslint says of the format, in the order of its fields. Columns are those of [`Lines`]:
//! Unicode scalar values, a byte order mark not counted, lines that end with `\n` or `\r\n`, as SARIF has it.

mod rules;
mod uri;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::json::{escape, safety};
use super::{FileReport, MAX_MESSAGE, Summary, details, fingerprint, message, sanitize};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use crate::policy::Policy;
use crate::rules::RULES;
use crate::text::{Lines, Span};
use uri::uri;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Everything before the first result.
pub(super) fn head() -> String {
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\
         \"columnKind\":\"unicodeCodePoints\",\"results\":[\n"
    )
}

/// The results of one file, one on a line.
pub(super) fn file(file: &FileReport<'_>) -> Results {
    let uri = uri(file.path);
    let results = file.outcome.diagnostics.iter().zip(fingerprint::fingerprints(file));
    let results =
        results.map(|(it, print)| escape::to_string(&SarifResult::new(it, print, &uri, file.lines)));
    let text = results.collect::<Vec<_>>().join(",\n");
    Results { text, policies: Arc::clone(&file.outcome.policies) }
}

/// Everything after the last result: the rules are all there, whatever is found.
pub(super) fn tail(summary: &Summary, policies: &Policies) -> String {
    let tool = rules::tool(policies.0.values().filter_map(|(all, idx)| all.get(*idx)));
    let is_done = !summary.failed;
    format!("\n],\"tool\":{tool},\n\"invocations\":[{{\"executionSuccessful\":{is_done}}}]}}]}}\n")
}

/// The results of one file.
#[derive(Clone, Debug)]
pub struct Results {
    text: String,
    policies: Arc<[Policy]>,
}

/// The policies of all files by their codes. Which ones there are is known behind the last file: each has the
/// configuration of its folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies(BTreeMap<String, (Arc<[Policy]>, usize)>);

impl Policies {
    /// Remembers the policies of a file; its results are left.
    pub(super) fn take(&mut self, results: Results) -> String {
        for (idx, policy) in results.policies.iter().enumerate() {
            let entry = self.0.entry(policy.issuer.code.to_string());
            entry.or_insert_with(|| (Arc::clone(&results.policies), idx));
        }
        results.text
    }
}

/// A plain text of SARIF: `{0}` would be replaced, and `[a](b)` would be a link.
#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
}

/// GitHub reckons one of its own besides, from the line.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "ecslint/v1")]
    own: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation<'a>,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation<'a> {
    uri: &'a str,
}

/// The end is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The resource that it is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    name: &'a str,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Message,
    artifact_changes: [ArtifactChange<'a>; 1],
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    safety: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation<'a>,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

impl Message {
    /// Takes a harmless text.
    fn new(text: String) -> Message {
        let text = if text.contains("](") { text.replace("](", "] (") } else { text };
        // Braces ought to be doubled everywhere; but no reader halves them, and `${Cluster}` is a common word here.
        let digit = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
        let mut res = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            res.push_str(before);
            res.push_str(if digit(after) { "{ " } else { "{" });
            rest = after;
        }
        Message { text: res + rest }
    }
}

impl<'a> SarifResult<'a> {
    fn new(it: &'a Diagnostic, fingerprint: String, uri: &'a str, lines: &Lines<'_>) -> SarifResult<'a> {
        let finding = &it.finding;
        let labels = finding.because.iter().enumerate().map(|(idx, (span, label))| Location {
            id: Some(idx + 1),
            message: Some(Message::new(sanitize::short(label, MAX_MESSAGE))),
            ..Location::new(uri, *span, lines)
        });
        // What might replace a resource is for a person to do, not for a button.
        let fix = finding.fix.as_ref().filter(|it| it.safety != Safety::DisplayOnly);
        SarifResult {
            rule_id: &it.code,
            rule_index: RULES.iter().position(|rule| rule.code == it.code),
            level: level(it.severity),
            message: Message::new([vec![message(it)], details(it)].concat().join("\n")),
            locations: [Location {
                logical_locations: finding
                    .resource
                    .as_deref()
                    .map(LogicalLocation::new)
                    .into_iter()
                    .collect(),
                ..Location::new(uri, finding.span, lines)
            }],
            related_locations: labels.collect(),
            partial_fingerprints: Fingerprints { own: fingerprint },
            fixes: fix.map(|it| SarifFix::new(it, uri, lines)).into_iter().collect(),
        }
    }
}

impl<'a> Location<'a> {
    fn new(uri: &'a str, span: Span, lines: &Lines<'_>) -> Location<'a> {
        let artifact_location = ArtifactLocation { uri };
        let physical_location = PhysicalLocation { artifact_location, region: Region::new(span, lines) };
        Location { id: None, message: None, physical_location, logical_locations: Vec::new() }
    }
}

impl Region {
    fn new(span: Span, lines: &Lines<'_>) -> Region {
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl<'a> LogicalLocation<'a> {
    fn new(id: &'a str) -> LogicalLocation<'a> {
        LogicalLocation { name: id, fully_qualified_name: format!("Resources.{id}"), kind: "resource" }
    }
}

impl<'a> SarifFix<'a> {
    fn new(fix: &'a Fix, uri: &'a str, lines: &Lines<'_>) -> SarifFix<'a> {
        let replacement = |it: &'a Edit| Replacement {
            deleted_region: Region::new(it.span, lines),
            inserted_content: Content { text: &it.text },
        };
        let replacements = fix.edits.iter().map(replacement).collect();
        SarifFix {
            description: Message::new(sanitize::short(&fix.title, MAX_MESSAGE)),
            artifact_changes: [ArtifactChange { artifact_location: ArtifactLocation { uri }, replacements }],
            properties: FixProperties { safety: safety(fix.safety) },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_link_or_a_place_to_fill() {
        let text = |it: &str| Message::new(it.to_owned()).text;
        assert_eq!(text("see [a](https://b) and [c]"), "see [a] (https://b) and [c]");
        assert_eq!(text("`${Cluster}` {0} {{1}}"), "`${Cluster}` { 0} {{ 1}}");
    }
}
