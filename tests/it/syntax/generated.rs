//! Generated documents, of which the value is known or an independent parser says it.

use ecslint::syntax::{Kind, Node, parse};
use proptest::prelude::*;

use super::good;
use super::halves::is_common;
use super::oracle::{of_tree, of_yaml_rust2};
use super::places::{check_cuts, check_maps};

/// A value without its way of writing.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String, Form),
    List(Vec<Value>, bool),
    Map(Vec<(String, Value)>, bool),
}

/// How a text is written, where it can be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Plain,
    Single,
    Double,
    Literal,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z0-9]{0,8}",
        "[a-zäß€😀 :#'\"\\\\,\\[\\]{}&*!|>%@`?-]{0,12}",
        "([ a-zü'\"\\\\#:-]{0,8}\n){0,4}[a-z ]{0,5}",
        "[\\x00-\\x08\t\n\\x0b-\\x7e\u{85}\u{a0}\u{2028}\u{10ffff}]{0,6}",
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![Just(Form::Plain), Just(Form::Single), Just(Form::Double), Just(Form::Literal)]
}

fn value() -> impl Strategy<Value = Value> {
    (text(), form()).prop_map(|(text, form)| Value::Text(text, form)).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), any::<bool>())
                .prop_map(|it| Value::List(it.0, it.1)),
            (prop::collection::vec((text(), inner), 0..4), any::<bool>())
                .prop_map(|it| Value::Map(it.0, it.1)),
        ]
    })
}

impl Value {
    /// As YAML that starts on the line of a key or dash, inside a collection at `column`.
    fn yaml(&self, column: usize, is_flow: bool, res: &mut String) {
        let own = column + 1;
        let lead = format!("\n{}", " ".repeat(own));
        match self {
            Value::Text(text, form) => {
                res.push(' ');
                scalar(text, *form, column, is_flow, res);
            }
            Value::List(items, flow) if *flow || is_flow || items.is_empty() => {
                res.push_str(" [");
                for item in items {
                    item.yaml(own, true, res);
                    res.push(',');
                }
                res.push_str(" ]");
            }
            Value::Map(entries, flow) if *flow || is_flow || entries.is_empty() => {
                res.push_str(" {");
                for (key, value) in entries {
                    quoted(key, res);
                    res.push(':');
                    value.yaml(own, true, res);
                    res.push(',');
                }
                res.push_str(" }");
            }
            Value::List(items, _) => {
                for item in items {
                    res.push_str(&lead);
                    res.push('-');
                    item.yaml(own, false, res);
                }
            }
            Value::Map(entries, _) => {
                for (key, value) in entries {
                    res.push_str(&lead);
                    quoted(key, res);
                    res.push(':');
                    value.yaml(own, false, res);
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Value::Text(text, _) => text.as_str().into(),
            Value::List(items, _) => items.iter().map(Value::json).collect(),
            Value::Map(entries, _) => {
                entries.iter().map(|(key, value)| (key.clone(), value.json())).collect()
            }
        }
    }

    fn is(&self, node: Node<'_>) -> bool {
        match self {
            Value::Text(text, _) => node.kind() == Kind::Scalar && node.text() == text,
            Value::List(items, _) => {
                node.kind() == Kind::Sequence
                    && node.items().count() == items.len()
                    && node.items().zip(items).all(|(node, item)| item.is(node))
            }
            Value::Map(entries, _) => {
                node.kind() == Kind::Mapping
                    && node.entries().count() == entries.len()
                    && node
                        .entries()
                        .zip(entries)
                        .all(|(node, entry)| node.0.text() == entry.0 && entry.1.is(node.1))
            }
        }
    }
}

/// Writes a text in the form that is asked for, if that form can hold it, else in double quotes.
fn scalar(text: &str, form: Form, column: usize, is_flow: bool, res: &mut String) {
    let is_word = !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric());
    let is_line = !text.chars().any(|it| it.is_control() || it == '\u{2028}' || it == '\u{feff}');
    let has_lines = text.split('\n').all(|line| !line.chars().any(|it| it.is_control() || it == '\u{2028}'));
    match form {
        Form::Plain if is_word => res.push_str(text),
        Form::Single if is_line => {
            res.push('\'');
            res.push_str(&text.replace('\'', "''"));
            res.push('\'');
        }
        Form::Literal if has_lines && !is_flow && !text.trim_matches('\n').is_empty() => {
            let chomping = if text.ends_with('\n') { '+' } else { '-' };
            // The indentation of a text block counts from that of its collection.
            res.push_str(&format!("|2{chomping}"));
            let blanks = " ".repeat(column + 2);
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                res.push('\n');
                res.push_str(if line.is_empty() { "" } else { &blanks });
                res.push_str(line);
            }
        }
        _ => quoted(text, res),
    }
}

fn quoted(text: &str, res: &mut String) {
    res.push('"');
    for (idx, character) in text.chars().enumerate() {
        match character {
            '"' => res.push_str("\\\""),
            '\\' => res.push_str("\\\\"),
            '\n' => res.push_str("\\n"),
            '/' if idx % 2 == 0 => res.push_str("\\/"),
            'a'..='z' | '\u{80}'..='\u{ff}' if idx % 5 == 4 => {
                res.push_str(&format!("\\x{:02x}", character as u32))
            }
            '\u{10000}'.. if idx % 2 == 0 => res.push_str(&format!("\\U{:08X}", character as u32)),
            it if it.is_control() || it == '\u{2028}' || it == '\u{feff}' => {
                res.push_str(&format!("\\u{:04x}", character as u32));
            }
            it => res.push(it),
        }
    }
    res.push('"');
}

/// Lines that look like YAML and often are.
fn soup() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("a".to_owned()),
        Just("b c".to_owned()),
        Just("'it''s  '".to_owned()),
        Just("\"x\\ty\\u00e4 \\\n   z\"".to_owned()),
        Just("'one\n\n   two'".to_owned()),
        Just("plain\n      goes on".to_owned()),
        Just("!Ref x".to_owned()),
        Just("!Sub &q 'y'".to_owned()),
        Just("[a, {b: c}, d: e, \"f\"]".to_owned()),
        Just("{a, b: , \"c\":d}".to_owned()),
        Just("*q".to_owned()),
        Just(String::new()),
        "[|>][1-3]?[+-]?".prop_map(|it| it),
        "[a-c#:ü \"'-]{0,6}",
    ];
    let line = (
        0..6_usize,
        prop_oneof![
            Just(""),
            Just("- "),
            Just("- - "),
            Just("k: "),
            Just("- k: "),
            Just("? "),
            Just("!T\n"),
            Just("# c ")
        ],
        word,
        prop_oneof![Just(""), Just(" # c"), Just("\n"), Just("  "), Just("\n   \n")],
    )
        .prop_map(|(indentation, head, word, tail)| format!("{}{head}{word}{tail}", " ".repeat(indentation)));
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_has_the_value(value in value(), crlf in any::<bool>()) {
        let mut source = "root:".to_owned();
        value.yaml(0, false, &mut source);
        source.push('\n');
        if crlf {
            source = source.replace('\n', "\r\n");
        }
        let tree = good(&source);
        let found = tree.roots().next().and_then(|it| it.get("root")).expect("the root's value");
        prop_assert!(value.is(found), "{source:?}");
        is_common("generated", &source);
        check_maps("generated", &source);
        check_cuts("generated", &source);
    }

    #[test]
    fn json_has_the_value(value in value(), is_pretty in any::<bool>()) {
        let value = Value::List(vec![value], true);
        let json = value.json();
        let source = if is_pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let source = source.expect("JSON");
        let tree = good(&source);
        let found = tree.roots().next().expect("a root");
        prop_assert_eq!(super::corpus::json(found), json);
        check_maps("generated", &source);
        check_cuts("generated", &source);
    }

    #[test]
    fn what_both_parsers_read_is_the_same(source in soup()) {
        // About a text block that ends the file the two differ.
        let source = source + "\n...\n";
        let res = parse(&source);
        if res.problems.is_empty() && let Ok(expected) = of_yaml_rust2(&source) {
            prop_assert_eq!(of_tree(&res.tree).replace(":~\n", ":\n"), expected, "{:?}", source);
        }
        is_common("generated", &source);
        check_maps("generated", &source);
        check_cuts("generated", &source);
    }
}
