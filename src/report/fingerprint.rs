//! What a finding is known by when its lines have moved: the rule, the resource and the words, never the place.

use std::collections::HashMap;

use super::{FileReport, speaks_of_the_file};
use crate::diagnostic::Diagnostic;

/// The fingerprints of the findings of a file, in their order; each stands once.
pub(super) fn fingerprints(file: &FileReport<'_>) -> Vec<String> {
    let mut seen = HashMap::new();
    let one = |it: &Diagnostic| {
        let resource = it.finding.resource.as_deref().unwrap_or_default();
        let key = hash(&[&it.code, resource, &words(file, it)]);
        // Equals are told apart by their order.
        let nth = seen.entry(key.clone()).and_modify(|it| *it += 1).or_insert(1_usize);
        if *nth == 1 { key } else { hash(&[&key, &nth.to_string()]) }
    };
    file.outcome.diagnostics.iter().map(one).collect()
}

/// 32 hexadecimal digits of some texts: FNV-1a, which needs no crate and is not meant to keep a secret.
pub(super) fn hash(texts: &[&str]) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    // A byte that no text has keeps them apart.
    let bytes = texts.iter().flat_map(|it| it.bytes().chain([0xff]));
    let res = bytes.fold(BASIS, |res, byte| (res ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{res:032x}")
}

/// The first line of the words that are wrong, whatever its indentation; where there are none, the line they lack in.
fn words(file: &FileReport<'_>, it: &Diagnostic) -> String {
    if speaks_of_the_file(it) {
        return String::new();
    }
    let source = file.lines.source();
    let cut = |offset: usize| source.floor_char_boundary(offset.min(source.len()));
    let span = it.finding.span;
    let (mut start, mut end) = (cut(span.start as usize), cut(span.end as usize));
    if source[start..end].trim().is_empty() {
        let (_, number) = file.lines.line_start(start);
        (start, end) = (file.lines.start_of(number), file.lines.start_of(number + 1));
    }
    let line = source[start..end].trim().lines().next().unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Finding, Severity};
    use crate::lint::{FileKind, Outcome};
    use crate::text::{Lines, Span};

    /// The fingerprints of findings on all places where `words` stand.
    fn of(source: &str, words: &str, resource: &str) -> Vec<String> {
        let diagnostic = |(at, _)| Diagnostic {
            code: "ECS001".into(),
            name: "a-name".into(),
            severity: Severity::Error,
            finding: Finding::at(Span::new(at, at + words.len()), "a fact").on(resource),
            scenarios: None,
        };
        let diagnostics = source.match_indices(words).map(diagnostic).collect();
        let outcome = Outcome { kind: FileKind::CloudFormation, diagnostics, ..Outcome::other() };
        fingerprints(&FileReport {
            path: "a.yml",
            lines: &Lines::new(source),
            outcome: &outcome,
            views: None,
        })
    }

    #[test]
    fn it_survives_what_moves_the_lines() {
        let one = of("A:\n  B: bad\n", "bad", "A");
        assert_eq!(one, of("# new\r\n\r\nA:\r\n      B:   bad\r\n", "bad", "A"));
        assert_ne!(one, of("A:\n  B: bad\n", "bad", "Other"));
        assert_ne!(one, of("A:\n  B: worse\n", "worse", "A"));
        // The rest of a block may change.
        assert_eq!(of("a: |\n x y\n z", "x y\n z", "A"), of("a: |\n  x  y\n  w", "x  y\n  w", "A"));
    }

    #[test]
    fn equals_are_told_apart_by_their_order() {
        let one = of("bad", "bad", "A");
        let three = of("bad bad bad", "bad", "A");
        assert_eq!(three[0], one[0]);
        assert!(three[0] != three[1] && three[1] != three[2] && three[0] != three[2]);
    }

    /// The first value is that of the empty text, whose one byte is the end of it.
    #[test]
    fn texts_are_kept_apart() {
        assert_eq!(hash(&[]), "6c62272e07bb014262b821756295c58d");
        // FNV-1a of "a" followed by 0xff, reckoned by its definition elsewhere.
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a", ""]), hash(&["a"]));
    }
}
