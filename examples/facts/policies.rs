//! The policies that AWS manages.

use std::collections::BTreeMap;
use std::io::Result;

use serde_json::Value;

use crate::input::{Facts, wrong};
use crate::output::Output;
use crate::sources::Sources;

/// The documents are those that IAM answers with; a project that records every version mirrors them.
const SOURCE: (&str, &str) = (
    "AWS IAM GetPolicyVersion, as recorded by zoph-io/MAMIP @0387244 (content of AWS, the code that records it is GPL-3.0)",
    "2026-03-07",
);

/// The policies whose path is known for sure; all of them have the same.
const SERVICE_ROLES: [&str; 4] = [
    "AmazonEC2ContainerServiceAutoscaleRole",
    "AmazonEC2ContainerServiceRole",
    "AmazonEC2ContainerServiceforEC2Role",
    "AmazonECSTaskExecutionRolePolicy",
];

/// Writes the table.
pub(crate) fn generate(facts: &Facts, sources: &mut Sources, output: &mut Output) -> Result<()> {
    let mut rows = BTreeMap::new();
    for (name, mut file) in facts.json("managed_policies")? {
        let version = &mut file["PolicyVersion"];
        drop_sids(&mut version["Document"]["Statement"]);
        let text = |key: &str| match version[key].as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(wrong(format!("managed_policies/{name}: no {key}"))),
        };
        let path = if SERVICE_ROLES.contains(&name.as_str()) { "service-role/" } else { "" };
        let date = text("CreateDate")?.chars().take("YYYY-MM-DD".len()).collect();
        let fields = vec![path.to_owned(), text("VersionId")?, date, version["Document"].to_string()];
        rows.insert(name, fields);
    }
    sources.of_table("policies", SOURCE)?;
    output.table("policies.tsv", rows)
}

/// Takes away the names of the statements: they decide nothing.
fn drop_sids(statements: &mut Value) {
    match statements {
        Value::Array(list) => list.iter_mut().for_each(drop_sids),
        Value::Object(statement) => {
            statement.remove("Sid");
        }
        _ => {}
    }
}
