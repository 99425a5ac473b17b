//! A diagnosis for people.

use std::borrow::Cow;

use super::{Certainty, Diagnosis, words};
use crate::report::human::{Style, failure};
use crate::text::{Lines, Span};

impl Diagnosis {
    /// Whether it says more than that something failed.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.certainty > Certainty::Open
    }

    /// The line of the template, from 1, that tells most.
    #[must_use]
    pub fn line(&self, lines: &Lines<'_>) -> Option<usize> {
        self.places.first().map(|it| lines.position(it.span.start).line)
    }

    /// The diagnosis as lines for a terminal. `template` is the name and the text of the template; without it no words
    /// of it are shown.
    #[must_use]
    pub fn show(&self, style: &Style, template: Option<(&str, &str)>) -> String {
        let seconds = self.seconds.filter(|it| *it > 0).map(words::span_of_time);
        let mut res = failure::head(style, &self.resource, &self.what, seconds.as_deref());
        let cause = match self.certainty {
            Certainty::Likely => format!("likely {}", self.cause),
            Certainty::Known | Certainty::Open => self.cause.clone(),
        };
        let foreseen =
            self.code.map(|it| format!("[{it}] the check had foreseen it: `ecslint explain {it}`"));
        let rows: Vec<&str> = [cause.as_str()]
            .into_iter()
            .chain(foreseen.as_deref())
            .chain(self.evidence.iter().map(String::as_str))
            .collect();
        res.push_str(&failure::rows(style, "cause", &rows));
        if let Some((path, source)) = template {
            let source = masked(source, &self.hidden);
            let lines = Lines::new(&source);
            let places: Vec<_> = self.places.iter().map(|it| (it.span, it.label.as_str())).collect();
            res.push_str(&failure::places(style, path, &lines, &places));
        }
        if !self.said.is_empty() && self.said != self.cause {
            res.push_str(&failure::rows(style, "AWS said", &[&format!("\"{}\"", self.said)]));
        }
        let also: Vec<_> = self.also.iter().map(|(id, reason)| format!("{id}: {reason}")).collect();
        res.push_str(&failure::rows(style, "also", &also.iter().map(String::as_str).collect::<Vec<_>>()));
        if !self.cancelled.is_empty() {
            let names = format!("{}, because of this", self.cancelled.join(", "));
            res.push_str(&failure::rows(style, "given up", &[&names]));
        }
        if !self.next.is_empty() {
            res.push_str(&failure::rows(style, "next", &[&self.next]));
        }
        res
    }
}

/// The text with stars in the place of some words, as many bytes as they have.
fn masked<'s>(source: &'s str, hidden: &[Span]) -> Cow<'s, str> {
    if hidden.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut res = source.to_owned();
    for span in hidden {
        let range = span.start as usize..span.end as usize;
        if let Some(words) = source.get(range.clone()) {
            let stars = words.bytes().map(|it| if it == b'\n' { '\n' } else { '*' }).collect::<String>();
            res.replace_range(range, &stars);
        }
    }
    Cow::Owned(res)
}
