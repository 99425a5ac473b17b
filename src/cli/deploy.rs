//! `ecslint deploy`, `status`, `destroy` and `diagnose`: from a checked template to instances in the cluster.
//!
//! Invariants: nothing is sent before the check; nothing is begun before it was agreed to; what is deployed are the bytes
//! that were checked; what was not begun leaves no trace; what was begun goes on whatever happens here, and is never
//! called failed because it was lost from sight.

mod change;
mod destroy;
mod interrupt;
mod join;
mod journal;
mod looking;
mod pace;
mod preflight;
mod prepare;
mod rights;
mod screen;
mod session;
mod status;
mod told;
mod watch;

use serde_json::json;

use super::args::{Deploy, Destroy, Stacked};
use super::error::Error;
use super::output::Output;
use super::read::Source;
use super::{Exit, check};
use crate::deploy::brief::Brief;
use crate::deploy::cloud::Stack;
use crate::deploy::frame::{elapsed, seconds};
use crate::deploy::operation::End;
use crate::report::sanitize;
use change::Outcome;
use journal::Journal;
use prepare::Prepared;
use session::{Session, Stop};
use watch::Target;

/// Deploys a template.
pub(super) fn run(args: &Deploy, output: &mut Output) -> Result<Exit, Error> {
    finish(output, |output| {
        if args.print_iam_policy {
            return rights::run(args, output);
        }
        let mut session = Session::new(&args.access, region(args)?.as_deref(), output)?;
        let res = deploy(&mut session, args);
        closed(&mut session, res)
    })
}

/// Where the stack is to be: what the flag says, else the configuration above the template.
fn region(args: &Deploy) -> Result<Option<String>, Stop> {
    // What cannot be read is told when it is needed.
    let Ok(path) = prepare::template(args.template.as_deref()) else { return Ok(args.values.region.clone()) };
    Ok(check::options_for(&args.values, &Source::File(path))?.region)
}

/// Says how stacks and fleets are.
pub(super) fn status(args: &Stacked, output: &mut Output) -> Result<Exit, Error> {
    finish(output, |output| {
        let mut session = Session::new(&args.access, args.region.as_deref(), output)?;
        let res = status::run(&mut session, args);
        closed(&mut session, res)
    })
}

/// Says why a stack failed.
pub(super) fn diagnose(args: &Stacked, output: &mut Output) -> Result<Exit, Error> {
    finish(output, |output| {
        let mut session = Session::new(&args.access, args.region.as_deref(), output)?;
        let res = told::run(&mut session, args);
        closed(&mut session, res)
    })
}

/// Deletes a stack.
pub(super) fn destroy(args: &Destroy, output: &mut Output) -> Result<Exit, Error> {
    finish(output, |output| {
        let mut session = Session::new(&args.access, args.region.as_deref(), output)?;
        let res = destroy::run(&mut session, args);
        closed(&mut session, res)
    })
}

/// Tells why it stopped.
fn finish(output: &mut Output, run: impl FnOnce(&mut Output) -> Result<Exit, Stop>) -> Result<Exit, Error> {
    match run(output) {
        Ok(exit) => Ok(exit),
        Err(stop) => {
            let mut text = String::new();
            if !stop.message.is_empty() {
                let kind = if stop.exit.is_asked_for() { "note" } else { "error" };
                text.push_str(&format!("{kind}: {}\n", stop.message));
            }
            if !stop.next.is_empty() {
                text.push_str(&format!("next: {}\n", stop.next));
            }
            super::output::say_lines(&text);
            Ok(stop.exit)
        }
    }
}

/// Ends what is drawn, and tells programs how it ended.
fn closed(session: &mut Session<'_>, res: Result<Exit, Stop>) -> Result<Exit, Stop> {
    session.screen.clear();
    session.screen.end_phase()?;
    let exit = res.as_ref().map_or_else(|stop| stop.exit, |exit| *exit);
    let (error, next) = match &res {
        Ok(_) => (String::new(), String::new()),
        Err(stop) => (stop.message.clone(), stop.next.clone()),
    };
    let now = session.pace.now();
    session.screen.event(now, "done", json!({ "exit_code": exit.code(), "error": error, "next": next }))?;
    res
}

fn deploy(session: &mut Session<'_>, args: &Deploy) -> Result<Exit, Stop> {
    let path = match (&args.template, &args.stack, args.resume) {
        // Another machine may have no template.
        (None, Some(_), true) => prepare::template(None).ok(),
        (template, _, _) => Some(prepare::template(template.as_deref())?),
    };
    let name = match (&args.stack, &path) {
        (Some(name), _) => name.clone(),
        (None, Some(path)) => prepare::stack_name(path)?,
        (None, None) => return Err(Stop::new(Exit::Failed, "no template and no stack is named")),
    };
    if args.resume {
        return attach(session, args, path.as_deref(), &name);
    }
    let path = path.ok_or_else(|| Stop::new(Exit::Failed, "no template is named"))?;

    session.screen.phase("check")?;
    let mut prepared = prepare::prepare(session, args, &path, &name)?;
    session.go_on()?;
    if args.dry_run {
        change::plan(session, args, &prepared, &name, None)?;
        return Ok(Exit::Clean);
    }

    session.screen.phase("preflight")?;
    let mut stack = preflight::identity(session, &name)?.stack;
    if let Some(found) = &stack
        && blocks(&found.status)
    {
        if found.status.ends_with("_IN_PROGRESS") {
            if !session.can_ask() || !session.confirm("Another operation goes on. Watch it?") {
                return Err(Stop::new(
                    Exit::NotConfirmed,
                    format!(
                        "another operation on {} goes on ({})",
                        sanitize::short(&name, 130),
                        sanitize::short(&found.status, 40)
                    ),
                )
                .next(format!("watch it: `{}`", resume_command(args, &name))));
            }
            return attach(session, args, Some(&path), &name);
        }
        replace(session, args, &name, found)?;
        stack = None;
    }
    if let Some(stack) = stack.as_ref().filter(|it| it.status != "REVIEW_IN_PROGRESS") {
        prepare::adopt(session, args, &mut prepared, stack)?;
    }
    preflight::parameters(session, &prepared)?;

    session.screen.phase("plan")?;
    let planned = match change::plan(session, args, &prepared, &name, stack.as_ref())? {
        Outcome::Planned(planned) => planned,
        Outcome::UpToDate => {
            session.screen.tell(&format!(
                " ok       {} is up to date: nothing to change",
                sanitize::short(&name, 130)
            ))?;
            return Ok(Exit::Clean);
        }
    };
    let res = planned.show(session, args, &prepared).and_then(|()| {
        if args.plan_only {
            return Err(Stop::new(Exit::Changes, ""));
        }
        planned.agree(session, args, &name)?;
        planned.execute(session, args, &prepared, &name)
    });
    let journal = match res {
        Ok(journal) => journal,
        Err(stop) => {
            planned.undo(session);
            if stop.exit == Exit::Changes {
                session.screen.say(" planned only: nothing was changed")?;
                return Ok(Exit::Changes);
            }
            return Err(stop);
        }
    };
    session.screen.phase("deploy")?;
    if args.detach {
        session.screen.tell(&format!(
            " {} goes on; watch it: `{}`",
            sanitize::short(&name, 130),
            resume_command(args, &name)
        ))?;
        return Ok(Exit::Clean);
    }
    let total = planned.changes.len();
    go_on(session, args, Some(&prepared), &name, &journal, Some(total), planned.creates)
}

/// Statuses in which a stack takes no change set.
fn blocks(status: &str) -> bool {
    let is_working = status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
    // An update that only cleans up takes none either.
    is_working
        || matches!(
            status,
            "ROLLBACK_COMPLETE"
                | "ROLLBACK_FAILED"
                | "CREATE_FAILED"
                | "DELETE_FAILED"
                | "UPDATE_ROLLBACK_FAILED"
        )
}

/// A stack that is only left over is deleted, when that is agreed to.
fn replace(session: &mut Session<'_>, args: &Deploy, name: &str, stack: &Stack) -> Result<(), Stop> {
    let shown = sanitize::short(name, 130);
    let (what, is_empty) = match stack.status.as_str() {
        "ROLLBACK_COMPLETE" => ("its creation failed, and nothing of it is left", true),
        "UPDATE_ROLLBACK_FAILED" => {
            return Err(Stop::new(
                Exit::NeedsHand,
                format!("{shown} is in UPDATE_ROLLBACK_FAILED: an update failed, and so did the way back"),
            )
            .next(format!(
                "mend what it names, then `aws cloudformation continue-update-rollback --stack-name {shown}`"
            )));
        }
        "DELETE_FAILED" => ("it could not be deleted as a whole", false),
        _ => ("its creation failed, and something of it is still there", false),
    };
    session.screen.say(&format!(" note     {shown} is in {}: {what}", stack.status))?;
    let question = if is_empty {
        "Delete the empty stack first?"
    } else {
        "Delete the stack and what is left of it first?"
    };
    if !(args.replace_failed || session.can_ask() && session.confirm(question)) {
        return Err(Stop::new(
            Exit::NotConfirmed,
            format!("{shown} is in {}: it takes no deployment before it is deleted", stack.status),
        )
        .next("delete it first: --replace-failed"));
    }
    session.go_on()?;
    let after = session.cloud().events(&stack.id, None)?.events.last().map(|it| it.id.clone());
    let token = change::unique(session);
    session.cloud().delete(&stack.id, &token, &[], args.role_arn.as_deref())?;
    let resume = format!("ecslint status {shown}");
    let target = Target::deletion(stack, after.as_deref(), args.timeout, &resume);
    let watched = watch::watch(session, &target, &mut |_, _, _| Ok(()))?;
    if watched.end != End::Done {
        return Err(Stop::new(Exit::NeedsHand, format!("{shown} could not be deleted"))
            .next(format!("`ecslint diagnose {shown}`")));
    }
    session.screen.say(" deleted")
}

/// Watches an operation that was begun before, by anyone.
fn attach(
    session: &mut Session<'_>,
    args: &Deploy,
    path: Option<&std::path::Path>,
    name: &str,
) -> Result<Exit, Stop> {
    let journal = Journal::load(name);
    let known = preflight::identity(session, name)?.stack;
    let Some(stack) = known else {
        Journal::forget(name);
        return Err(Stop::new(Exit::NeedsHand, format!("there is no stack {}", sanitize::short(name, 130)))
            .next("deploy it: the same command without --resume"));
    };
    let journal = journal
        .filter(|it| it.stack_id == stack.id)
        .unwrap_or_else(|| Journal { stack_id: stack.id.clone(), ..Journal::default() });
    let prepared = match path {
        Some(path) => Some(told::read(path, &args.values, &stack)?),
        None => told::fetched(session, &stack),
    };
    if stack.status.starts_with("DELETE") {
        return Err(Stop::new(Exit::NeedsHand, format!("{} is being deleted", sanitize::short(name, 130)))
            .next(format!("`ecslint destroy {}` watches that", sanitize::short(name, 130))));
    }
    let creates = stack.status.starts_with("CREATE") || stack.status.starts_with("ROLLBACK");
    go_on(session, args, prepared.as_ref(), name, &journal, None, creates)
}

/// From an operation that was begun to instances in the cluster.
fn go_on(
    session: &mut Session<'_>,
    args: &Deploy,
    prepared: Option<&Prepared>,
    name: &str,
    journal: &Journal,
    total: Option<usize>,
    creates: bool,
) -> Result<Exit, Stop> {
    let nothing = Brief::nothing();
    let brief = prepared.map_or(&nothing, |it| &it.brief);
    let resume = resume_command(args, name);
    let target = Target {
        name,
        stack_id: &journal.stack_id,
        brief,
        after: journal.after.as_deref(),
        total,
        deletes: false,
        creates,
        limit: args.timeout,
        resume: &resume,
    };
    let began = session.pace.now();
    let mut on_failure = |session: &mut Session<'_>, operation: &_, evidence: &_| {
        told::failure(session, prepared, operation, evidence)
    };
    let watched = watch::watch(session, &target, &mut on_failure)?;
    Journal::forget(name);
    let shown = sanitize::short(name, 130);
    let since = watched.operation.since.unwrap_or(began);
    let until = watched.operation.last.unwrap_or(since);
    let time = elapsed(seconds(since, until));
    let status = sanitize::short(&watched.operation.status, 40);
    match watched.end {
        End::Done => {
            session.screen.tell(&format!(" ok       {shown} {status}  {time}"))?;
            joined(session, args, prepared, name, &journal.stack_id)
        }
        End::RolledBack | End::NeedsHand => {
            told::failure(session, prepared, &watched.operation, &watched.evidence)?;
            let is_back = watched.end == End::RolledBack;
            let text = if is_back { "failed, and was taken back" } else { "failed, and needs a hand" };
            let next = match (is_back, creates) {
                (true, true) => format!(
                    "mend the template and run the same command with --replace-failed; `ecslint diagnose {shown}` shows this again"
                ),
                (true, false) => format!(
                    "mend the template and run the same command; `ecslint diagnose {shown}` shows this again"
                ),
                (false, _) => {
                    format!("look at what is left (`ecslint status {shown}`), then `ecslint destroy {shown}`")
                }
            };
            let exit = if is_back { Exit::RolledBack } else { Exit::NeedsHand };
            Err(Stop::new(exit, format!("{shown} {status} after {time}: it {text}")).next(next))
        }
    }
}

/// The stack is up: are its instances in? Then what it gives out, and how it goes away.
fn joined(
    session: &mut Session<'_>,
    args: &Deploy,
    prepared: Option<&Prepared>,
    name: &str,
    stack_id: &str,
) -> Result<Exit, Stop> {
    let shown = sanitize::short(name, 130);
    // The stack is up: that it cannot be read takes nothing from that.
    let stack = session.cloud().stack(stack_id).ok().flatten().unwrap_or_default();
    if let Some(prepared) = prepared
        && !args.no_wait_ecs
        && !prepared.outcome.fleets.is_empty()
    {
        session.screen.phase("registration")?;
        let made = session.cloud().resources(stack_id)?;
        let expected = join::expectation(prepared, &made);
        if !expected.is_empty() {
            join::wait(session, prepared, &expected, args.ecs_timeout, &format!("ecslint status {shown}"))?;
        }
    }
    session.screen.end_phase()?;
    let secrets = |key: &str| prepared.is_some_and(|it| it.brief.is_secret(key));
    let mut values = serde_json::Map::new();
    for (key, value) in &stack.outputs {
        let value = if secrets(key) { "****".to_owned() } else { value.clone() };
        session.screen.say(&format!(
            " output   {} = {}",
            sanitize::short(key, 100),
            sanitize::short(&value, 400)
        ))?;
        values.insert(key.clone(), json!(value));
    }
    let now = session.pace.now();
    session.screen.event(now, "outputs", json!({ "stack": name, "outputs": values }))?;
    session.screen.say(&format!(" remove   ecslint destroy {shown}"))?;
    screen::summarize(&format!(
        "### `{shown}` is up\n\nDeployed by ecslint; its instances are in their cluster.\n"
    ));
    Ok(Exit::Clean)
}

/// The command that goes on watching.
fn resume_command(args: &Deploy, name: &str) -> String {
    let mut res = format!("ecslint deploy --resume --stack {}", sanitize::short(name, 130));
    for (flag, value) in [("--region", &args.values.region), ("--profile", &args.access.profile)] {
        if let Some(value) = value {
            res.push_str(&format!(" {flag} {}", sanitize::short(value, 100)));
        }
    }
    res
}
