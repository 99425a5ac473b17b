//! A template in YAML as the same template in JSON.

use ecslint::syntax::{Kind, Meaning, Node, meaning, parse};
use serde_json::{Map, Value, json};

/// `None` where the text is no single tree, or is JSON already.
pub(super) fn to_json(source: &str) -> Option<String> {
    let parse = parse(source);
    let root = parse.tree.roots().next().filter(|_| !parse.is_cut() && !source.starts_with('{'))?;
    Some(format!("{:#}\n", value(root)))
}

/// Short names of functions become long ones.
fn value(node: Node<'_>) -> Value {
    let inner = untagged(node);
    let Some(name) = node.tag().and_then(|it| it.name.strip_prefix('!')) else { return inner };
    match (name, &inner) {
        ("Ref" | "Condition", _) => json!({ name: inner }),
        ("GetAtt", Value::String(text)) => {
            let (id, attribute) = text.split_once('.').unwrap_or((text, ""));
            json!({ "Fn::GetAtt": [id, attribute] })
        }
        _ => json!({ format!("Fn::{name}"): inner }),
    }
}

fn untagged(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => {
            let entries = node.entries().map(|(key, it)| (key.text().to_owned(), value(it)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::Sequence => Value::Array(node.items().map(value).collect()),
        _ => match meaning(node) {
            Meaning::Bool(it) => json!(it),
            Meaning::Integer(it) => i64::try_from(it).map_or_else(|_| json!(node.text()), |it| json!(it)),
            _ => json!(node.text()),
        },
    }
}
