//! Why it failed, told when it happens, again at the end, and for a stack that failed earlier.

use std::path::Path;

use super::looking::{self, CLUSTER, GROUP};
use super::preflight;
use super::prepare::{Prepared, stack_name, template};
use super::session::{Session, Stop};
use crate::cli::Exit;
use crate::cli::args::{Stacked, Values};
use crate::cli::check;
use crate::cli::read::Source;
use crate::deploy::brief::Brief;
use crate::deploy::cloud::Stack;
use crate::deploy::diagnosis::{Diagnosis, Evidence, diagnose};
use crate::deploy::events::last_operation;
use crate::deploy::operation::Operation;
use crate::lint::{self, Options};
use crate::report::sanitize;
use crate::text::Lines;

/// More nested stacks are not looked into.
const MAX_NESTED: usize = 8;

/// The stack that was named, or that of the template.
pub(super) fn named(args: &Stacked) -> Result<String, Stop> {
    if let Some(name) = &args.stack {
        return Ok(name.clone());
    }
    let path = template(args.template.as_deref())?;
    stack_name(&path)
        .map_err(|_| Stop::new(Exit::Failed, "no stack is named").next("name it: `ecslint status STACK`"))
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
    operation: &Operation,
    evidence: &Evidence,
) -> Result<(), Stop> {
    let mut evidence = evidence.clone();
    nested(session, operation, &mut evidence);
    let found = diagnose(&evidence, prepared.map(Prepared::checked).as_ref());
    found.map_or(Ok(()), |it| show(session, prepared, &it))
}

/// Shows a diagnosis in each way that somebody may look at.
pub(super) fn show(
    session: &mut Session<'_>,
    prepared: Option<&Prepared>,
    found: &Diagnosis,
) -> Result<(), Stop> {
    let path = prepared.map(|it| it.path.to_string_lossy().into_owned()).unwrap_or_default();
    let source = prepared.map(Prepared::text);
    let lines = source.map(Lines::new);
    let shown = found.show(&session.screen.style, source.map(|it| (path.as_str(), it)));
    session.screen.tell(&format!("\n{shown}"))?;
    if let Some(line) = lines.as_ref().and_then(|it| found.line(it)) {
        let title = format!("{}: {}", found.resource, found.what);
        session.screen.annotate(&sanitize::short(&path, 300), line, &title, &found.cause)?;
    }
    let now = session.pace.now();
    session.screen.event(now, "diagnosis", found.to_json(lines.as_ref().map(|it| (path.as_str(), it))))
}

/// Reads the events of nested stacks in which something failed: the cause is there.
fn nested(session: &Session<'_>, operation: &Operation, evidence: &mut Evidence) {
    let is_stack = |type_name: &str| type_name == "AWS::CloudFormation::Stack";
    let mut failed: Vec<String> =
        operation.causes.iter().filter(|it| is_stack(&it.type_name)).map(|it| it.physical.clone()).collect();
    while let Some(id) = failed.pop() {
        let known = id.is_empty() || evidence.nested.contains_key(&id) || evidence.nested.len() >= MAX_NESTED;
        if known {
            continue;
        }
        let Ok(all) = session.cloud().events_until(&id, |_| false) else { continue };
        let own = last_operation(&all, None).to_vec();
        let below = own.iter().filter(|it| it.is_failure() && !it.of_stack && is_stack(&it.type_name));
        failed.extend(below.map(|it| it.physical.clone()));
        evidence.nested.insert(id, own);
    }
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
    let mut evidence = Evidence { events: own, ..Evidence::default() };
    // Groups tell of what they did for six weeks, also when they are gone.
    let ids = |type_name: &str| -> Vec<String> {
        let own = operation.resources.iter().filter(|it| it.type_name == type_name);
        own.map(|it| it.physical.clone()).filter(|it| !it.is_empty()).collect()
    };
    let (groups, clusters) = (ids(GROUP), ids(CLUSTER));
    let (groups, clusters) = (groups.iter().map(String::as_str), clusters.iter().map(String::as_str));
    looking::closely(session, &mut evidence, groups, clusters);
    nested(session, &operation, &mut evidence);
    let found = diagnose(&evidence, prepared.as_ref().map(Prepared::checked).as_ref());
    let Some(found) = found else { return Err(Stop::new(Exit::NeedsHand, "the cause cannot be told")) };
    show(session, prepared.as_ref(), &found)?;
    if found.is_told() {
        return Ok(Exit::Clean);
    }
    Err(Stop::new(Exit::NeedsHand, "what AWS said is all that can be told"))
}
