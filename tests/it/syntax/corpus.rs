//! Real templates: the tree has the values that independent parsers read.

use ecslint::syntax::{Kind, Node, Style, Tree, parse};

use super::oracle::{of_tree, of_yaml_rust2};

#[test]
fn agrees_with_yaml_rust2() {
    let mut wrong = Vec::new();
    for (path, text) in super::corpus_files().into_iter().chain(super::fixtures()) {
        if let Err(message) = compare(text) {
            wrong.push(format!("{path}: {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compare(mut text: String) -> Result<(), String> {
    // It knows no pairs of surrogates; serde_json does.
    if text.starts_with('{') && text.contains("\\ud8") {
        return Ok(());
    }
    // About the last line break of a text block that ends the file they differ: ecslint does as libyaml.
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let res = parse(&text);
    let expected = of_yaml_rust2(&text).or_else(|_| of_yaml_rust2(&in_other_words(&res.tree)));
    match (res.problems.first(), expected) {
        (None, Ok(expected)) => {
            let found = of_tree(&res.tree).replace(":~\n", ":\n");
            let differs = found.lines().zip(expected.lines()).find(|it| it.0 != it.1);
            differs.map_or(Ok(()), |(found, expected)| Err(format!("{found}, not {expected}")))?;
            if found.len() == expected.len() { Ok(()) } else { Err("one tree is longer".to_owned()) }
        }
        (Some(_), Err(_)) => Ok(()),
        // It has no limit of its own.
        (Some(problem), Ok(_)) if problem.message.starts_with("nested deeper") => Ok(()),
        (Some(problem), Ok(_)) => Err(format!("refused: {}", problem.message)),
        (None, Err(err)) => Err(format!("accepted, but {err}")),
    }
}

/// The same tree in another text. yaml-rust2 insists on an indentation inside quotes that means nothing, and the parsers
/// that read templates for AWS do not; and it refuses a mapping as the value of a pair in a list (`[a: {b: c}]`).
fn in_other_words(tree: &Tree<'_>) -> String {
    let source = tree.source();
    let mut added = Vec::new();
    for node in tree.nodes() {
        let (start, end) = (node.span().start as usize, node.span().end as usize);
        let text = &source[start..end];
        match node.style() {
            Style::SingleQuoted | Style::DoubleQuoted => {
                added.extend(text.match_indices('\n').map(|(at, _)| (start + at + 1, " ".repeat(80))));
            }
            Style::Flow if super::is_pair(source, node) => {
                added.extend([(start, "{".to_owned()), (end, "}".to_owned())]);
            }
            _ => {}
        }
    }
    added.sort();
    let mut res = String::new();
    let mut done = 0;
    for (at, text) in added {
        res.push_str(&source[done..at]);
        res.push_str(&text);
        done = at;
    }
    res + &source[done..]
}

#[test]
fn agrees_with_serde_json() {
    let mut n_files = 0;
    for (path, text) in super::corpus_files().into_iter().chain(super::fixtures()) {
        let Ok(expected) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'))
        else {
            continue;
        };
        let res = parse(&text);
        if res.is_cut() {
            assert!(res.problems[0].message.starts_with("nested deeper"), "{path}: {:?}", res.problems);
            continue;
        }
        let root = res.tree.roots().next().expect("a root");
        assert_eq!(json(root), expected, "{path}");
        n_files += 1;
    }
    assert!(n_files > 0);
}

pub(crate) fn json(node: Node<'_>) -> serde_json::Value {
    match node.kind() {
        Kind::Mapping => node.entries().map(|(key, value)| (key.text().to_owned(), json(value))).collect(),
        Kind::Sequence => node.items().map(json).collect(),
        _ if node.style() == Style::DoubleQuoted => node.text().into(),
        _ => serde_json::from_str(node.text()).expect("a number or a word of JSON"),
    }
}
