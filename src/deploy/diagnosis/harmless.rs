//! Makes a diagnosis fit to be shown: AWS and instances may say anything, and scripts print what they know.

use std::sync::LazyLock;

use regex::Regex;

use super::sight::Sight;
use super::{Diagnosis, Place};
use crate::report::sanitize;
use crate::text::Span;

/// Stands for a secret.
const HIDDEN: &str = "****";

/// The longest cause, piece of evidence or text of AWS, in characters.
const MAX: usize = 600;
/// The longest name.
const MAX_NAME: usize = 255;
/// The longest label of a place.
const MAX_LABEL: usize = 200;
/// More lines are a wall.
const MAX_LINES: usize = 12;
/// More names are a wall too.
const MAX_NAMES: usize = 100;
/// A shorter secret is hidden where it stands as a word of its own: elsewhere the text would be lost with it.
const SHORT: usize = 4;

/// Secrets by their form: keys of AWS, and what is called one. Of the second the name stays. Case is folded without Unicode, whose
/// tables the program is built without.
static BY_FORM: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        r"()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r#"((?i-u:password|passwd|secret|token|credential|api_?key|access_?key|private_?key)(?i-u:[a-z0-9_-]*)["']?\s*[=:]\s*)["']?[^\s"',;]+"#,
    ]
    .map(|it| Regex::new(it).expect("internal error: a pattern of this module is wrong"))
});

/// What must not be shown.
#[derive(Debug, Default)]
pub(super) struct Harmless {
    secrets: Vec<String>,
    hidden: Vec<Span>,
}

impl Harmless {
    /// The secrets of a template: the values of its `NoEcho` parameters, given and by default.
    pub(super) fn of(sight: Option<&Sight<'_, '_>>) -> Harmless {
        let mut res = Harmless::default();
        for (value, span) in sight.map(Sight::secrets).unwrap_or_default() {
            res.hidden.extend(span);
            res.secrets.push(value);
        }
        // A secret that is part of another one would leave the rest of it.
        res.secrets.retain(|it| !it.is_empty());
        res.secrets.sort_by_key(|it| std::cmp::Reverse(it.len()));
        res
    }

    /// The same diagnosis, fit to be shown.
    pub(super) fn diagnosis(self, it: Diagnosis) -> Diagnosis {
        let lines = |list: Vec<String>| list.iter().take(MAX_LINES).map(|it| self.text(it, MAX)).collect();
        let names =
            |list: Vec<String>| list.iter().take(MAX_NAMES).map(|it| self.text(it, MAX_NAME)).collect();
        let places = it.places.iter().take(MAX_LINES);
        let also = it.also.iter().take(MAX_LINES);
        Diagnosis {
            resource: self.text(&it.resource, MAX_NAME),
            type_name: self.text(&it.type_name, MAX_NAME),
            what: self.text(&it.what, MAX),
            cause: self.text(&it.cause, MAX),
            places: places.map(|it| Place::new(it.span, self.text(&it.label, MAX_LABEL))).collect(),
            evidence: lines(it.evidence),
            said: self.text(&it.said, MAX),
            cancelled: names(it.cancelled),
            also: also.map(|(id, reason)| (self.text(id, MAX_NAME), self.text(reason, MAX_LABEL))).collect(),
            next: self.text(&it.next, MAX),
            hidden: self.hidden,
            ..it
        }
    }

    fn text(&self, text: &str, max: usize) -> String {
        // Before it is cut: half a secret is one still.
        let mut res = text.to_owned();
        for secret in &self.secrets {
            res = if secret.chars().count() < SHORT {
                without_word(&res, secret)
            } else {
                res.replace(secret, HIDDEN)
            };
        }
        for pattern in BY_FORM.iter() {
            res = pattern.replace_all(&res, format!("${{1}}{HIDDEN}")).into_owned();
        }
        // Blanks in a row are those of a console or a JSON document.
        sanitize::short(res.trim(), max)
    }
}

/// The text with a word hidden, wherever no letter or digit stands beside it.
fn without_word(text: &str, word: &str) -> String {
    let mut res = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices(word) {
        let touches = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let end = at + word.len();
        if at < from || touches(text[..at].chars().next_back()) || touches(text[end..].chars().next()) {
            continue;
        }
        res.push_str(&text[from..at]);
        res.push_str(HIDDEN);
        from = end;
    }
    res.push_str(&text[from..]);
    res
}
