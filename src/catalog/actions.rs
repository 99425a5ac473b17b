//! The actions of IAM policies, and the resource types that they can be limited to.
//!
//! A row of the table is a service: the sets of resource types, then its actions, sorted. An action is a letter that
//! says how many letters it shares with the one before it (counted from `0`), then its other letters, then the number
//! of its set in capital letters; none for an action that cannot be limited.

use std::cmp::Ordering;

use super::sources::{self, Source};
use super::table::Table;
use crate::text::{glob, near as near_words};

const ACTIONS: Table = Table(include_str!("data/actions.tsv"));

/// Patterns above this many bytes are not looked up; no action has a name half as long.
const LONGEST: usize = 256;

/// No more actions than this are said to be near another one.
const MOST_NEAR: usize = 3;

/// Fewer letters than these are at the end of too many names.
const SHORTEST_OBJECT: usize = 4;

/// Whether a service has an action, or any that a pattern with `*` and `?` means; upper and lower case are the same.
/// `None` when the service is not listed, or the text is no `service:action`.
#[must_use]
pub fn exists(action: &str) -> Option<bool> {
    let (service, pattern) = split(action)?;
    let mut actions = Actions::of(&service)?;
    if !pattern.contains(['*', '?']) {
        return Some(actions.find(&pattern).is_some());
    }
    while let Some((name, _)) = actions.next() {
        if glob(&pattern, name) {
            return Some(true);
        }
    }
    Some(false)
}

/// The types of resources that an action can be limited to; none when it needs `Resource: '*'`. `None` when the
/// action is not listed.
#[must_use]
pub fn resource_types(action: &str) -> Option<Vec<&'static str>> {
    let (service, wanted) = split(action)?;
    let mut actions = Actions::of(&service)?;
    let set = actions.find(&wanted)?;
    let set = set.and_then(|it| actions.sets.split(';').nth(it)).unwrap_or_default();
    Some(set.split(',').filter(|it| !it.is_empty()).collect())
}

/// The actions of the same service that a misspelt one may have meant, in lower case, at most three: those that are
/// spelt like it, else those that do something else to the same.
#[must_use]
pub fn near(action: &str) -> Vec<String> {
    let Some((service, wanted)) = split(action) else { return Vec::new() };
    let Some(mut actions) = Actions::of(&service) else { return Vec::new() };
    let mut names = Vec::new();
    while let Some((name, _)) = actions.next() {
        names.push(name.to_owned());
    }
    let mut found = near_words(&wanted, names.iter().map(String::as_str), MOST_NEAR);
    if found.is_empty() {
        let object = object(action);
        let others =
            names.iter().map(String::as_str).filter(|it| !object.is_empty() && it.ends_with(&object));
        found.extend(others.take(MOST_NEAR));
    }
    found.into_iter().map(|it| format!("{service}:{it}")).collect()
}

/// What an action is done to, in lower case: all words but the first, which is the verb. Empty where they say little.
fn object(action: &str) -> String {
    let name = action.split_once(':').map_or(action, |it| it.1);
    let starts = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let verb = name.as_bytes().windows(2).position(starts);
    let words = verb.and_then(|it| name.get(it + 1..)).filter(|it| it.len() >= SHORTEST_OBJECT);
    words.unwrap_or_default().to_ascii_lowercase()
}

/// Where the list comes from, and its date.
#[must_use]
pub fn source() -> Source {
    sources::of_table("actions")
}

/// Service and action in lower case.
fn split(action: &str) -> Option<(String, String)> {
    let (service, name) = action.split_once(':').filter(|_| action.len() <= LONGEST)?;
    Some((service.to_ascii_lowercase(), name.to_ascii_lowercase()))
}

/// The actions of one service, one after the other.
struct Actions {
    sets: &'static str,
    left: &'static str,
    name: String,
}

impl Actions {
    fn of(service: &str) -> Option<Actions> {
        let mut fields = ACTIONS.find(service)?.fields();
        Some(Actions { sets: fields.text(), left: fields.text(), name: String::new() })
    }

    /// The next action, and the number of its set.
    fn next(&mut self) -> Option<(&str, Option<usize>)> {
        let end = memchr::memchr(b' ', self.left.as_bytes());
        let (word, left) = end.map_or((self.left, ""), |it| (&self.left[..it], &self.left[it + 1..]));
        self.left = left;
        let (shared, rest) = word.split_at_checked(1)?;
        let n_letters = rest.bytes().rev().take_while(u8::is_ascii_uppercase).count();
        let (suffix, letters) = rest.split_at(rest.len() - n_letters);
        self.name.truncate(usize::from(shared.as_bytes()[0] - b'0'));
        self.name.push_str(suffix);
        let set = letters.bytes().fold(0, |set, it| set * 26 + usize::from(it - b'A'));
        Some((&self.name, (n_letters > 0).then_some(set)))
    }

    /// The number of the set of an action, if it is there.
    #[expect(clippy::option_option, reason = "an action that is not there, and one that has no set")]
    fn find(&mut self, wanted: &str) -> Option<Option<usize>> {
        while let Some((name, set)) = self.next() {
            match name.cmp(wanted) {
                Ordering::Less => {}
                Ordering::Equal => return Some(set),
                Ordering::Greater => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_that_exist() {
        let check = |action, expected| assert_eq!(exists(action), expected, "{action}");
        check("ecs:RegisterContainerInstance", Some(true));
        check("ECS:registercontainerinstance", Some(true));
        check("ecs:RegisterContainerInstances", Some(false));
        check("ecs:Submit*", Some(true));
        check("ecs:*", Some(true));
        check("ecs:Submt*", Some(false));
        check("ecs:", Some(false));
        check("logs:CreateLogStream", Some(true));
        check("cloudformation:SignalResource", Some(true));
        check("ecx:RegisterContainerInstance", None);
        check("*", None);
        check("", None);
        check(&format!("ecs:{}", "*a".repeat(1000)), None);
    }

    #[test]
    fn what_an_action_can_be_limited_to() {
        let check = |action, expected: Option<&[&str]>| {
            assert_eq!(resource_types(action).as_deref(), expected, "{action}");
        };
        check("ecs:RegisterContainerInstance", Some(&["cluster"]));
        check("ecs:Poll", Some(&["container-instance"]));
        check("ecs:DiscoverPollEndpoint", Some(&[]));
        check("ecr:GetAuthorizationToken", Some(&[]));
        check("cloudformation:SignalResource", Some(&["stack"]));
        check("ecs:NoSuchAction", None);
    }

    #[test]
    fn near_actions() {
        assert_eq!(near("ecs:RegisterContainerInstances"), ["ecs:registercontainerinstance"]);
        assert_eq!(near("logs:PutLogEvent")[0], "logs:putlogevents");
        assert_eq!(near("logs:PutLogStream"), ["logs:createlogstream", "logs:deletelogstream"]);
        assert_eq!(near("apigateway:HEAD"), [""; 0]);
        assert_eq!(near("ecs:Submit"), [""; 0]);
        assert_eq!(near("nothing"), [""; 0]);
    }

    #[test]
    fn every_row_can_be_read() {
        let mut count = 0;
        for row in ACTIONS.rows() {
            let mut actions = Actions::of(row.key).expect("the service is in the table");
            let mut before = String::new();
            while let Some((name, set)) = actions.next() {
                let name = name.to_owned();
                assert!(before < name, "{before} {name}");
                assert!(set.is_none_or(|it| it < actions.sets.split(';').count()), "{name}");
                before = name;
                count += 1;
            }
        }
        assert!(count > 20_000);
    }
}
