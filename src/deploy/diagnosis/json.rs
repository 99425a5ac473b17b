//! A diagnosis for programs: the fields of an event of type `diagnosis` of `--progress json`. `line` and `column` are those
//! of the first place.

use serde::Serialize;
use serde_json::Value;

use super::{Certainty, Diagnosis, Kind};
use crate::text::{Lines, Span};

#[derive(Serialize)]
struct Out<'a> {
    resource: &'a str,
    resource_type: &'a str,
    what: &'a str,
    seconds: Option<i64>,
    kind: Kind,
    cause: &'a str,
    certainty: &'static str,
    code: Option<&'static str>,
    places: Vec<PlaceOut<'a>>,
    evidence: &'a [String],
    said: &'a str,
    cancelled: &'a [String],
    also: Vec<AlsoOut<'a>>,
    help: &'a str,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    path: &'a str,
    start: PositionOut,
    end: PositionOut,
    label: &'a str,
}

#[derive(Serialize)]
struct PositionOut {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct AlsoOut<'a> {
    resource: &'a str,
    reason: &'a str,
}

impl Diagnosis {
    /// The diagnosis as JSON. `template` is the name and the text of the template; without it there are no places.
    ///
    /// # Panics
    /// Never: all of it can be written as JSON.
    #[must_use]
    pub fn to_json(&self, template: Option<(&str, &Lines<'_>)>) -> Value {
        let places = template.map(|(path, lines)| {
            let at = |offset| {
                let it = lines.position(offset);
                PositionOut { line: it.line, column: it.column, offset: it.offset }
            };
            let place =
                |span: Span, label| PlaceOut { path, start: at(span.start), end: at(span.end), label };
            self.places.iter().map(|it| place(it.span, it.label.as_str())).collect()
        });
        let first = template.zip(self.places.first()).map(|((_, lines), it)| lines.position(it.span.start));
        let out = Out {
            resource: &self.resource,
            resource_type: &self.type_name,
            what: &self.what,
            seconds: self.seconds,
            kind: self.kind,
            cause: &self.cause,
            certainty: match self.certainty {
                Certainty::Known => "known",
                Certainty::Likely => "likely",
                Certainty::Open => "open",
            },
            code: self.code,
            places: places.unwrap_or_default(),
            evidence: &self.evidence,
            said: &self.said,
            cancelled: &self.cancelled,
            also: self.also.iter().map(|(resource, reason)| AlsoOut { resource, reason }).collect(),
            help: &self.next,
            line: first.map(|it| it.line),
            column: first.map(|it| it.column),
        };
        serde_json::to_value(out).expect("internal error: a diagnosis is always JSON")
    }
}
