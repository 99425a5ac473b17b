//! Whatever is fed to the parser, it answers, soon, and without a panic.

use std::time::{Duration, Instant};

use ecslint::syntax::{Kind, MAX_DEPTH, ProblemKind, parse};
use proptest::prelude::*;

use super::{JSON_TEMPLATE, TEMPLATE, good, touch};

/// Far more than it takes, since machines and build profiles differ; a text of this kind that is not linear takes
/// minutes.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn depth_is_bounded() {
    for unit in
        ["[", "{a: ", "- ", "? ", "[{a: ", "{? ", "- ? ", "{\"a\":", "[[{\"a\":[", ": ", "!x &y [", "- - ? "]
    {
        let source = unit.repeat(10_000);
        let start = Instant::now();
        let res = touch(&source);
        assert!(start.elapsed() < SOON, "{unit:?} took {:?}", start.elapsed());
        let problem = res.problems.last().unwrap_or_else(|| panic!("{unit:?} is accepted"));
        assert_eq!(problem.kind, ProblemKind::Syntax);
        assert_eq!(problem.message, "nested deeper than 250 levels", "of {unit:?}");
    }
    let deep: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(touch(&deep).problems[0].message, "nested deeper than 250 levels");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(touch(&deep).problems[0].message, "nested deeper than 250 levels");
}

#[test]
fn depth_up_to_the_bound_is_read() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("- ", "")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let source = nested(MAX_DEPTH);
        let n_collections = good(&source).nodes().filter(|it| it.kind() != Kind::Scalar).count();
        assert_eq!(n_collections, MAX_DEPTH);
        assert!(parse(&nested(MAX_DEPTH + 1)).is_cut());
    }
}

#[test]
fn an_alias_is_a_leaf() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for idx in 1..50 {
        let items = vec![format!("*a{}", idx - 1); 10].join(", ");
        bomb += &format!("a{idx}: &a{idx} [{items}]\n");
    }
    bomb += "self: &self [*self, *nowhere]\n<<: *a49\n";
    let tree = good(&bomb);
    assert!(tree.nodes().count() < 1000);
    let last =
        tree.roots().next().and_then(|it| it.get("self")).and_then(|it| it.items().last()).expect("an alias");
    assert_eq!((last.kind(), last.text(), last.span().slice(&bomb)), (Kind::Alias, "nowhere", "*nowhere"));
}

#[test]
fn long_texts_take_linear_time() {
    let n = 200_000;
    for source in [
        "# c\n".repeat(n),
        format!("a: b\n{}", "# c\n".repeat(n)),
        format!("a: |\n{}", "\n".repeat(n)),
        format!("a: |+\n{}b: c", "\n".repeat(n)),
        format!("a: >\n  x\n{}  y\n", "\n".repeat(n)),
        format!("a: \"{}\"", "\\n".repeat(n)),
        format!("a: \"{}", "\\\\".repeat(n)),
        format!("{{\"a\": \"{}", "\\\"".repeat(n)),
        format!("a: '{}'", "''".repeat(n)),
        format!("a: x{}", "\n  y".repeat(n)),
        format!("a: \"x{}", "\n".repeat(n)),
        format!("a: [{}", "x, ".repeat(n)),
        format!("[{}", "{},".repeat(n)),
        "a: !A !B c\n".repeat(n / 10),
        format!("a: {}b", "!A ".repeat(n / 10)),
        format!("- x\n{}", "  \n".repeat(n)),
        format!("{}x: y: z", " ".repeat(n)),
        "---\n".repeat(n / 10),
        "a: |\n  x\n".repeat(n / 10),
        "a: >-\n\n\n\nb:\n".repeat(n / 20),
        "&".repeat(n),
        "!".repeat(n),
        "%".repeat(n),
        "\t".repeat(n),
    ] {
        let start = Instant::now();
        touch(&source);
        let what = source.chars().take(20).collect::<String>();
        assert!(start.elapsed() < SOON, "{what:?} took {:?}", start.elapsed());
    }
}

#[test]
fn nothing_is_a_tree_without_roots() {
    for source in ["", "\u{feff}", "\n\n", "# only a comment", "\r\n \t\n"] {
        assert_eq!(good(source).roots().count(), 0, "of {source:?}");
    }
    assert_eq!(good("---\na\n--- # b\n...\n---\nc: d\n").roots().count(), 3);
}

#[test]
fn every_prefix_is_read() {
    for source in [TEMPLATE, JSON_TEMPLATE] {
        for end in (0..source.len()).filter(|it| source.is_char_boundary(*it)) {
            touch(&source[..end]);
        }
    }
    for (_, text) in super::fixtures() {
        // All prefixes of a large file take quadratic time.
        let step = text.len() / 200 + 1;
        for end in (0..text.len()).step_by(step).filter(|it| text.is_char_boundary(*it)) {
            touch(&text[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(source in "\\PC*") {
        touch(&source);
    }

    #[test]
    fn any_text_of_yaml_is_read(source in r#"([ \t\n\r]|[-?:,\[\]{}#&*!|>'"%@`\\~]|[a-cüß0-2]|: |- |\u{feff}|\u{85}|---|\.\.\.){0,60}"#) {
        touch(&source);
        touch(&format!("{{\"a\": {source}"));
    }

    #[test]
    fn a_changed_template_is_read(
        is_json in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, r#"[-?:,\[\]{}#&*!|>'"\\ \n\r\ta0ü]{0,3}"#), 1..4),
    ) {
        let mut source = if is_json { JSON_TEMPLATE } else { TEMPLATE }.to_owned();
        for (at, len, text) in changes {
            let mut start = at.index(source.len() + 1);
            while !source.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + len).min(source.len());
            while !source.is_char_boundary(end) {
                end += 1;
            }
            source.replace_range(start..end, &text);
        }
        touch(&source);
        super::places::check_maps("a changed template", &source);
        super::places::check_cuts("a changed template", &source);
    }
}
