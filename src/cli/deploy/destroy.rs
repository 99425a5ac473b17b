//! `ecslint destroy`: a stack goes, its instances first, so that its cluster can go too.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;

use super::looking::{CLUSTER, GROUP};
use super::preflight;
use super::session::{Session, Stop};
use super::told;
use super::watch::{self, Target};
use crate::cli::Exit;
use crate::cli::args::{Destroy, Stacked};
use crate::deploy::cloud::Made;
use crate::deploy::operation::End;
use crate::report::sanitize;

/// How long instances may take to leave their cluster.
const LEAVING: Duration = Duration::from_secs(600);

/// Deletes a stack when its name was typed.
pub(super) fn run(session: &mut Session<'_>, args: &Destroy) -> Result<Exit, Stop> {
    let stacked = Stacked {
        stack: Some(args.stack.clone()),
        template: None,
        region: args.region.clone(),
        access: args.access.clone(),
    };
    let name = told::named(&stacked)?;
    let shown = sanitize::short(&name, 130);
    let Some(stack) = preflight::identity(session, &name)?.stack else {
        session.screen.tell(&format!(" ok       there is no stack {shown}"))?;
        return Ok(Exit::Clean);
    };
    if stack.protected {
        return Err(Stop::new(Exit::NotConfirmed, format!("{shown} is protected against deletion")).next(format!(
            "if it is to go: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {shown}`"
        )));
    }
    let made = session.cloud().resources(&stack.id)?;
    let is_there = |status: &str| status != "DELETE_COMPLETE";
    let n = made.values().filter(|it| is_there(&it.status)).count();
    session.screen.say(&format!("\n To remove: {n} resources"))?;
    for (id, it) in made.iter().filter(|(_, it)| is_there(&it.status)) {
        let kept = if args.retain.contains(id) { "  (stays)" } else { "" };
        session.screen.say(&format!(
            "   -  {:<26} {}{kept}",
            sanitize::short(id, 40),
            sanitize::short(&it.type_name, 60)
        ))?;
    }
    if !args.yes {
        if !session.can_ask() {
            return Err(
                Stop::new(Exit::NotConfirmed, "nobody is there to be asked").next("agree beforehand: --yes")
            );
        }
        let answer = session.ask(&format!(" Type the name of the stack ({shown}) to remove it:"));
        session.go_on()?;
        if answer.as_deref().map(str::trim) != Some(stack.name.as_str()) {
            return Err(Stop::new(Exit::NotConfirmed, "not removed: nothing was changed"));
        }
    }
    session.go_on()?;
    let after = session.cloud().events(&stack.id, None)?.events.last().map(|it| it.id.clone());
    leave(session, &made)?;
    let token = super::change::unique(session);
    session.cloud().delete(&stack.id, &token, &args.retain, args.role_arn.as_deref())?;
    let resume = format!("ecslint status {shown}");
    let target =
        Target { total: Some(n), ..Target::deletion(&stack, after.as_deref(), args.timeout, &resume) };
    let prepared = told::fetched(session, &stack);
    let mut on_failure = |session: &mut Session<'_>, operation: &_, evidence: &_| {
        told::failure(session, prepared.as_ref(), operation, evidence)
    };
    let watched = watch::watch(session, &target, &mut on_failure)?;
    if watched.end == End::Done {
        session.screen.tell(&format!(" ok       {shown} is gone"))?;
        return Ok(Exit::Clean);
    }
    let failed: Vec<_> =
        watched.operation.causes.iter().map(|it| sanitize::short(&it.resource, 60)).collect();
    let keep = failed.join(" --retain ");
    Err(Stop::new(Exit::NeedsHand, format!("{shown} could not be removed as a whole")).next(format!(
        "remove what stands in the way and run the same command, or leave it there: `ecslint destroy {shown} --retain {keep}`"
    )))
}

/// A cluster cannot go while instances are in it: groups are emptied, and it is waited until they have left.
fn leave(session: &mut Session<'_>, made: &BTreeMap<String, Made>) -> Result<(), Stop> {
    let of_type = |name: &str| -> Vec<&str> {
        let own = made.values().filter(|it| it.type_name == name && !it.physical.is_empty());
        own.map(|it| it.physical.as_str()).collect()
    };
    let (clusters, groups) = (of_type(CLUSTER), of_type(GROUP));
    // Without a name all groups of the region would be given.
    let all =
        if groups.is_empty() { Vec::new() } else { session.cloud().groups(&groups).unwrap_or_default() };
    let members: BTreeSet<_> = all.into_iter().flat_map(|it| it.instances).collect();
    // Those of other stacks stay, and CloudFormation says so. What cannot be looked up is deleted as it is.
    let count = |session: &Session<'_>| -> usize {
        let registered =
            clusters.iter().flat_map(|it| session.cloud().container_instances(it).unwrap_or_default());
        registered.filter(|it| members.contains(&it.instance)).count()
    };
    let n = count(session);
    if n == 0 {
        return Ok(());
    }
    session.screen.say(&format!(" {n} instances leave their cluster first"))?;
    for group in &groups {
        session.cloud().empty_group(group)?;
    }
    let until = session.pace.since_start() + LEAVING;
    while session.pace.since_start() < until {
        let left = count(session);
        let now = session.pace.now();
        session.screen.event(now, "leaving", json!({ "instances": left }))?;
        if left == 0 {
            return Ok(());
        }
        session.screen.frame(&[format!(" {left} instances are still in their cluster")]);
        if let Some(exit) = session.interrupt.take() {
            return Err(Stop::new(
                exit,
                "stopped: the groups have no instances any more, the stack is still there",
            )
            .next("run the same command again"));
        }
        session.pace.sleep(Duration::from_secs(10), &session.interrupt);
    }
    session.screen.clear();
    session.screen.say(
        " note     instances are still in their cluster after 10 minutes: the stack is deleted all the same",
    )
}
