//! After the stack is up: waiting until the instances are in their clusters.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;

use super::looking;
use super::prepare::Prepared;
use super::screen::Mode;
use super::session::{Session, Stop};
use super::told;
use crate::cli::Exit;
use crate::deploy::cloud::{ContainerInstance, Made};
use crate::deploy::diagnosis::{Evidence, not_joined};
use crate::deploy::failure::Failure;
use crate::deploy::registration::{Expected, Joined, expected, joined};
use crate::report::sanitize;

/// How often is asked.
const POLL: Duration = Duration::from_secs(10);

/// What the fleets of a template are to join, by their ids at AWS.
pub(super) fn expectation(prepared: &Prepared, made: &BTreeMap<String, Made>) -> Vec<Expected> {
    let physical = |id: &str| made.get(id).map(|it| it.physical.clone()).filter(|it| !it.is_empty());
    expected(&prepared.outcome.fleets, physical, |name| prepared.value(name))
}

/// How it stands now.
pub(super) fn look(
    session: &Session<'_>,
    expected: &[Expected],
    with_default: bool,
) -> Result<Vec<Joined>, Failure> {
    let cloud = session.cloud();
    let names: BTreeSet<_> =
        expected.iter().filter(|it| !it.is_instance).map(|it| it.group.as_str()).collect();
    // Without a name all groups of the region would be given.
    let groups =
        if names.is_empty() { Vec::new() } else { cloud.groups(&names.into_iter().collect::<Vec<_>>())? };
    let mut clusters: BTreeSet<_> = expected.iter().map(|it| it.cluster.as_str()).collect();
    if with_default {
        clusters.insert("default");
    }
    let mut registered: BTreeMap<String, Vec<ContainerInstance>> = BTreeMap::new();
    for cluster in clusters {
        registered.insert(cluster.to_owned(), cloud.container_instances(cluster)?);
    }
    Ok(joined(expected, &groups, &registered))
}

/// Waits until all are in; says who is not.
pub(super) fn wait(
    session: &mut Session<'_>,
    prepared: &Prepared,
    expected: &[Expected],
    limit: Duration,
    resume: &str,
) -> Result<Vec<Joined>, Stop> {
    let until = session.pace.since_start() + limit;
    let mut last = String::new();
    let mut told = session.pace.since_start();
    loop {
        let looked = look(session, expected, false);
        match &looked {
            Ok(joined) => {
                let text = joined.iter().map(line).collect::<Vec<_>>().join("\n");
                let now = session.pace.since_start();
                if session.screen.mode == Mode::Live {
                    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    session.screen.frame(&lines);
                } else if text != last || now.saturating_sub(told) >= Duration::from_secs(30) {
                    told = now;
                    session.screen.say(&text)?;
                }
                if text != last {
                    for it in joined {
                        event(session, it)?;
                    }
                    last = text;
                }
                if joined.iter().all(Joined::is_complete) {
                    session.screen.clear();
                    if session.screen.mode == Mode::Live {
                        session.screen.say(&last)?;
                    }
                    return looked.map_err(Stop::from);
                }
            }
            Err(failure) if failure.kind.is_passing() => {}
            Err(failure) => {
                session.screen.clear();
                let text = sanitize::short(&failure.text, 300);
                session
                    .screen
                    .say(&format!(" note     whether the instances have joined is not known: {text}"))?;
                return Err(Stop::new(
                    Exit::NotJoined,
                    "the stack is up; its instances could not be looked up",
                )
                .next(format!("look later: `{resume}`")));
            }
        }
        if let Some(exit) = session.interrupt.take() {
            session.screen.clear();
            return Err(Stop::new(exit, "detached: the stack is up, its instances may still join")
                .next(format!("look later: `{resume}`")));
        }
        if session.pace.since_start() >= until {
            session.screen.clear();
            return Err(late(session, prepared, expected, resume)?);
        }
        session.pace.sleep(POLL, &session.interrupt);
    }
}

/// They did not come: who is where, and why.
fn late(
    session: &mut Session<'_>,
    prepared: &Prepared,
    expected: &[Expected],
    resume: &str,
) -> Result<Stop, Stop> {
    let mut evidence = Evidence::default();
    let groups = expected.iter().filter(|it| !it.is_instance).map(|it| it.group.as_str());
    looking::closely(session, &mut evidence, groups, expected.iter().map(|it| it.cluster.as_str()));
    for it in look(session, expected, true).unwrap_or_default().iter().filter(|it| !it.is_complete()) {
        tell(session, it)?;
        let Expected { fleet, group, .. } = &it.expected;
        let found = not_joined(&evidence, Some(&prepared.checked()), fleet, group);
        told::show(session, Some(prepared), &found)?;
    }
    Ok(Stop::new(Exit::NotJoined, "the stack is up, but not all instances are in their cluster")
        .next(format!("look later: `{resume}`")))
}

/// Tells how a fleet stands.
pub(super) fn tell(session: &mut Session<'_>, it: &Joined) -> Result<(), Stop> {
    session.screen.tell(&line(it))?;
    if !it.strays.is_empty() {
        let strays = sanitize::short(&it.strays.join(", "), 200);
        session.screen.tell(&format!("          in the cluster `default` instead: {strays}"))?;
    }
    event(session, it)
}

fn event(session: &mut Session<'_>, it: &Joined) -> Result<(), Stop> {
    let now = session.pace.now();
    session.screen.event(
        now,
        "registration",
        json!({
            "fleet": it.expected.fleet, "cluster": it.expected.cluster, "desired": it.desired,
            "connected": it.connected, "missing": it.missing, "strays": it.strays,
        }),
    )
}

/// `ok  demo-ecs: 1/1 instances registered, agent connected (i-0f3c...)`
fn line(it: &Joined) -> String {
    let mark = if it.is_complete() { "ok" } else { ".." };
    let mut names = it.connected.join(", ");
    if names.is_empty() {
        names = it.missing.join(", ");
    }
    let names = if names.is_empty() { String::new() } else { format!(" ({})", sanitize::short(&names, 120)) };
    let desired = it.desired.map_or("?".to_owned(), |it| it.to_string());
    format!(
        " {mark:<8} {}: {}/{desired} instances registered and connected{names}",
        sanitize::short(&it.expected.cluster, 60),
        it.connected.len()
    )
}
