//! What `docs/` says is so.

use std::fs;
use std::path::Path;

use ecslint::config::{self, policies};
use ecslint::policy::FIELDS;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|it| it.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn the_policies_on_the_page_are_policies() {
    let page = page("policies.md");
    let [example] = blocks(&page, "yaml")[..] else { panic!("one example") };
    let policies = policies::parse(example).unwrap_or_else(|it| panic!("{it:?}"));
    assert!(policies.len() >= 3 && policies.iter().any(|it| !it.examples.is_empty()));
}

/// Every field and every key of a policy stands on the page.
#[test]
fn the_page_of_policies_is_whole() {
    let page = page("policies.md");
    for field in FIELDS {
        let whole =
            page.contains(&format!("`{}`", field.name)) || page.contains(&format!("`{}[*]`", field.name));
        assert!(whole, "{}", field.name);
    }
    let schema: serde_json::Value = serde_json::from_str(&config::schema()).expect("JSON");
    let policy = &schema["properties"]["policies"]["items"]["anyOf"][1]["properties"];
    let claim = &policy["when"]["anyOf"][0]["properties"];
    for keys in [policy, claim] {
        let keys = keys.as_object().expect("keys");
        assert!(keys.len() >= 10);
        for key in keys.keys() {
            assert!(page.contains(&format!("`{key}`")) || page.contains(&format!("`{key}: ")), "{key}");
        }
    }
}

/// Every field of the model stands on its page.
#[test]
fn the_page_of_the_model_is_whole() {
    let page = page("model.md");
    let schema: serde_json::Value = serde_json::from_str(&self::page("model.schema.json")).expect("JSON");
    for key in schema["properties"]
        .as_object()
        .expect("keys")
        .keys()
        .filter(|it| !["version", "ecslint", "path", "region"].contains(&it.as_str()))
    {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
    assert_eq!(blocks(&page, "rego").len(), 1);
}
