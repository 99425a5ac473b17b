//! Why it failed, told when it happens, again at the end, and for a stack that failed earlier.

use std::path::Path;

use serde_json::json;

use super::preflight;
use super::prepare::{Prepared, stack_name, template};
use super::session::{Session, Stop};
use crate::cli::Exit;
use crate::cli::args::{Stacked, Values};
use crate::cli::check;
use crate::cli::read::Source;
use crate::deploy::brief::Brief;
use crate::deploy::cloud::Stack;
use crate::deploy::diagnosis::{Evidence, Known, diagnose};
use crate::deploy::events::last_operation;
use crate::deploy::operation::{Operation, Resource};
use crate::lint::story::stories;
use crate::lint::{self, Options};
use crate::report::{human, sanitize};
use crate::text::Lines;

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
    let stories = prepared.and_then(|it| stories(&it.bytes, &it.options)).unwrap_or_default();
    let known = prepared.map(|it| Known {
        source: it.text(),
        brief: &it.brief,
        outcome: &it.outcome,
        stories: &stories,
    });
    let Some(mut found) = diagnose(operation, evidence, known) else { return Ok(()) };
    if let Some(prepared) = prepared {
        found.said = prepared.hide(&found.said);
        found.evidence.iter_mut().for_each(|it| *it = prepared.hide(it));
    }
    let resource = sanitize::short(&found.resource, 100);
    let code = found.code.map(|it| format!("[{it}]")).unwrap_or_default();
    let head = format!("FAILED{code} {resource}");
    let mut text = String::from("\n");
    let mut place = None;
    match prepared.filter(|_| found.has_place) {
        Some(prepared) => {
            let path = prepared.path.to_string_lossy();
            let lines = Lines::new(prepared.text());
            place = Some(lines.position(found.finding.span.start));
            text.push_str(&human::failure(&session.screen.style, &path, &lines, &head, &found.finding));
        }
        None => {
            text.push_str(&format!("{head}: {}\n", sanitize::short(&found.finding.message, 600)));
            if let Some(help) = &found.finding.help {
                text.push_str(&format!("  help: {}\n", sanitize::short(help, 600)));
            }
        }
    }
    text.push_str(&format!("  AWS said  {}\n", sanitize::short(&found.said, 600)));
    for it in &found.evidence {
        text.push_str(&format!("  seen      {}\n", sanitize::short(it, 600)));
    }
    if !found.cancelled.is_empty() {
        text.push_str(&format!(
            "  given up because of it: {}\n",
            sanitize::short(&found.cancelled.join(", "), 300)
        ));
    }
    session.screen.tell(&text)?;
    if let (Some(place), Some(prepared)) = (place, prepared) {
        let path = sanitize::short(&prepared.path.to_string_lossy(), 300);
        session.screen.annotate(&path, place.line, &head, &found.finding.message)?;
    }
    let now = session.pace.now();
    session.screen.event(now, "diagnosis", json!({
        "resource": found.resource, "cause": found.finding.message, "help": found.finding.help, "code": found.code,
        "said": found.said, "evidence": found.evidence, "cancelled": found.cancelled,
        "line": place.map(|it| it.line), "column": place.map(|it| it.column),
    }))
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
    let evidence = gather(session, &operation);
    failure(session, prepared.as_ref(), &operation, &evidence)?;
    Ok(Exit::Clean)
}

/// What can still be seen of instances when all is over: groups tell of what they did for six weeks.
fn gather(session: &Session<'_>, operation: &Operation) -> Evidence {
    let mut evidence = Evidence::default();
    let is_group =
        |it: &&Resource| it.type_name == "AWS::AutoScaling::AutoScalingGroup" && !it.physical.is_empty();
    for it in operation.resources.iter().filter(is_group) {
        if let Ok(answer) = session.cloud().activities(&it.physical) {
            evidence.activities.insert(it.physical.clone(), answer);
        }
        let groups = session.cloud().groups(&[&it.physical]).unwrap_or_default();
        let members = groups.into_iter().next().unwrap_or_default().instances;
        for instance in members.iter().take(3) {
            if let Ok(answer) = session.cloud().console(instance) {
                evidence.consoles.insert(instance.clone(), (session.pace.now(), answer));
            }
        }
        if !members.is_empty() {
            evidence.instances = session.cloud().instances(&members).ok();
            evidence.members.insert(it.physical.clone(), members);
        }
    }
    evidence
}
