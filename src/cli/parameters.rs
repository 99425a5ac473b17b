//! Values of parameters from a file: the JSON forms of the aws CLI, or lines `KEY=VALUE`.

use std::path::Path;

use serde_json::Value;

use super::error::{BadParameters, Error, Shown};
use super::read::read_file;

/// CloudFormation takes 200 parameters of at most 4 KB.
const MAX_BYTES: usize = 1 << 20;

/// The values of a file, in its order.
pub(super) fn load(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let bytes = read_file(path, MAX_BYTES)?;
    parse(&bytes).map_err(|reason| Error::ParameterFile { path: Shown::new(path), reason })
}

fn parse(bytes: &[u8]) -> Result<Vec<(String, String)>, BadParameters> {
    if bytes.len() > MAX_BYTES {
        return Err(BadParameters::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BadParameters::NotText)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['[', '{']) { json(text) } else { lines(text) }
}

fn json(text: &str) -> Result<Vec<(String, String)>, BadParameters> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| BadParameters::Json { line: error.line(), column: error.column() })?;
    match value {
        Value::Array(entries) => {
            let mut res = Vec::new();
            for (idx, it) in entries.iter().enumerate() {
                res.extend(entry(it).ok_or(BadParameters::Entry { number: idx + 1 })?);
            }
            Ok(res)
        }
        // The form of CodePipeline.
        Value::Object(mut object) => {
            let Some(Value::Object(values)) = object.remove("Parameters") else {
                return Err(BadParameters::Form);
            };
            let pair = |(idx, (key, it)): (usize, (String, Value))| match scalar(&it) {
                Some(value) => Ok((key, value)),
                None => Err(BadParameters::Entry { number: idx + 1 }),
            };
            values.into_iter().enumerate().map(pair).collect()
        }
        _ => Err(BadParameters::Form),
    }
}

/// One entry of a list: `None` when it has no such form, nothing inside when the value is the stack's own.
fn entry(entry: &Value) -> Option<Option<(String, String)>> {
    if let Value::String(pair) = entry {
        let (key, value) = pair.split_once('=')?;
        return Some(Some((key.to_owned(), value.to_owned())));
    }
    let key = entry.get("ParameterKey")?.as_str()?.to_owned();
    if entry.get("UsePreviousValue") == Some(&Value::Bool(true)) {
        return Some(None);
    }
    Some(Some((key, scalar(entry.get("ParameterValue")?)?)))
}

/// The text of a value; a list is what CloudFormation takes for one, joined with commas.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        Value::Array(items) => {
            items.iter().map(|it| it.as_str()).collect::<Option<Vec<_>>>().map(|it| it.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn lines(text: &str) -> Result<Vec<(String, String)>, BadParameters> {
    let mut res = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => {
                res.push((key.trim().to_owned(), value.to_owned()))
            }
            _ => return Err(BadParameters::Line { number: idx + 1 }),
        }
    }
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&[(&str, &str)], BadParameters>) {
        let own = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(parse(text.as_bytes()), expected.map(own), "{text}");
    }

    #[test]
    fn every_form() {
        let both: &[_] = &[("A", "1"), ("B", "x=y")];
        check(
            r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "x=y"}]"#,
            Ok(both),
        );
        check(r#"["A=1", "B=x=y"]"#, Ok(both));
        check("\u{feff} [\"A=1\", \"B=x=y\"]", Ok(both));
        check(r#"{"Parameters": {"A": 1, "B": "x=y"}, "Tags": {}}"#, Ok(both));
        check("# comment\nA=1\r\n\n B = x=y\n".replace("= x", "=x").as_str(), Ok(both));
        check(r#"[{"ParameterKey": "A", "UsePreviousValue": true}]"#, Ok(&[]));
        check(r#"{"Parameters": {"A": ["x", "y"]}}"#, Ok(&[("A", "x,y")]));
        check("", Ok(&[]));
    }

    #[test]
    fn every_mistake() {
        check("[", Err(BadParameters::Json { line: 1, column: 1 }));
        check(r#"{"A": "1"}"#, Err(BadParameters::Form));
        check(r#"["A=1", "B"]"#, Err(BadParameters::Entry { number: 2 }));
        check(r#"[{"ParameterKey": "A"}]"#, Err(BadParameters::Entry { number: 1 }));
        check(r#"{"Parameters": {"A": null}}"#, Err(BadParameters::Entry { number: 1 }));
        check("A=1\nB\n", Err(BadParameters::Line { number: 2 }));
        assert_eq!(parse(b"\xff\xfe"), Err(BadParameters::NotText));
        assert_eq!(parse(&vec![b' '; MAX_BYTES + 1]), Err(BadParameters::TooLarge));
    }
}
