//! Why it failed, told when it happens, again at the end, and for a stack that failed earlier.

use std::path::Path;

use serde_json::json;

use super::preflight;
use super::prepare::{Prepared, stack_name, template};
use super::session::{Session, Stop};
use super::watch::{Evidence, Watched};
use crate::cli::Exit;
use crate::cli::args::{Stacked, Values};
use crate::cli::check;
use crate::cli::read::Source;
use crate::deploy::brief::Brief;
use crate::deploy::cloud::Stack;
use crate::deploy::events::{Event, last_operation};
use crate::deploy::operation::Operation;
use crate::lint::{self, Options};
use crate::report::sanitize;

/// The stack that was named, or that of the template.
pub(super) fn named(args: &Stacked) -> Result<String, Stop> {
    if let Some(name) = &args.stack {
        return Ok(name.clone());
    }
    let path = template(args.template.as_deref())?;
    stack_name(&path)
        .ok_or_else(|| Stop::new(Exit::Failed, "no stack is named").next("name it: `ecslint status STACK`"))
}

/// No value is known.
pub(super) fn no_values() -> Values {
    Values::default()
}

/// A template of this machine, checked for a stack without being judged.
pub(super) fn read(path: &Path, values: &Values, stack: &Stack) -> Result<Prepared, Stop> {
    let source = Source::File(path.to_owned());
    let bytes = source.read()?;
    let mut options = check::options_for(values, &source)?;
    for (name, value) in stack.values() {
        options.parameters.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Ok(checked(path.to_owned(), bytes, options))
}

/// The template that the stack was made from; nothing where it may not be read.
pub(super) fn fetched(session: &Session<'_>, stack: &Stack) -> Option<Prepared> {
    let text = session.cloud().template(&stack.id).ok().filter(|it| !it.is_empty())?;
    let parameters = stack.values().map(|(name, value)| (name.clone(), value.clone())).collect();
    let options = Options { parameters, ..Options::default() };
    Some(checked("the template of the stack".into(), text.into_bytes(), options))
}

fn checked(path: std::path::PathBuf, bytes: Vec<u8>, options: Options) -> Prepared {
    let outcome = lint::check(&bytes, &options);
    let brief = Brief::of(&bytes, &options.parameters).unwrap_or_default();
    let given = options.parameters.clone();
    Prepared { path, bytes, brief, outcome, options, given }
}

/// Tells the first cause as soon as it is known.
pub(super) fn failure(
    session: &mut Session<'_>,
    prepared: Option<&Prepared>,
    _name: &str,
    operation: &Operation,
    _events: &[Event],
    _evidence: &Evidence,
) -> Result<(), Stop> {
    let Some(cause) = operation.first_cause() else { return Ok(()) };
    let resource = sanitize::short(&cause.resource, 100);
    let reason = sanitize::short(&cause.reason, 600);
    let line = prepared.and_then(|it| it.line_of(&cause.resource));
    let path = prepared.map(|it| sanitize::short(&it.path.to_string_lossy(), 200)).unwrap_or_default();
    session.screen.tell(&format!("\n FAILED   {resource}: {reason}"))?;
    if let Some(line) = line {
        session.screen.tell(&format!("   --> {path}:{line}"))?;
        session.screen.annotate(&path, line, &format!("{resource} failed"), &reason)?;
    }
    let now = session.pace.now();
    session.screen.event(
        now,
        "diagnosis",
        json!({ "resource": cause.resource, "reason": cause.reason, "line": line }),
    )
}

/// Tells it again, as the last thing.
pub(super) fn repeat(
    session: &mut Session<'_>,
    prepared: Option<&Prepared>,
    name: &str,
    watched: &Watched,
) -> Result<(), Stop> {
    failure(session, prepared, name, &watched.operation, &watched.events, &watched.evidence)
}

/// Says why a stack failed, by whomever it was deployed.
pub(super) fn run(session: &mut Session<'_>, args: &Stacked) -> Result<Exit, Stop> {
    let name = named(args)?;
    let shown = sanitize::short(&name, 130);
    let Some(stack) = preflight::identity(session, &name)?.stack else {
        return Err(Stop::new(Exit::NeedsHand, format!("there is no stack {shown}")).next(
            "a stack that was deleted is found by its id: `ecslint diagnose arn:aws:cloudformation:...`",
        ));
    };
    let events = session.cloud().events_until(&stack.id, |_| false)?;
    let own = last_operation(&events, None).to_vec();
    let mut operation = Operation::new(stack.status.starts_with("DELETE"));
    for event in &own {
        operation.take(event);
    }
    let prepared = match &args.template {
        Some(path) => Some(read(path, &no_values(), &stack)?),
        None => fetched(session, &stack),
    };
    if operation.first_cause().is_none() {
        return Err(Stop::new(Exit::NeedsHand, format!("nothing failed in the last operation on {shown}"))
            .next(format!("`ecslint status {shown}` shows how it is")));
    }
    failure(session, prepared.as_ref(), &name, &operation, &own, &Evidence::default())?;
    Ok(Exit::Clean)
}
