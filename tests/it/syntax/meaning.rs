//! What YAML 1.1 makes of a scalar.

use ecslint::syntax::{Meaning, meaning, parse};

fn check(source: &str, expected: Meaning) {
    let res = parse(source);
    let root = res.tree.roots().next().expect("a root");
    assert_eq!(meaning(root), expected, "of {source:?}");
}

#[test]
fn null_and_booleans() {
    for source in ["~", "null", "Null", "NULL", "--- ", "!!null x"] {
        check(source, Meaning::Null);
    }
    for source in ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "!!bool 'yes'"] {
        check(source, Meaning::Bool(true));
    }
    for source in ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"] {
        check(source, Meaning::Bool(false));
    }
    for source in ["y", "n", "tRUE", "nULL", "'true'", "\"~\"", "''", "!!str true", "! true", "nothing"] {
        check(source, Meaning::Text);
    }
}

#[test]
fn integers() {
    for (source, number) in [
        ("0", 0),
        ("10", 10),
        ("-10", -10),
        ("+10", 10),
        ("-0", 0),
        ("010", 8),
        ("-010", -8),
        ("0123456", 42798),
        ("0x1f", 31),
        ("0xDEAD_beef", 0xdead_beef),
        ("0b1010_1010", 0xaa),
        ("1_000", 1000),
        ("22:22", 1342),
        ("190:20:30", 685_230),
        ("-1:5", -65),
        ("!!int '7'", 7),
        ("!<tag:yaml.org,2002:int> 7", 7),
        ("170141183460469231731687303715884105727", i128::MAX),
    ] {
        check(source, Meaning::Integer(number));
    }
    for source in [
        "0o17",
        "089",
        "123456789012a",
        "0x",
        "0b",
        "0b12",
        "0xg",
        "22:60",
        "22:222",
        "0:30",
        ":30",
        "1:",
        "+",
        "-",
        "--1",
        "1-1",
    ] {
        check(source, Meaning::Text);
    }
    // A number all the same, but too large for one here.
    check("170141183460469231731687303715884105728", Meaning::Float);
}

#[test]
fn floats() {
    for source in [
        "1.5",
        "-1.5",
        "+.5",
        ".5",
        "1.",
        "1e3",
        "1E+3",
        "1.5e-3",
        "1_0.5",
        "1:30.5",
        ".inf",
        "-.INF",
        "+.Inf",
        ".nan",
        ".NaN",
        "!!float 1",
        "0.1",
    ] {
        check(source, Meaning::Float);
    }
    for source in
        [".", "1.2.3", "1e", "e3", "1e3.5", "-.nan", "inf", "1:60.5", "1.5:3", "'1.5'", "._1", "1.x"]
    {
        check(source, Meaning::Text);
    }
}

#[test]
fn timestamps() {
    for source in [
        "2010-09-09",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43.10 -5",
        "2001-12-15 2:59:43.10",
        "2001-1-2T1:02:03Z",
        "2001-12-14 21:59:43 Z",
        "2001-12-14 21:59:43. Z",
    ] {
        check(source, Meaning::Timestamp);
    }
    for source in [
        "'2010-09-09'",
        "2010-9-9",
        "2010-09-09x",
        "10-09-09",
        "2010-09-09T",
        "2001-12-14 21:59",
        "2001-12-14 21:59:43+",
        "2001-12-14 21:59:43Zx",
        "-2010-09-09",
    ] {
        check(source, Meaning::Text);
    }
}

#[test]
fn json_and_functions() {
    let res = parse(r#"[1, -2.5e3, true, null, "1", "true"]"#);
    let root = res.tree.roots().next().expect("a root");
    let found: Vec<Meaning> = root.items().map(meaning).collect();
    let expected = [
        Meaning::Integer(1),
        Meaning::Float,
        Meaning::Bool(true),
        Meaning::Null,
        Meaning::Text,
        Meaning::Text,
    ];
    assert_eq!(found, expected);
    // The argument of a function is text, and so is what is no scalar.
    for source in ["!Ref yes", "!Sub 010", "[1]", "{a: 1}", "*yes", "|\n  10\n"] {
        check(source, Meaning::Text);
    }
}
