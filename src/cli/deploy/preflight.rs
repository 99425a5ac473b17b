//! What is asked before anything is sent: who calls, where, how the stack stands, whether what the parameters name is
//! there. All questions go out at once.

use std::collections::BTreeMap;
use std::thread;

use serde_json::json;

use super::prepare::Prepared;
use super::session::{Session, Stop};
use crate::cli::Exit;
use crate::deploy::aws::Call;
use crate::deploy::cloud::{Cloud, Identity, Stack};
use crate::deploy::failure::{Failure, Kind};
use crate::report::sanitize;

/// The oldest versions whose manners are known (`--no-paginate`, `file:///dev/stdin` and change sets of new stacks).
const OLDEST: [(u64, u64); 2] = [(1, 16), (2, 0)];

/// What was answered.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The stack, where there is one.
    pub(super) stack: Option<Stack>,
}

/// Who calls and how the stack stands, both at once. Says so on the screen.
pub(super) fn identity(session: &mut Session<'_>, name: &str) -> Result<Known, Stop> {
    let (version, identity, stack, region) = {
        let session: &Session<'_> = session;
        let cloud = session.cloud();
        let aws = &session.aws;
        thread::scope(|scope| {
            let version = scope.spawn(|| aws.version());
            let identity = scope.spawn(move || cloud.identity());
            let stack = scope.spawn(move || cloud.stack(name));
            let region = aws.region.clone().or_else(|| {
                let text = aws.text(&Call::new("configure", "get").flag("region")).ok()?;
                Some(text.trim().to_owned()).filter(|it| !it.is_empty())
            });
            (joined(version), joined(identity), joined(stack), region)
        })
    };
    let version = version?;
    check_version(&version)?;
    session.go_on()?;
    let identity: Identity = identity?;
    let stack: Option<Stack> = stack?;
    let region = region.or_else(|| {
        let stack = stack.as_ref()?;
        stack.id.split(':').nth(3).map(str::to_owned)
    });
    // From here on each call names it.
    session.aws.region.clone_from(&region);
    let who = identity.arn.rsplit(':').next().unwrap_or_default();
    let region = region.unwrap_or_else(|| "of the profile".to_owned());
    let status = stack.as_ref().map_or("new", |it| it.status.as_str());
    let now = session.pace.now();
    session.screen.event(now, "preflight", json!({
        "account": identity.account, "arn": identity.arn, "region": region, "aws_cli": version, "stack": name, "status": status,
    }))?;
    session.screen.say(&format!(
        " account  {} as {}   region {}   aws CLI {}",
        sanitize::short(&identity.account, 20),
        sanitize::short(who, 80),
        sanitize::short(&region, 30),
        sanitize::short(&version, 20)
    ))?;
    session.screen.say(&format!(
        " stack    {} ({})",
        sanitize::short(name, 130),
        sanitize::short(status, 40)
    ))?;
    Ok(Known { stack })
}

fn check_version(version: &str) -> Result<(), Stop> {
    let mut numbers = version.split('.').map(|it| it.parse::<u64>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if major > 0 && !OLDEST.iter().any(|(oldest, least)| major == *oldest && minor < *least) {
        return Ok(());
    }
    Err(Stop::new(Exit::Environment, format!("the aws CLI {} is too old", sanitize::short(version, 40)))
        .next("install version 2, or name another one: --aws PATH"))
}

/// The result of a thread; one that panicked is a failed call.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    thread
        .join()
        .unwrap_or_else(|_| Err(Failure::new(Kind::Garbled, "internal error in a call of the aws CLI")))
}

/// Whether what the parameters name is there: key pairs and parameters of the parameter store. What may not be asked
/// is passed over, and said.
pub(super) fn parameters(session: &mut Session<'_>, prepared: &Prepared) -> Result<(), Stop> {
    let mut keys = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for it in &prepared.brief.parameters {
        let Some(value) = prepared.value(&it.name).filter(|it| !it.is_empty()) else { continue };
        if it.type_name == "AWS::EC2::KeyPair::KeyName" {
            keys.insert(value, it.name.clone());
        } else if it.type_name.starts_with("AWS::SSM::Parameter") {
            paths.insert(value, it.name.clone());
        }
    }
    let mut notes = Vec::new();
    let mut missing = Vec::new();
    {
        let cloud: Cloud<'_> = session.cloud();
        let names: Vec<_> = paths.keys().map(String::as_str).collect();
        let (found, unknown) = thread::scope(|scope| {
            let keys: Vec<_> = keys
                .iter()
                .map(|(value, name)| (value, name, scope.spawn(move || cloud.has_key_pair(value))))
                .collect();
            let unknown: Vec<_> = names.chunks(10).map(|it| cloud.unknown_parameters(it)).collect();
            let keys: Vec<_> = keys.into_iter().map(|(value, name, it)| (value, name, joined(it))).collect();
            (keys, unknown)
        });
        for (value, name, found) in found {
            match found {
                Ok(true) => {}
                Ok(false) => missing.push((name.clone(), value.clone(), "key pair")),
                Err(failure) => notes.push(("key pairs", failure)),
            }
        }
        for it in unknown {
            match it {
                Ok(unknown) => missing.extend(unknown.into_iter().map(|value| {
                    (paths.get(&value).cloned().unwrap_or_default(), value, "parameter of Systems Manager")
                })),
                Err(failure) => notes.push(("parameters of Systems Manager", failure)),
            }
        }
    }
    for (what, failure) in notes {
        session
            .screen
            .say(&format!("          {what} were not looked up: {}", sanitize::short(&failure.text, 200)))?;
    }
    session.go_on()?;
    let Some((name, value, what)) = missing.first() else { return Ok(()) };
    let secret = prepared.brief.is_secret(name);
    let shown = if secret { "****".to_owned() } else { sanitize::short(value, 200) };
    let name = sanitize::short(name, 100);
    let next = match *what {
        "key pair" => format!("name one that is there (`aws ec2 describe-key-pairs`): -P {name}=..."),
        _ => format!("name one that is there: -P {name}=..."),
    };
    let more = if missing.len() > 1 { format!(" (and {} more)", missing.len() - 1) } else { String::new() };
    Err(Stop::new(
        Exit::Refused,
        format!("there is no {what} `{shown}`, which the parameter {name} names{more}"),
    )
    .next(next))
}
