//! Messages that name what was found.

use super::path::Path;
use super::subject::Subject;
use crate::text::near;

/// What may stand in braces.
pub const PLACEHOLDERS: [&str; 4] = ["value", "path", "resource", "type"];

/// A text with places to fill: `{value}`; `{{` is a brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// An index into [`PLACEHOLDERS`].
    Placeholder(usize),
}

impl Wording {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Wording, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(behind) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                plain.push_str(&brace[..1]);
                rest = behind;
                continue;
            }
            let Some((name, behind)) = brace.strip_prefix('{').and_then(|it| it.split_once('}')) else {
                return Err("a single brace is written twice: `{{`, `}}`".to_owned());
            };
            let Some(idx) = PLACEHOLDERS.iter().position(|it| *it == name) else {
                let help = match near(name, PLACEHOLDERS, 1).first() {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("there are: {{{}}}", PLACEHOLDERS.join("}, {")),
                };
                return Err(format!("nothing fills `{{{name}}}`; {help}"));
            };
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Placeholder(idx));
            rest = behind;
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Wording { text: text.to_owned(), parts })
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text about a value.
    pub(super) fn fill(&self, subject: &Subject<'_, '_>, path: &Path, value: &str) -> String {
        let placeholder = |idx: usize| match PLACEHOLDERS.get(idx) {
            Some(&"value") => value,
            Some(&"path") => path.as_str(),
            Some(&"resource") => subject.id(),
            _ => subject.type_name(),
        };
        let part = |it: &Part| match it {
            Part::Text(text) => text.clone(),
            Part::Placeholder(idx) => placeholder(*idx).to_owned(),
        };
        self.parts.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_filled_is_told() {
        let check =
            |text: &str, expected: &str| assert_eq!(Wording::parse(text), Err(expected.to_owned()), "{text}");
        check("{valeu}", "nothing fills `{valeu}`; did you mean `{value}`?");
        check("${Env}", "nothing fills `{Env}`; there are: {value}, {path}, {resource}, {type}");
        check("a { b", "a single brace is written twice: `{{`, `}}`");
        check("a } b", "a single brace is written twice: `{{`, `}}`");
        assert!(Wording::parse("${{Env}} is {value} of {resource}").is_ok());
    }
}
