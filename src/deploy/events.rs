//! The events of a stack: what CloudFormation says while it works, each once and in order.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;

/// One row of `describe-stack-events`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Unique among all events.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// The logical id; for rows of the stack its name.
    pub resource: String,
    /// The type of the resource.
    pub type_name: String,
    /// Its id at AWS, where it has one already; rows of the stack have the id of the stack.
    pub physical: String,
    /// `CREATE_IN_PROGRESS`
    pub status: String,
    /// Why.
    pub reason: String,
    /// The token of the call that began the operation, where it had one.
    pub token: String,
    /// Whether it is about the stack itself.
    pub of_stack: bool,
}

impl Event {
    /// Reads one row; nothing where it has no id or time.
    #[must_use]
    pub fn read(row: &Value) -> Option<Event> {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let physical = text("PhysicalResourceId");
        Some(Event {
            id: text("EventId"),
            at: text("Timestamp").parse().ok()?,
            resource: text("LogicalResourceId"),
            type_name: text("ResourceType"),
            of_stack: physical == text("StackId") && !physical.is_empty(),
            physical,
            status: text("ResourceStatus"),
            reason: text("ResourceStatusReason"),
            token: text("ClientRequestToken"),
        })
        .filter(|it| !it.id.is_empty())
    }

    /// Whether a status says that something failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.status.ends_with("_FAILED")
    }

    /// Whether it failed only because something else had.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason.contains("cancelled") || self.reason.contains("canceled")
    }
}

/// A page of events, newest first, as the CLI gives it.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Oldest first.
    pub events: Vec<Event>,
    /// Where the next, older page begins.
    pub next: Option<String>,
}

impl Page {
    /// Reads the answer of `describe-stack-events`.
    #[must_use]
    pub fn read(answer: &Value) -> Page {
        let rows = answer.get("StackEvents").and_then(Value::as_array);
        let mut events: Vec<_> = rows.into_iter().flatten().filter_map(Event::read).collect();
        events.reverse();
        let next = answer.get("NextToken").and_then(Value::as_str).map(str::to_owned);
        Page { events, next }
    }
}

/// The events that were seen, so that each is told once.
#[derive(Clone, Debug, Default)]
pub struct Seen(HashSet<String>);

impl Seen {
    /// Whether none of a page is known: then the one before it has to be read as well.
    #[must_use]
    pub fn knows_none_of(&self, page: &Page) -> bool {
        !self.0.is_empty() && !page.events.iter().any(|it| self.0.contains(&it.id))
    }

    /// Those that are new, oldest first.
    pub fn take(&mut self, events: Vec<Event>) -> Vec<Event> {
        events.into_iter().filter(|it| self.0.insert(it.id.clone())).collect()
    }
}

/// The events of the last operation on a stack, of all that there are (oldest first): from the row of the stack that
/// began it. `token` is that of the call, where it is known.
#[must_use]
pub fn last_operation<'a>(events: &'a [Event], token: Option<&str>) -> &'a [Event] {
    const BEGIN: [&str; 3] = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"];
    let begins = |it: &Event| it.of_stack && BEGIN.contains(&it.status.as_str());
    let by_token = |it: &&Event| token.is_some_and(|token| it.token == token);
    let start = match events.iter().position(|it| begins(it) && by_token(&it)) {
        Some(start) => start,
        None => events.iter().rposition(begins).unwrap_or(0),
    };
    &events[start..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(rows: &[(&str, &str, &str)]) -> Page {
        let row = |(id, resource, status): &(&str, &str, &str)| {
            let physical = if *resource == "demo" { "arn:stack" } else { "x" };
            json!({
                "StackId": "arn:stack", "EventId": id, "LogicalResourceId": resource,
                "PhysicalResourceId": physical, "Timestamp": "2026-11-23T03:10:33.457000+00:00",
                "ResourceStatus": status,
            })
        };
        Page::read(
            &json!({ "StackEvents": rows.iter().rev().map(row).collect::<Vec<_>>(), "NextToken": "n" }),
        )
    }

    #[test]
    fn each_event_is_told_once() {
        let mut seen = Seen::default();
        let first = page(&[("1", "demo", "CREATE_IN_PROGRESS")]);
        assert_eq!(first.next.as_deref(), Some("n"));
        assert!(!seen.knows_none_of(&first));
        assert_eq!(seen.take(first.events).len(), 1);
        let second = page(&[("1", "demo", "CREATE_IN_PROGRESS"), ("2", "Vpc", "CREATE_IN_PROGRESS")]);
        assert!(!seen.knows_none_of(&second));
        let new: Vec<_> = seen.take(second.events).into_iter().map(|it| it.id).collect();
        assert_eq!(new, ["2"]);
        assert!(seen.knows_none_of(&page(&[("9", "Vpc", "CREATE_COMPLETE")])));
    }

    #[test]
    fn both_forms_of_time_are_read() {
        for text in ["2026-11-23T03:10:33.058Z", "2026-11-23T03:10:33.457000+00:00"] {
            let row = json!({ "EventId": "1", "Timestamp": text });
            assert_eq!(Event::read(&row).map(|it| it.at.as_second()), Some(1_795_403_433), "{text}");
        }
        assert_eq!(Event::read(&json!({ "EventId": "1" })), None);
    }

    #[test]
    fn the_last_operation_begins_at_its_row() {
        let page = page(&[
            ("1", "demo", "CREATE_IN_PROGRESS"),
            ("2", "demo", "CREATE_COMPLETE"),
            ("3", "demo", "UPDATE_IN_PROGRESS"),
            ("4", "Vpc", "UPDATE_IN_PROGRESS"),
        ]);
        let ids: Vec<_> = last_operation(&page.events, None).iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["3", "4"]);
    }
}
