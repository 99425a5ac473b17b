//! Why a deployment failed: the first cause, at its words in the template.
//!
//! | module | what goes in, what comes out |
//! |---|---|
//! | [`evidence`] | answers of the aws CLI to what was gathered |
//! | `first` | events to the first that failed on its own |
//! | `sight`, `script` | the template to the places of what may be to blame, also inside the boot script |
//! | `console` | what an instance wrote to what it says |
//! | `reasons`, `launch` | what CloudFormation and EC2 say to a cause and a property |
//! | `waited` | a signal that did not come, or an instance that did not join, to why |
//! | `show`, `json` | a [`Diagnosis`] for people and for programs |
//!
//! What the check has found is evidence too: a fault that it foresaw, and that what happened confirms, is named as the
//! cause with its code.
//!
//! Invariants: pure; less evidence gives a weaker answer and never none; what AWS and instances say is not trusted: each
//! text of a [`Diagnosis`] is short, on one line, without control characters and without the values of `NoEcho`
//! parameters; each place is of the template that was handed in.

mod console;
pub mod evidence;
mod first;
mod harmless;
mod json;
mod kind;
mod launch;
mod reasons;
mod script;
mod show;
mod sight;
mod waited;
mod words;

#[cfg(test)]
mod tests;

pub use evidence::{Evidence, states};
pub use kind::Kind;

use self::first::First;
use self::harmless::Harmless;
use self::sight::Sight;
use crate::deploy::plan::Refusal;
use crate::diagnostic::Severity;
use crate::lint::{Options, Outcome};
use crate::report::sanitize;
use crate::text::Span;

/// The template that was deployed, as it was checked.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// With what it was checked: the values of parameters that the stack was given.
    pub options: &'a Options,
    /// What the check found.
    pub outcome: &'a Outcome,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Nobody knows.
    Open,
    /// What was seen fits nothing better.
    Likely,
    /// AWS, the instance or the template says so.
    Known,
}

/// A place in the template, with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The words.
    pub span: Span,
    /// What is to be said of them.
    pub label: String,
}

/// Why it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The logical id of what failed first; those of nested stacks stand before it: `Network/Subnet`.
    pub resource: String,
    /// Its type.
    pub type_name: String,
    /// What became of it: `no success signal within 15m00s (0 of 1)`, `could not be created`.
    pub what: String,
    /// After how many seconds.
    pub seconds: Option<i64>,
    /// What kind of cause it is.
    pub kind: Kind,
    /// The cause in one sentence: small first letter, no full stop.
    pub cause: String,
    /// How sure that is.
    pub certainty: Certainty,
    /// The rule whose finding had foreseen it.
    pub code: Option<&'static str>,
    /// The words of the template, the most telling first.
    pub places: Vec<Place>,
    /// What speaks for it, one line each.
    pub evidence: Vec<String>,
    /// What AWS said; may be empty.
    pub said: String,
    /// What was given up because of it, by logical id.
    pub cancelled: Vec<String>,
    /// What failed later on its own: logical id and reason.
    pub also: Vec<(String, String)>,
    /// What to do, as a command to the user.
    pub next: String,
    /// Where secrets are written in the template: they are not to be shown.
    pub hidden: Vec<Span>,
}

/// Says why an operation failed; `None` while nothing in it has.
///
/// `checked` is the template that was deployed; where there is none, or it is not readable, no place is known.
#[must_use]
pub fn diagnose(evidence: &Evidence, checked: Option<&Checked<'_>>) -> Option<Diagnosis> {
    let first = first::first(evidence)?;
    sight::with(checked, |sight| Some(of_first(evidence, &first, sight)))
}

/// Says why the instances of a fleet are not in their cluster although the stack is there. `group` is the name of the
/// group at AWS.
#[must_use]
pub fn not_joined(evidence: &Evidence, checked: Option<&Checked<'_>>, fleet: &str, group: &str) -> Diagnosis {
    sight::with(checked, |sight| {
        let case = waited::Case::of_fleet(evidence, sight, fleet, group);
        let found = case.cause().foreseen(sight, &case.fleet.map_or(vec![fleet], |it| it.ids.clone()));
        let type_name = sight.and_then(|it| it.resource(fleet)).map_or("", |it| it.type_name());
        Harmless::of(sight).diagnosis(Diagnosis {
            resource: fleet.to_owned(),
            type_name: type_name.to_owned(),
            what: "its instances did not register with ECS".to_owned(),
            ..found.into_diagnosis()
        })
    })
}

/// Says what CloudFormation refuses in a change set before it does anything; `None` where it names nothing.
#[must_use]
pub fn refused(refusals: &[Refusal], checked: Option<&Checked<'_>>) -> Option<Diagnosis> {
    let first = refusals.first()?;
    sight::with(checked, |sight| {
        let at =
            |it: &Refusal| sight.and_then(|sight| sight.path(&it.path).or_else(|| sight.key(&it.resource)));
        let places = refusals.iter().filter_map(|it| Some(Place::new(at(it)?, words::message(&it.reason))));
        let found = Found::new(Kind::Property, words::message(&first.reason), places.collect());
        let of_path = || first.path.get(1).cloned().unwrap_or_default();
        let resource = if first.resource.is_empty() { of_path() } else { first.resource.clone() };
        let also = refusals[1..].iter().map(|it| (it.resource.clone(), it.reason.clone())).collect();
        let type_name =
            sight.and_then(|it| it.resource(&resource)).map_or("", |it| it.type_name()).to_owned();
        Some(Harmless::of(sight).diagnosis(Diagnosis {
            resource,
            type_name,
            what: "CloudFormation refuses it before it does anything".to_owned(),
            said: first.reason.clone(),
            also,
            ..found.next("mend the template; nothing was changed").into_diagnosis()
        }))
    })
}

fn of_first(evidence: &Evidence, first: &First<'_>, sight: Option<&Sight<'_, '_>>) -> Diagnosis {
    // What failed in a nested stack stands in another template.
    let outer = first.within.first().copied();
    let own = sight.filter(|_| outer.is_none());
    let event = first.event;
    let about_signals = waited::is_about_signals(&event.reason);
    let (mut found, what) = if about_signals {
        let case = waited::Case::of(evidence, own, first);
        let ids = case.fleet.map_or_else(Vec::new, |it| it.ids.clone());
        (case.cause().foreseen(own, &ids), headline(first, case.waited(), case.failed))
    } else {
        let ids: Vec<&str> =
            own.and_then(|it| it.fleet(&event.resource)).map_or(Vec::new(), |it| it.ids.clone());
        let ids: Vec<&str> = ids.into_iter().chain([event.resource.as_str()]).collect();
        (reasons::read(first, own).foreseen(own, &ids), format!("could not be {}", first.verb()))
    };
    if let Some(span) = outer.and_then(|it| sight?.key(it)) {
        found.places = vec![Place::new(span, "failed inside of this nested stack")];
    }
    let path: Vec<&str> = first.within.iter().copied().chain([event.resource.as_str()]).collect();
    Harmless::of(sight).diagnosis(Diagnosis {
        resource: path.join("/"),
        type_name: event.type_name.clone(),
        what,
        seconds: first.seconds(),
        said: event.reason.clone(),
        cancelled: first.cancelled.iter().map(|it| (*it).to_owned()).collect(),
        also: first.also.iter().map(|(id, reason)| ((*id).to_owned(), (*reason).to_owned())).collect(),
        ..found.into_diagnosis()
    })
}

/// `no success signal within 15m00s (0 of 1)`
fn headline(first: &First<'_>, seconds: Option<u64>, failed: bool) -> String {
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let reason = &first.event.reason;
    let got = reason.split_once("Received ").map(|(_, it)| number(it)).filter(|it| !it.is_empty());
    let of = reason
        .split_once(" out of ")
        .or_else(|| reason.split_once("when expecting "))
        .map(|(_, it)| number(it));
    let counts = got.zip(of).map(|(got, of)| format!(" ({got} of {of})")).unwrap_or_default();
    match (failed, seconds.and_then(|it| i64::try_from(it).ok())) {
        (true, _) => format!("its instance signalled a failure{counts}"),
        (false, Some(seconds)) => {
            format!("no success signal within {}{counts}", words::span_of_time(seconds))
        }
        (false, None) => format!("no success signal{counts}"),
    }
}

/// A text of AWS or an instance in quotes, short enough for a label.
fn quote(text: &str) -> String {
    format!("\"{}\"", sanitize::short(text, 120))
}

impl Place {
    fn new(span: Span, label: impl Into<String>) -> Place {
        Place { span, label: label.into() }
    }
}

/// What was found out about a cause.
#[derive(Clone, Debug)]
struct Found {
    kind: Kind,
    cause: String,
    certainty: Certainty,
    code: Option<&'static str>,
    places: Vec<Place>,
    /// Places that count only where nothing was foreseen.
    aside: Vec<Place>,
    evidence: Vec<String>,
    next: String,
    /// Rules whose findings what was seen speaks against.
    refuted: Vec<&'static str>,
}

impl Found {
    fn new(kind: Kind, cause: impl Into<String>, places: Vec<Place>) -> Found {
        Found {
            kind,
            cause: cause.into(),
            certainty: Certainty::Known,
            code: None,
            places,
            aside: Vec::new(),
            evidence: Vec::new(),
            next: String::new(),
            refuted: Vec::new(),
        }
    }

    fn likely(self) -> Found {
        Found { certainty: Certainty::Likely, ..self }
    }

    fn open(self) -> Found {
        Found { certainty: Certainty::Open, ..self }
    }

    fn next(self, next: impl Into<String>) -> Found {
        Found { next: next.into(), ..self }
    }

    fn evidence(mut self, line: impl Into<String>) -> Found {
        self.evidence.push(line.into());
        self
    }

    /// Changes the first line of evidence.
    fn evidence_line(mut self, change: impl FnOnce(&str) -> String) -> Found {
        if let Some(line) = self.evidence.first_mut() {
            *line = change(line);
        }
        self
    }

    /// Adds what the check had foreseen of this kind: an error of it is the cause in better words.
    fn foreseen(mut self, sight: Option<&Sight<'_, '_>>, ids: &[&str]) -> Found {
        let codes: Vec<_> =
            self.kind.codes().iter().copied().filter(|it| !self.refuted.contains(it)).collect();
        let Some(it) = sight.and_then(|it| it.foreseen(&codes, ids)) else {
            self.places.append(&mut self.aside);
            return self;
        };
        self.code = codes.into_iter().find(|code| *code == it.code);
        let finding = &it.finding;
        if it.severity == Severity::Error {
            self.cause.clone_from(&finding.message);
            if let Some(help) = finding.help.as_ref() {
                self.next.clone_from(help);
            }
        }
        let because = finding.because.iter().map(|(span, label)| Place::new(*span, label));
        let label = if self.cause == finding.message { "this is why" } else { &finding.message };
        for place in [Place::new(finding.span, label)].into_iter().chain(because) {
            if !self.places.iter().any(|it| it.span == place.span) {
                self.places.push(place);
            }
        }
        self
    }

    fn into_diagnosis(self) -> Diagnosis {
        Diagnosis {
            resource: String::new(),
            type_name: String::new(),
            what: String::new(),
            seconds: None,
            kind: self.kind,
            cause: self.cause,
            certainty: self.certainty,
            code: self.code,
            places: self.places,
            evidence: self.evidence,
            said: String::new(),
            cancelled: Vec::new(),
            also: Vec::new(),
            next: self.next,
            hidden: Vec::new(),
        }
    }
}
