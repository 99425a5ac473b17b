//! Syntax errors: the words, and the place that a person would point at.

use ecslint::syntax::{ProblemKind, parse};

/// `source` is wrong at `place`, and says `message`.
fn check(source: &str, place: &str, message: &str) {
    let res = parse(source);
    let problem = res.problems.last().unwrap_or_else(|| panic!("{source:?} is accepted"));
    assert_eq!((problem.span.slice(source), problem.message.as_str()), (place, message), "of {source:?}");
    assert!(problem.help.is_some(), "no help for {source:?}");
}

#[test]
fn indentation() {
    let tab = "a tab indents this line";
    check("a:\n\tb: c\n", "\t", tab);
    check("a: b\n\tc: d\n", "\t", tab);
    check("a: |\n\tb\n", "\t", tab);
    let unfit = "the indentation of 2 fits no line above";
    check("a:\n    b: c\n  d: e\n", "d:", unfit);
    check("a:\n    - b\n    - c\n  - d\n", "-", unfit);
    let part = "`c` is indented as a part of `a`, which has a value";
    check("a: b\n  c: d\n", "c", part);
    check("- a: b\n c: d\n", "c", part);
    check("a: \"b\"\n  c: d\n", "c", part);
    check("a: b\n  # why\n  d\n", "# why", "a comment stands inside a value of several lines");
    let block = "this line is indented less than the text block above, which ends here";
    check("a: |\n    b\n  c\nd: e\n", "c", block);
    check("a: |\n  b\nc\n", "c", block);
    check("  a: b\nc: d\n", "c:", "this line is indented less than the first one");
    check("- a\nb: c\n", "b:", "a key stands where a list item belongs");
    check("a: b\n- c\n", "-", "a list item stands where a key belongs");
    check("a: - b\n", "-", "a list cannot start on the line of its key");
}

#[test]
fn colons() {
    check("a: b: c\n", ":", "a second colon stands in the value of `a`");
    check("- a: !Ref b: c\n", ":", "a second colon stands in the value of `a`");
    let blank = "a blank is missing after this colon";
    check("a:b\nc: d\n", ":", blank);
    check("a: b\nc:d\ne: f\n", ":", blank);
    check("a: b\nhttp://c\n", "http://c", "`http://c` stands where a key belongs");
    check("a: b\nc\nd: e\n", "c", "`c` stands where a key belongs");
    check("a\nb: c\n", "a", "`a` stands where a key belongs");
    check("\u{feff}a\nb: c\n", "a", "`a` stands where a key belongs");
    check("a: ? b\n", "?", "a value cannot start with `? `");
}

#[test]
fn quotes() {
    check("a: \"b\nc: d\n", "\"b", "this quote is never closed");
    check("a: 'b\nc: d\n", "'b", "this quote is never closed");
    check("a: 'it's'\nb: c\n", "s'", "this text follows the closing quote");
    check("a: \"b\" c\n", "c", "this text follows the closing quote");
    check("a: \"b\n---\nc\"\n", "\"b", "this quote is not closed before a line with `---` or `...`");
    check("a: \"\\d\"\n", "\\d", "`\\d` is no escape");
    check("a: \"\\u12\"\n", "\\u12", "`\\u12` stands for no character");
    check("a: \"b\\n \\ud83d\"\n", "\\ud83d", "`\\ud83d` stands for no character");
    check("a: %b\n", "%", "a value cannot start with `%`");
    check("a: @b\n", "@", "a value cannot start with `@`");
    check("a: `b`\n", "`", "a value cannot start with a backtick");
    check("a: *\n", "*", "a name is missing after `*`");
    check("a: \"b\"#c\n", "#c", "a comment needs a blank before its `#`");
    check("a: |b\n  c\n", "|b", "text stands in the line of `|`");
    check("a: b\u{7}\n", "\u{7}", "the character U+0007 is not allowed here");
}

#[test]
fn brackets() {
    check("a: [b, c", "[", "`[` is never closed");
    check("a: [b, c\nd: e\n", "[", "`[` is never closed");
    check("a: {b: c\nd: e\n", "{", "`{` is never closed");
    check("a: [\"}\", '{']}\n", "}", "`}` closes nothing");
    check("a: [b, \"}\" # }\n, {c: d]}\n", "]", "`]` closes what `{` opened");
    check("a: [b]]\n", "]", "`]` closes nothing");
    check("a: [b]c\n", "c", "`c` follows a value that has ended");
    check("a: {b: c, d: e f: g}\n", ":", "a second colon stands in one entry");
    check("a: [b: c: d]\n", ":", "a colon stands where a comma belongs");
    check("a: [\"b\" \"c\"]\n", "\"c\"]", "this text follows the closing quote");
    check("a: [!Ref b !Ref c, [d] e]\n", "e]", "a comma is missing before `e]`");
    check("a: [b, , c]\n", ",", "a value is missing before `,`");
    check("a: [- b]\n", "-", "a dash starts no item inside brackets");
    check("a: !Sub\"b\"\n", "!Sub", "a blank is missing after the tag `!Sub`");
    check("a: !x!y b\n", "!x!y", "the prefix of the tag `!x!y` is not declared");
}

#[test]
fn documents() {
    check("{a: b}\nc: d\n", "c:", "`c:` follows the end of the document");
    check("... a\n", "a", "`a` follows the end of the document");
    check("a: b\n<<<<<<< HEAD\nc: d\n=======\ne: f\n", "<<<<<<< HEAD", "a merge conflict is not resolved");
    let json = "{\"a\": 1,\n<<<<<<< HEAD\n\"b\": 2\n=======\n\"b\": 3\n>>>>>>> theirs\n}";
    check(json, "<<<<<<< HEAD", "a merge conflict is not resolved");
}

#[test]
fn json() {
    check(r#"{"a": 1 "b": 2}"#, "\"b\"", "a comma is missing before `\"b\"`");
    check(r#"{"a": [{} {}]}"#, "{", "a comma is missing before `{`");
    check(r#"{"a" 1}"#, "\"a\"", "a colon is missing after the key `\"a\"`");
    check(r#"{"a": [1, 2}"#, "}", "`}` closes what `[` opened");
    check(r#"{"a": [1, 2"#, "[", "`[` is never closed");
    check(r#"{"a": {"b": 1}"#, "{", "`{` is never closed");
    check(r#"{"a": 1}}"#, "}", "`}` follows the end of the document");
    check(r#"{"a": 1} {"b": 2}"#, "{", "`{` follows the end of the document");
    check(r#"{"a": 1,, "b": 2}"#, ",", "a comma stands where a key belongs");
    check(r#"{"a":: 1}"#, ":", "a colon stands where a value belongs");
    check("{\"a\": \"b\n}", "\"b", "this text is not closed on its line");
    check(r#"{"a": "\d"}"#, "\\d", "`\\d` is no escape of JSON");
    check(r#"{"a": "\ud83d"}"#, "\\ud83d", "`\\ud83d` is one half of a pair of surrogates");
    check(r#"{"a": "\u12"}"#, "\\u12", "`\\u12` needs four hexadecimal digits");
    check("{\"a\": \"\u{1}\"}", "\u{1}", "the control character U+0001 stands inside a text of JSON");
    check("{\"a\": 1, // why\n \"b\": 2 \"c\": 3}", "//", "a comment stands here, and JSON has none");
    // A trailing comma and a comment are no mistakes, since CloudFormation reads the file as YAML then.
    assert_eq!(parse("{\"a\": [1, 2,], # why\n \"b\": {\"c\": 1,},}").problems, []);
    check("{\"a\": [1, 2,], # why\n \"b\": {\"c\": 1,},", "{", "`{` is never closed");
    // What comes after it counts then, not the comma.
    check("{\"a\": [1,],\n \"b\": 2\n \"c\": 3}", "\"c\"", "a comma is missing before `\"c\"`");
}

#[test]
fn what_stands_before_is_kept() {
    let res = parse("a: b\nc:\n  - d\n  - e: f\ng: [h\ni: j\n");
    let root = res.tree.roots().next().expect("a root");
    assert!(res.is_cut());
    assert_eq!(root.get("a").map(|it| it.text()), Some("b"));
    assert_eq!(root.get("c").map(|it| it.items().count()), Some(2));
    let res = parse(r#"{"a": {"b": 1, "c": [2, 3}, "d": 4}"#);
    let root = res.tree.roots().next().expect("a root");
    let found: Vec<&str> = root.descendants().map(|it| it.text()).collect();
    assert_eq!(found, ["", "a", "", "b", "1", "c", "", "2", "3"]);
    assert_eq!(root.span().slice(res.tree.source()), r#"{"a": {"b": 1, "c": [2, 3"#);
}

#[test]
fn two_tags() {
    let source = "a: !Base64 !Sub x ${y}\nb: [!A &c !B # why\n !C d]\ne: !A\n  !Sub |\n    text\nf: g\n";
    let res = parse(source);
    let found: Vec<_> = res
        .problems
        .iter()
        .map(|it| (it.kind, it.span.slice(source), it.because.as_ref().map(|(span, _)| span.slice(source))))
        .collect();
    let two = |second, first| (ProblemKind::TwoTags, second, Some(first));
    assert_eq!(found, [two("!Sub", "!Base64"), two("!B", "!A"), two("!C", "!A"), two("!Sub", "!A")]);
    assert!(!res.is_cut());
    let root = res.tree.roots().next().expect("a root");
    let value = |key: &str| root.get(key).expect("a value");
    assert_eq!((value("a").text(), value("a").tag().map(|it| it.name)), ("x ${y}", Some("!Base64")));
    assert_eq!(value("e").text(), "text\n");
    assert_eq!(value("f").text(), "g");

    // A syntax error behind them ends the reading as always.
    let res = parse("a: !A !B c\nd: 'e\nf: !A !B g\n");
    let kinds: Vec<ProblemKind> = res.problems.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ProblemKind::TwoTags, ProblemKind::Syntax]);
}
