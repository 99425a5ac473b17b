//! The schemas under `docs`, and just enough of JSON Schema to hold reports against it.
//!
//! Stricter than the schema: a field that it does not describe is an error, so that it never falls behind.

use std::sync::LazyLock;

use serde_json::Value;

static REPORT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../docs/report.schema.json")).expect("the schema is JSON")
});

static MODEL: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../docs/model.schema.json")).expect("the schema is JSON")
});

/// The model that `text` is.
pub(crate) fn valid_model(text: &str) -> Value {
    let model: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"));
    let mut errors = Vec::new();
    check(&MODEL, &MODEL, &model, "model", &mut errors);
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    model
}

/// All keywords of the schema; a new one has to be taught to [`check`].
const KEYWORDS: [&str; 19] = [
    "$schema",
    "$id",
    "title",
    "description",
    "$defs",
    "$ref",
    "type",
    "enum",
    "const",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "minimum",
    "pattern",
    "minProperties",
    "maxProperties",
    "default",
    "examples",
];

/// The report that `text` is.
pub(crate) fn valid_report(text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"));
    let mut errors = Vec::new();
    check(&REPORT, &REPORT, &report, "report", &mut errors);
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    let files = report["files"].as_array().expect("checked").len();
    assert_eq!(report["summary"]["files"], files);
    for (field, severity) in [("errors", "error"), ("warnings", "warning"), ("infos", "info")] {
        let findings =
            report["files"].as_array().expect("checked").iter().flat_map(|it| it["findings"].as_array());
        let count = findings.flatten().filter(|it| it["severity"] == severity).count();
        assert_eq!(report["summary"][field], count, "{field}");
    }
    report
}

fn check(root: &'static Value, schema: &Value, value: &Value, at: &str, errors: &mut Vec<String>) {
    let mut fail = |what: String| errors.push(format!("{at}: {what}"));
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "type" if !has_type(wanted, value) => fail(format!("{value} is not of type {wanted}")),
            "enum" if !wanted.as_array().is_some_and(|it| it.contains(value)) => {
                fail(format!("{value} is none of {wanted}"));
            }
            "const" if value != wanted => fail(format!("{value} is not {wanted}")),
            "minimum" if value.as_f64() < wanted.as_f64() && value.is_number() => {
                fail(format!("{value} < {wanted}"))
            }
            "minProperties" | "maxProperties" => {
                let n = value.as_object().map_or(1, serde_json::Map::len);
                let bound = usize::try_from(wanted.as_u64().expect("a number")).expect("small");
                if (keyword == "minProperties" && n < bound) || (keyword == "maxProperties" && n > bound) {
                    fail(format!("{n} fields, {keyword} {bound}"));
                }
            }
            "pattern" if !value.as_str().is_none_or(|it| matches(wanted, it)) => {
                fail(format!("{value}: {wanted}"))
            }
            "required" => {
                for key in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        fail(format!("`{key}` is missing"));
                    }
                }
            }
            it => assert!(KEYWORDS.contains(&it), "unknown keyword {it}"),
        }
    }
    if let Some(target) = schema["$ref"].as_str() {
        let (root, schema) = definition(root, target);
        check(root, schema, value, at, errors);
    }
    if let Some(object) = value.as_object() {
        for (key, field) in object {
            let described = schema["properties"].get(key).or(schema.get("additionalProperties"));
            match described {
                Some(schema) => check(root, schema, field, &format!("{at}.{key}"), errors),
                None if schema.get("$ref").is_some() => {}
                None => errors.push(format!("{at}: the schema does not describe `{key}`")),
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (idx, item) in items.iter().enumerate() {
            check(root, schema, item, &format!("{at}[{idx}]"), errors);
        }
    }
}

/// A definition, and the schema that it is of.
fn definition(root: &'static Value, target: &str) -> (&'static Value, &'static Value) {
    let (root, target) = match target.strip_prefix("report.schema.json") {
        Some(target) => (&*REPORT, target),
        None => (root, target),
    };
    let name = target.strip_prefix("#/$defs/").expect("all definitions are in $defs");
    (root, root["$defs"].get(name).unwrap_or_else(|| panic!("no definition {name}")))
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        other => panic!("no type: {other}"),
    }
}

/// The two patterns of the schema are of letters, digits and counts: compared by shape.
fn matches(pattern: &Value, text: &str) -> bool {
    let shape: String = text.chars().map(|it| if it.is_ascii_digit() { '9' } else { it }).collect();
    match pattern.as_str().expect("a pattern is text") {
        // Only rules mend.
        "^ECS[0-9]{3}$" => shape == "ECS999",
        "^[A-Z]{1,16}[0-9]{1,8}$" => match text.strip_prefix("ECS") {
            Some(_) => shape == "ECS999",
            None => ecslint::policy::is_code(text, true),
        },
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => shape == "9999-99-99",
        other => panic!("unknown pattern {other}"),
    }
}
