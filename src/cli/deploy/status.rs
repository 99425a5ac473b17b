//! `ecslint status`: how a stack and its fleets are now.

use serde_json::json;

use super::join;
use super::preflight;
use super::session::{Session, Stop};
use super::told;
use crate::cli::Exit;
use crate::cli::args::Stacked;
use crate::deploy::operation::{End, end_of};
use crate::report::sanitize;

/// Says how it is; the exit code is that of a deployment that would end so.
pub(super) fn run(session: &mut Session<'_>, args: &Stacked) -> Result<Exit, Stop> {
    let name = told::named(args)?;
    let shown = sanitize::short(&name, 130);
    let Some(stack) = preflight::identity(session, &name)?.stack else {
        return Err(Stop::new(Exit::NeedsHand, format!("there is no stack {shown}"))
            .next("`ecslint deploy` makes it"));
    };
    if !stack.reason.is_empty() {
        session.screen.say(&format!("          {}", sanitize::short(&stack.reason, 400)))?;
    }
    let now = session.pace.now();
    session.screen.event(
        now,
        "stack",
        json!({ "stack": name, "status": stack.status, "reason": stack.reason }),
    )?;
    let made = session.cloud().resources(&stack.id)?;
    for (id, it) in made.iter().filter(|(_, it)| it.status.ends_with("_FAILED")) {
        session.screen.tell(&format!(
            " {:<24} {} ({})",
            sanitize::short(&it.status, 40),
            sanitize::short(id, 60),
            sanitize::short(&it.type_name, 60)
        ))?;
    }
    let prepared = match &args.template {
        Some(path) => Some(told::read(path, &told::no_values(), &stack)?),
        None => told::fetched(session, &stack),
    };
    let mut is_complete = true;
    if let Some(prepared) = &prepared {
        let expected = join::expectation(prepared, &made);
        if !expected.is_empty() {
            for it in join::look(session, &expected, true)? {
                is_complete &= it.is_complete();
                join::tell(session, &it)?;
            }
        }
    }
    match end_of(&stack.status, false) {
        Some(End::Done) if is_complete => Ok(Exit::Clean),
        Some(End::Done) => {
            Err(Stop::new(Exit::NotJoined, "the stack is up, but not all instances are in their cluster")
                .next("`ecslint explain --boot TEMPLATE` shows what the instances do"))
        }
        Some(End::RolledBack) => {
            Err(Stop::new(Exit::RolledBack, format!("{shown} failed, and was taken back"))
                .next(format!("`ecslint diagnose {shown}` says why")))
        }
        Some(End::NeedsHand) => Err(Stop::new(Exit::NeedsHand, format!("{shown} failed, and needs a hand"))
            .next(format!("`ecslint diagnose {shown}` says why"))),
        None => Err(Stop::new(Exit::ContactLost, format!("an operation on {shown} goes on"))
            .next(format!("watch it: `ecslint deploy --resume --stack {shown}`"))),
    }
}
