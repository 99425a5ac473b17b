//! What a change set would do.

use serde_json::Value;

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It goes.
    Remove,
    /// Another one is made in its place, and it goes.
    Replace,
    /// It may be replaced: only the execution will tell.
    MayReplace,
    /// It changes and stays.
    Modify,
    /// It is made.
    Add,
    /// It is taken into the stack.
    Import,
    /// Only the execution will tell what happens to it.
    Dynamic,
}

impl Action {
    /// Whether something that is there goes.
    #[must_use]
    pub fn is_dangerous(self) -> bool {
        matches!(self, Action::Remove | Action::Replace | Action::MayReplace)
    }
}

/// One resource of a change set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happens.
    pub action: Action,
    /// Its logical id.
    pub resource: String,
    /// Its type.
    pub type_name: String,
    /// The properties that change.
    pub properties: Vec<String>,
}

/// How far a change set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// CloudFormation works on it.
    Pending,
    /// It may be executed.
    Ready(Vec<Change>),
    /// It failed, for this reason.
    Failed(String),
}

/// Reads the answers of `describe-change-set`, page by page.
#[must_use]
pub fn read(pages: &[Value]) -> Progress {
    let Some(first) = pages.first() else { return Progress::Pending };
    let text = |key: &str| first.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("Status") {
        "CREATE_COMPLETE" => {
            let rows = pages.iter().filter_map(|it| it.get("Changes")?.as_array()).flatten();
            Progress::Ready(rows.filter_map(change).collect())
        }
        "FAILED" | "DELETE_COMPLETE" | "DELETE_FAILED" => Progress::Failed(text("StatusReason").to_owned()),
        _ => Progress::Pending,
    }
}

/// What CloudFormation refuses before it does anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The logical id; may be empty.
    pub resource: String,
    /// Where in the template: `Resources`, `Vpc`, `Properties`, `CidrBlock`; empty where nobody says.
    pub path: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Refusal {
    /// Reads a row of `describe-events`; nothing where it gives no reason.
    #[must_use]
    pub fn read(row: &Value) -> Option<Refusal> {
        let text = |key: &str| row.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let reason = text("ValidationStatusReason").or_else(|| text("ResourceStatusReason"))?;
        let path = text("ValidationPath").unwrap_or_default();
        Some(Refusal {
            resource: text("LogicalResourceId").unwrap_or_default().to_owned(),
            path: path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            reason: reason.to_owned(),
        })
    }
}

fn change(row: &Value) -> Option<Change> {
    let change = row.get("ResourceChange")?;
    let text = |key: &str| change.get(key).and_then(Value::as_str).unwrap_or_default();
    let action = match (text("Action"), text("Replacement")) {
        ("Add", _) => Action::Add,
        ("Remove", _) => Action::Remove,
        ("Import", _) => Action::Import,
        ("Modify", "True") => Action::Replace,
        ("Modify", "Conditional") => Action::MayReplace,
        ("Modify", _) => Action::Modify,
        _ => Action::Dynamic,
    };
    let details = change.get("Details").and_then(Value::as_array).into_iter().flatten();
    let mut properties: Vec<_> =
        details.filter_map(|it| it.get("Target")?.get("Name")?.as_str().map(str::to_owned)).collect();
    properties.sort();
    properties.dedup();
    Some(Change {
        action,
        resource: text("LogicalResourceId").to_owned(),
        type_name: text("ResourceType").to_owned(),
        properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_action() {
        let row = |action: &str, replacement: &str| {
            json!({"Type": "Resource", "ResourceChange": {
                "Action": action, "Replacement": replacement, "LogicalResourceId": "A", "ResourceType": "T",
                "Details": [{"Target": {"Name": "KeyName"}}, {"Target": {"Attribute": "Tags"}}]}})
        };
        let pages = [
            json!({"Status": "CREATE_COMPLETE", "Changes": [row("Add", ""), row("Modify", "True")]}),
            json!({"Status": "CREATE_COMPLETE", "Changes": [row("Modify", "False"), row("Modify", "Conditional"), row("Remove", "")]}),
        ];
        let Progress::Ready(changes) = read(&pages) else { panic!("ready") };
        let actions: Vec<_> = changes.iter().map(|it| it.action).collect();
        assert_eq!(
            actions,
            [Action::Add, Action::Replace, Action::Modify, Action::MayReplace, Action::Remove]
        );
        assert_eq!(changes[1].properties, ["KeyName"]);
        assert!(changes[1].action.is_dangerous() && !changes[2].action.is_dangerous());
    }

    #[test]
    fn each_status() {
        assert_eq!(read(&[json!({"Status": "CREATE_IN_PROGRESS"})]), Progress::Pending);
        let failed =
            json!({"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."});
        let Progress::Failed(reason) = read(&[failed]) else { panic!("failed") };
        assert!(crate::deploy::failure::is_no_change(&reason));
    }
}
