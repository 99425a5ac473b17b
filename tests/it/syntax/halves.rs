//! The fast half of reading YAML and the slow one build the same tree, and the fast one is taken where it counts.

use ecslint::syntax::{MAX_NODES, parse_any_yaml, parse_common_yaml};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The forms that the fast half knows, in the places where they may end differently.
const COMMON: &str = r##"--- # the first document
# A comment
Description: >-   # folded
  A folded

  text with ünïcode
    more indented

  and less
"Quoted" : 'it''s'   # with a comment
'single': "a\tb\u00e4\\ \"c\" \
  continued   here
  folded

  twice"
Empty:
Null: ~
Plain: text:"of
  several"  lines

  # no comment
Tag: !Ref Größe
Below: !If
- IsProd
-
- - nested: [a, 'b', "c", -1, !GetAZs, [], {}, e: f, "g":h, !Sub x]   # flow
  -   deep
  - !Sub
    - |+2
        indented
      text

    - {a: b, "c":"d", e: , 'f' : [1,
      2,   # in brackets
      3], g: !Ref h}
Own:
  value
Value:

    >+
     first
     second
      third

Last: |-

  #!/bin/bash
  echo x   
...
# between
Second: |
---
- third
- |
"##;

/// Pieces that change what a line means.
const PIECES: &[&str] = &[
    "-", "- ", "? ", ":", ": ", ",", "[", "]", "{", "}", "#", " #", " # c\n", "&a ", "*a", "!", "!Sub ",
    "!T\n", "|", "|\n", "|-\n", ">\n", ">+\n", "|2\n", "'", "\"", "%", "@", "`", "\\", "\\\n", "\\u00e4",
    "\n", "\n\n", "\r\n", "\r", "\t", " ", "  ", "---\n", "...\n", "a", "a: b\n", "- a\n", "~", "\u{feff}",
    "\u{85}", "\u{a0}", "\u{2028}", "ü", "\0", "[]", "{}", "[a, b]", "{a: b}", "x: y", " : ", "\"a\":",
    "!!str ",
];

/// Asserts that both halves agree, and tells whether the fast one read the text.
pub(super) fn is_common(what: &str, source: &str) -> bool {
    let Some(common) = parse_common_yaml(source) else { return false };
    assert!(common == parse_any_yaml(source), "the halves differ on {what}: {source:?}");
    true
}

#[test]
fn agree_on_real_files() {
    for (path, text) in super::fixtures() {
        is_common(&path, &text);
        for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), format!("---\n{text}\n...")] {
            is_common(&path, &text);
        }
    }
    let (mut n_common, mut others) = (0, Vec::new());
    for (path, text) in super::corpus_files() {
        if is_common(&path, &text) {
            n_common += 1;
        } else if !text.trim_start().starts_with(['{', '[']) && parse_any_yaml(&text).problems.is_empty() {
            others.push(path);
        }
    }
    assert!(others.len() <= n_common / 20, "{n_common} files are common, but not {others:?}");
}

#[test]
fn agree_on_the_test_suite() {
    let Some(folder) = super::yaml_test_suite::folder() else { return };
    let mut n_common = 0;
    for path in std::fs::read_dir(folder).expect("the suite").flatten().map(|it| it.path()) {
        if let Ok(text) = std::fs::read_to_string(&path) {
            n_common += usize::from(is_common(&path.display().to_string(), &text));
        }
    }
    assert!(n_common > 150, "only {n_common} cases are common");
}

#[test]
fn the_common_forms_are_common() {
    assert!(is_common("the common forms", COMMON));
    assert!(is_common("CRLF", &COMMON.replace('\n', "\r\n")));
    assert!(is_common("a BOM", &format!("\u{feff}{COMMON}")));
    for (path, text) in super::fixtures() {
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        assert!(!is_yaml || is_common(&path, &text), "{path} is read by the slow half");
    }
}

#[test]
fn what_is_rare_or_wrong_is_handed_over() {
    for source in [
        "a: &b c",
        "a: *b",
        "? a\n: b",
        "!T a: b",
        "a:\tb",
        "a: b: c",
        "a: b\n c: d",
        "a: [b",
        "a: [b]: c",
        "a: {b}",
        "a: 'b' c",
        "a: \"\\q\"",
        "a: |\n  b\n c",
        "a: |0\n  b",
        "a:\n  - b\n c: d",
        "- a\nb: c",
        "a: - b",
        "a: @b",
        "a: !A !B c",
        "a: b#\u{0}",
        "a: b\rc: d",
        "%YAML 1.2\n---\na: b",
        "---\n---\na: b",
        "a",
        "a: b\n---\n'c'",
    ] {
        assert!(!is_common("a rare form", source), "{source:?} is read by the fast half");
    }
    let deep: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(!is_common("a deep text", &deep));
}

#[test]
fn agree_on_every_prefix_and_without_any_line() {
    for end in (0..COMMON.len()).filter(|it| COMMON.is_char_boundary(*it)) {
        is_common("a prefix", &COMMON[..end]);
    }
    let lines: Vec<&str> = COMMON.split_inclusive('\n').collect();
    for gone in 0..lines.len() {
        let rest: String = lines.iter().enumerate().filter(|it| it.0 != gone).map(|it| *it.1).collect();
        is_common("a text without a line", &rest);
    }
}

#[test]
fn too_many_nodes_are_no_reason_to_hand_over() {
    // The slow half says the same, and takes seconds for it.
    let most = format!("a: [{}]", "0,".repeat(MAX_NODES - 3));
    let common = parse_common_yaml(&most).expect("a common form");
    assert_eq!((common.tree.nodes().count(), common.problems.len()), (MAX_NODES, 0));
    let more = format!("a: [{}]", "0,".repeat(MAX_NODES - 2));
    let [problem] = &parse_common_yaml(&more).expect("a common form").problems[..] else {
        panic!("no problem")
    };
    assert_eq!((problem.span.start as usize, &problem.message[..9]), (more.len() - 3, "more than"));
}

/// One change to a text of some lines.
#[derive(Clone, Debug)]
enum Change {
    Delete,
    Repeat(Index),
    Swap(Index),
    Indent(usize),
    Outdent(usize),
    Crlf,
    Append(&'static str),
    Insert(Index, &'static str),
    Replace(Index, &'static str),
}

fn change() -> impl Strategy<Value = (Index, Change)> {
    let change = prop_oneof![
        Just(Change::Delete),
        any::<Index>().prop_map(Change::Repeat),
        any::<Index>().prop_map(Change::Swap),
        (1..4_usize).prop_map(Change::Indent),
        (1..4_usize).prop_map(Change::Outdent),
        Just(Change::Crlf),
        select(PIECES).prop_map(Change::Append),
        (any::<Index>(), select(PIECES)).prop_map(|it| Change::Insert(it.0, it.1)),
        (any::<Index>(), select(PIECES)).prop_map(|it| Change::Replace(it.0, it.1)),
    ];
    (any::<Index>(), change)
}

fn apply(lines: &mut Vec<String>, at: Index, change: &Change) {
    if lines.is_empty() {
        return;
    }
    let idx = at.index(lines.len());
    match change {
        Change::Delete => drop(lines.remove(idx)),
        Change::Repeat(to) => lines.insert(to.index(lines.len()), lines[idx].clone()),
        Change::Swap(with) => {
            let with = with.index(lines.len());
            lines.swap(idx, with);
        }
        Change::Indent(by) => lines[idx].insert_str(0, &" ".repeat(*by)),
        Change::Outdent(by) => {
            let blanks = lines[idx].len() - lines[idx].trim_start_matches(' ').len();
            lines[idx].drain(..blanks.min(*by));
        }
        Change::Crlf => lines[idx] = lines[idx].replace('\n', "\r\n"),
        Change::Append(piece) => {
            let end = lines[idx].trim_end().len();
            lines[idx].insert_str(end, piece);
        }
        Change::Insert(place, piece) | Change::Replace(place, piece) => {
            let starts: Vec<usize> = lines[idx].char_indices().map(|it| it.0).collect();
            let Some(start) = starts.get(place.index(starts.len().max(1))) else { return };
            let len = match change {
                Change::Replace(..) => lines[idx][*start..].chars().next().map_or(0, char::len_utf8),
                _ => 0,
            };
            lines[idx].replace_range(*start..start + len, piece);
        }
    }
}

/// The texts that changes are made to.
fn sources() -> &'static [String] {
    static SOURCES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        let mut res = vec![COMMON.to_owned(); 8];
        let files = super::fixtures().into_iter().chain(super::corpus_files());
        res.extend(files.map(|it| it.1));
        res
    });
    &SOURCES
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agree_on_changed_texts(
        source in any::<Index>(),
        (first, n_lines) in (any::<Index>(), 1..30_usize),
        changes in prop::collection::vec(change(), 0..4),
        is_whole in prop::bool::weighted(0.8),
    ) {
        let lines: Vec<&str> = source.get(sources()).split_inclusive('\n').collect();
        let first = first.index(lines.len().max(1));
        let window = lines.iter().skip(first).take(n_lines);
        // From the left margin on, a part of a text is a text.
        let blanks = |it: &str| it.len() - it.trim_start_matches(' ').len();
        let margin = window.clone().filter(|it| !it.trim().is_empty()).map(|it| blanks(it)).min().unwrap_or(0);
        let mut lines: Vec<String> = window.map(|it| it[margin.min(blanks(it))..].to_owned()).collect();
        for (at, change) in &changes {
            apply(&mut lines, *at, change);
        }
        let text = lines.concat();
        is_common("a changed text", if is_whole { &text } else { text.trim_end() });
    }

    #[test]
    fn agree_on_pieces(pieces in prop::collection::vec(select(PIECES), 0..14)) {
        is_common("pieces", &pieces.concat());
    }
}
