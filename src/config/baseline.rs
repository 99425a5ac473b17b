//! A baseline: what was found before, and is not to be told again.
//!
//! Invariants: a finding is known by its rule, its resource and its words, never by its line, and as often as it stands
//! there; the words themselves, which may be secret, are not kept, only a number made of them; the same findings always
//! give the same file; what keeps a template from being read is never known before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::lint::{ALWAYS_TOLD, FileKind, Means, Outcome, Suppressor};

/// The version of the format.
const VERSION: u32 = 1;

/// What was found before, by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    by_path: BTreeMap<String, Vec<Known>>,
}

/// A finding that is known, and how often.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, seen from the folder of the baseline, with `/`.
    pub path: String,
    /// `ECS303`.
    pub code: String,
    /// The logical id.
    pub resource: Option<String>,
    /// For readers; not compared.
    pub message: String,
    /// A number for the words.
    pub words: String,
    /// How often.
    pub count: u32,
}

/// Why a baseline cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// From 1.
    pub line: usize,
    /// From 1; 0 before the first character of a line.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    ecslint: String,
    findings: Vec<Known>,
}

/// What each version has.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// Reads a baseline.
///
/// # Errors
/// [`Broken`] for whatever [`render`] does not write.
pub fn parse(text: &str) -> Result<Baseline, Broken> {
    let broken = |error: serde_json::Error| {
        let (line, column, message) = (error.line(), error.column(), error.to_string());
        let place = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Broken { line, column, message: format!("this is no baseline: {message}") }
    };
    let head: Head = serde_json::from_str(text).map_err(broken)?;
    if head.version != VERSION {
        let message = format!(
            "a baseline of version {} cannot be read: write it anew with `--write-baseline`",
            head.version
        );
        return Err(Broken { line: 1, column: 1, message });
    }
    let file: File = serde_json::from_str(text).map_err(broken)?;
    let mut res = Baseline::default();
    for known in file.findings {
        res.by_path.entry(known.path.clone()).or_default().push(known);
    }
    Ok(res)
}

/// The file that says these are known.
#[must_use]
pub fn render(mut findings: Vec<Known>) -> String {
    findings.sort();
    let file = File { version: VERSION, ecslint: env!("CARGO_PKG_VERSION").to_owned(), findings };
    let text = serde_json::to_string_pretty(&file).expect("internal error: plain data is always JSON");
    text + "\n"
}

/// All findings of a file as they are to be known.
#[must_use]
pub fn known(path: &str, source: &str, outcome: &Outcome) -> Vec<Known> {
    let mut res: Vec<Known> = Vec::new();
    let mut places = BTreeMap::new();
    for diagnostic in outcome.diagnostics.iter().filter(|it| can_be_known(it)) {
        let key = key(source, diagnostic);
        let place = *places.entry(key.clone()).or_insert(res.len());
        if let Some(known) = res.get_mut(place) {
            known.count += 1;
            continue;
        }
        let (code, resource, words) = key;
        let message = diagnostic.finding.message.clone();
        res.push(Known { path: path.to_owned(), code, resource, message, words, count: 1 });
    }
    res
}

impl Baseline {
    /// Takes the known findings out of what is told. Gives those that are gone: that were not found although their
    /// rule, by the answer of `runs`, was run.
    #[must_use]
    pub fn apply(
        &self,
        path: &str,
        source: &str,
        outcome: &mut Outcome,
        runs: impl Fn(&str) -> bool,
    ) -> Vec<Known> {
        let Some(known) = self.by_path.get(path) else { return Vec::new() };
        let mut left: BTreeMap<_, u32> = BTreeMap::new();
        let key_of = |it: &Known| (it.code.clone(), it.resource.clone(), it.words.clone());
        for it in known {
            let count = left.entry(key_of(it)).or_default();
            *count = count.saturating_add(it.count);
        }
        outcome.suppress(|it| {
            let count = left.get_mut(&key(source, it)).filter(|it| **it > 0)?;
            *count -= 1;
            Some(before())
        });
        // What says in the template not to tell it is there as well.
        for it in &outcome.suppressed {
            if let Some(count) = left.get_mut(&key(source, &it.diagnostic)) {
                *count = if it.by.means == Means::Baseline { *count } else { count.saturating_sub(1) };
            }
        }
        // Nobody looked at a template that cannot be read.
        if outcome.kind != FileKind::CloudFormation || !outcome.diagnostics.iter().all(can_be_known) {
            return Vec::new();
        }
        let mut res = Vec::new();
        for it in known.iter().filter(|it| runs(&it.code)) {
            if let Some(count) = left.remove(&key_of(it)).filter(|it| *it > 0) {
                res.push(Known { count, ..it.clone() });
            }
        }
        res
    }

    /// The files in which something is known.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }

    /// How much is known of a file.
    #[must_use]
    pub fn of(&self, path: &str) -> &[Known] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }
}

/// Takes all findings out of what is told: a baseline was made of them.
pub fn suppress_all(outcome: &mut Outcome) {
    outcome.suppress(|it| can_be_known(it).then(before));
}

fn before() -> Suppressor {
    Suppressor { means: Means::Baseline, span: None, reason: None }
}

fn can_be_known(diagnostic: &Diagnostic) -> bool {
    !ALWAYS_TOLD.contains(&&*diagnostic.code)
}

/// What a finding is known by.
fn key(source: &str, diagnostic: &Diagnostic) -> (String, Option<String>, String) {
    let finding = &diagnostic.finding;
    let words = source.get(finding.span.start as usize..finding.span.end as usize).unwrap_or_default();
    (diagnostic.code.clone().into_owned(), finding.resource.clone(), number(words))
}

/// A number for some words, however they are broken into lines (FNV-1a, 64 bits).
fn number(words: &str) -> String {
    let bytes = words.split_whitespace().flat_map(|it| it.bytes().chain([b' ']));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
