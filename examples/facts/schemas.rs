//! The shapes of resource types; `src/catalog/schema.rs` tells the form of the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;

use serde_json::{Map, Value};

use crate::input::{Facts, wrong};
use crate::output::Output;
use crate::sources::{CFN_LINT, Sources};

/// References that lead on and on without a mapping between them are no shape.
const DEEPEST: usize = 50;

/// Writes the table.
pub(crate) fn generate(facts: &Facts, sources: &mut Sources, output: &mut Output) -> Result<()> {
    let mut rows = BTreeMap::new();
    for (name, schema) in facts.json("schemas")? {
        let Some(type_name) = schema["typeName"].as_str() else {
            return Err(wrong(format!("schemas/{name}: no typeName")));
        };
        let mut reducer = Reducer { type_name, definitions: &schema["definitions"], rows: &mut rows };
        reducer.mapping("", &schema)?;
    }
    sources.of_table("schemas", CFN_LINT)?;
    output.table("schemas.tsv", rows)
}

/// What may stand somewhere: scalars, and a mapping or list.
#[derive(Default)]
struct Kind {
    scalars: BTreeSet<char>,
    structure: String,
}

impl Kind {
    fn add(&mut self, other: Kind) {
        self.scalars.extend(other.scalars);
        // A shape that is known is better than none.
        if self.structure.is_empty() || self.structure == "o" && !other.structure.is_empty() {
            self.structure = other.structure;
        }
    }

    fn any() -> Kind {
        Kind { scalars: BTreeSet::from(['b', 'n', 's']), structure: "o".to_owned() }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scalars: String = self.scalars.iter().collect();
        write!(f, "{scalars}{}", self.structure)
    }
}

struct Reducer<'s> {
    type_name: &'s str,
    definitions: &'s Value,
    rows: &'s mut BTreeMap<String, Vec<String>>,
}

impl<'s> Reducer<'s> {
    /// Writes the row of a mapping.
    fn mapping(&mut self, name: &str, schema: &'s Value) -> Result<()> {
        let key = match name {
            "" => self.type_name.to_owned(),
            _ => format!("{}#{name}", self.type_name),
        };
        // Marks it as begun, so that a shape may hold itself.
        if self.rows.contains_key(&key) {
            return Ok(());
        }
        self.rows.insert(key.clone(), Vec::new());
        let required: Vec<&str> = match schema["required"].as_array() {
            Some(list) => list.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
        };
        let mut words = Vec::new();
        for (property, schema) in properties(schema) {
            if property.contains([' ', '=', '!', '*', '#', '@']) {
                return Err(wrong(format!("`{property}` of {key} cannot be written")));
            }
            let inside = if name.is_empty() { property.to_owned() } else { format!("{name}.{property}") };
            let mark = if required.contains(&property) { "!" } else { "" };
            words.push(format!("{property}{mark}={}", self.kind(&inside, schema, 0)?));
        }
        if let Some(others) = others(schema) {
            words.push(format!("*={}", self.kind(&format!("{name}.*"), others, 0)?));
        }
        self.rows.insert(key, vec![words.join(" ")]);
        Ok(())
    }

    /// The kind that a schema says; `name` is for a mapping that has none.
    fn kind(&mut self, name: &str, schema: &'s Value, depth: usize) -> Result<Kind> {
        if depth > DEEPEST {
            return Err(wrong(format!("{}: {name} refers to itself", self.type_name)));
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let definition = reference.trim_start_matches("#/definitions/");
            return match self.definitions.get(definition) {
                Some(schema) => self.kind(definition, schema, depth + 1),
                None => Err(wrong(format!("{}: no definition {reference}", self.type_name))),
            };
        }
        let alternatives = ["oneOf", "anyOf"].into_iter().filter_map(|it| schema[it].as_array()).flatten();
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            _ if schema.get("properties").is_some() => vec!["object"],
            _ => {
                let mut res = Kind::default();
                for alternative in alternatives {
                    res.add(self.kind(name, alternative, depth + 1)?);
                }
                let says_nothing = res.scalars.is_empty() && res.structure.is_empty();
                return Ok(if says_nothing { Kind::any() } else { res });
            }
        };
        let mut res = Kind::default();
        for type_name in types {
            res.add(match type_name {
                "string" => Kind { scalars: BTreeSet::from(['s']), ..Kind::default() },
                "integer" | "number" => Kind { scalars: BTreeSet::from(['n']), ..Kind::default() },
                "boolean" => Kind { scalars: BTreeSet::from(['b']), ..Kind::default() },
                "object" => Kind { structure: self.object(name, schema, depth)?, ..Kind::default() },
                "array" => Kind { structure: self.array(name, schema, depth)?, ..Kind::default() },
                other => return Err(wrong(format!("{}: {name} is a `{other}`", self.type_name))),
            });
        }
        Ok(res)
    }

    fn object(&mut self, name: &str, schema: &'s Value, depth: usize) -> Result<String> {
        if !properties(schema).is_empty() {
            self.mapping(name, schema)?;
            return Ok(format!("@{name}"));
        }
        match others(schema) {
            Some(others) => Ok(format!("{{}}{}", self.kind(name, others, depth + 1)?)),
            None => Ok("o".to_owned()),
        }
    }

    fn array(&mut self, name: &str, schema: &'s Value, depth: usize) -> Result<String> {
        match schema.get("items") {
            Some(items) => Ok(format!("[]{}", self.kind(name, items, depth + 1)?)),
            None => Ok(format!("[]{}", Kind::any())),
        }
    }
}

/// The properties of a mapping, with those of its alternatives.
fn properties(schema: &Value) -> BTreeMap<&str, &Value> {
    let own = schema["properties"].as_object();
    let alternatives =
        ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|it| schema[it].as_array()).flatten();
    let inside = alternatives.filter_map(|it| it["properties"].as_object());
    own.into_iter().chain(inside).flat_map(Map::iter).map(|(key, it)| (key.as_str(), it)).collect()
}

/// What properties of any other name are.
fn others(schema: &Value) -> Option<&Value> {
    let by_pattern = schema["patternProperties"].as_object().and_then(|it| it.values().next());
    by_pattern.or_else(|| schema.get("additionalProperties").filter(|it| it.is_object()))
}
