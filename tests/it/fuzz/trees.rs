//! Text to tree.
//!
//! Whatever reads trees in another way than the full parser is held against it here: the same nodes, the same places.

use ecslint::syntax::{Parse, ProblemKind, parse, parse_any_yaml, parse_common_yaml};

use super::text;
use crate::syntax::{corpus, places, touch};

/// More text than this says nothing new, and cuts cost by its square.
const MAX: usize = 4 << 10;

/// Every place is in the file and leads to what it names; no tree is larger than its text.
pub(super) fn yaml(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    let res = touch(source);
    places_are_in(source, &res);
    places::check_maps("fuzzed", source);
    let n_nodes = res.tree.nodes().count();
    // Values that are not there are nodes too.
    assert!(n_nodes <= 2 * source.len() + 2, "{n_nodes} nodes");
}

/// Where the fast half of reading YAML takes a text, the slow one builds the same tree.
pub(super) fn halves(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    if let Some(common) = parse_common_yaml(source) {
        assert!(common == parse_any_yaml(source));
    }
}

/// What the independent parser of JSON takes is taken, with the same values.
pub(super) fn json(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    yaml(input);
    // A tree keeps a key that is written twice; the other one does not.
    let Ok(expected) = serde_json::from_str::<serde_json::Value>(source) else { return };
    // What is neither a mapping nor a list is read as YAML, which forbids more letters in a text.
    if !source.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '[']) {
        return;
    }
    let res = parse(source);
    assert_eq!(res.problems, []);
    let Some(root) = res.tree.roots().next() else { panic!("no document") };
    if is_once(root) {
        assert_eq!(corpus::json(root), expected);
    }
}

/// Whether no mapping has a key twice.
fn is_once(root: ecslint::syntax::Node<'_>) -> bool {
    root.descendants().all(|it| {
        let mut keys = std::collections::HashSet::new();
        it.entries().all(|(key, _)| keys.insert(key.text()))
    })
}

fn places_are_in(source: &str, res: &Parse<'_>) {
    for node in res.tree.nodes() {
        let (own, full) = (node.span(), node.full_span());
        assert!(own.start <= own.end && full.start <= own.start && own.end <= full.end);
        assert!(source.get(full.start as usize..full.end as usize).is_some(), "{full:?}");
        for below in node.items().chain(node.entries().flat_map(|it| [it.0, it.1])) {
            let below = below.full_span();
            assert!(own.start <= below.start && below.end <= own.end, "{below:?} is outside {own:?}");
        }
    }
    for it in res.tree.comments() {
        assert!(it.slice(source).starts_with('#'));
    }
    let syntax = res.problems.iter().rposition(|it| it.kind == ProblemKind::Syntax);
    assert!(syntax.is_none_or(|it| it + 1 == res.problems.len()));
    for it in &res.problems {
        let because = it.because.iter().map(|it| it.0);
        for span in [it.span].into_iter().chain(because) {
            assert!(source.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        }
    }
}

pub(super) fn yaml_seeds() -> Vec<Vec<u8>> {
    let small = [
        "a: [b, {c: d}, 'e', \"f\\n\\u00e4\"]\n",
        "- |+2\n    x\n   y\n- >-\n  folded\n\n  text\n",
        "? a\n: !Sub &b c\nd: *b\n# e\n...\n--- {f: ~}\n",
        "\u{feff}a: plain\n  text # c\r\nb: !Ref c\r\n",
        "a: 'it''s\n\n  two'\nb: \"x\\\n  y\"\n",
        "%TAG ! tag:x,2000:\n--- !a\n- - b\n  - c: d\n",
    ];
    small.iter().map(|it| it.as_bytes().to_vec()).chain(super::templates()).collect()
}

pub(super) fn json_seeds() -> Vec<Vec<u8>> {
    let small = [
        r#"{"a": [1, -2.5e+3, true, false, null, [], {}], "b\u00e4\ud83d\ude00": "c\"\\\/\b\f\n\r\t"}"#,
        "[\"\u{1f980}\", 0.10, 1E2, {\"a\":{\"a\":\"\"}}]",
    ];
    let templates = super::templates().into_iter().filter(|it| it.starts_with(b"{"));
    small.iter().map(|it| it.as_bytes().to_vec()).chain(templates).collect()
}
