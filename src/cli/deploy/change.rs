//! The change set: asked for, shown as a plan, agreed to, executed, or taken away again without a trace.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::journal::Journal;
use super::prepare::{Prepared, is_unchanged, plural};
use super::session::{Session, Stop};
use super::told;
use crate::cli::Exit;
use crate::cli::args::{Deploy, OnFailure};
use crate::deploy::cloud::{Stack, execution, upload};
use crate::deploy::order::{Body, Order};
use crate::deploy::plan::{Action, Change, Progress};
use crate::deploy::{diagnosis, failure};
use crate::lint::bill::bill;
use crate::model::HOURS_PER_MONTH;
use crate::report::sanitize;

/// A template of more bytes goes through S3 (quotas in the CloudFormation user guide).
const MAX_INLINE: usize = 51_200;

/// How long CloudFormation may take for a change set.
const LIMIT: Duration = Duration::from_secs(600);

/// Rows of the plan that are shown without `--full`.
const MAX_ROWS: usize = 15;

/// A change set that may be executed.
pub(super) struct Planned {
    /// The ARN of the stack.
    pub(super) stack_id: String,
    /// Whether the stack is to be made.
    pub(super) creates: bool,
    /// What would happen.
    pub(super) changes: Vec<Change>,
    /// Whether it is there only for this change set.
    makes_stack: bool,
    id: String,
}

/// How a request for a change set ended.
pub(super) enum Outcome {
    /// It may be executed.
    Planned(Planned),
    /// There is nothing to do.
    UpToDate,
}

/// What tells this run from all others.
pub(super) fn unique(session: &Session<'_>) -> String {
    format!("ecslint-{:x}-{:x}", session.pace.now().as_nanosecond(), std::process::id())
}

/// A file that is gone when it is dropped: the bytes that were checked are the bytes that are deployed.
struct Frozen(PathBuf);

impl Frozen {
    fn new(bytes: &[u8], name: &str) -> Result<Frozen, Stop> {
        use std::io::Write as _;

        let path = std::env::temp_dir().join(format!("{name}.template"));
        // Nobody else's file is written over.
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let res = file.and_then(|mut it| it.write_all(bytes));
        let frozen = Frozen(path);
        match res {
            Ok(()) => Ok(frozen),
            Err(error) => {
                let text = format!("cannot write the template to {}: {error}", frozen.0.display());
                Err(Stop::new(Exit::Environment, sanitize::short(&text, 400))
                    .next("make room there, or name another folder with TMPDIR"))
            }
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // What cannot be removed is in a folder that is emptied anyway.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Asks for a change set and waits until it says what would happen. With `--dry-run` prints the calls instead.
pub(super) fn plan(
    session: &mut Session<'_>,
    args: &Deploy,
    prepared: &Prepared,
    name: &str,
    stack: Option<&Stack>,
) -> Result<Outcome, Stop> {
    let set = unique(session);
    let creates = stack.is_none_or(|it| it.status == "REVIEW_IN_PROGRESS");
    let has = |name: &str| stack.is_some_and(|it| it.parameters.contains_key(name));
    let parameters: Vec<_> = prepared
        .brief
        .parameters
        .iter()
        .filter_map(|it| match prepared.given.get(&it.name) {
            Some(value) => Some((it.name.clone(), Some(value.clone()))),
            None => (!creates && has(&it.name)).then(|| (it.name.clone(), None)),
        })
        .collect();
    let capabilities = prepared.brief.needs.capabilities();
    let is_large = prepared.bytes.len() > MAX_INLINE;
    let frozen = Frozen::new(&prepared.bytes, &set)?;
    let key = format!("ecslint/{set}.template");
    let url = match (&args.s3_bucket, is_large) {
        (Some(bucket), _) => {
            if !args.dry_run {
                session.cloud().upload(bucket, &key, &frozen.0)?;
            }
            session.cloud().url(bucket, &key)
        }
        (None, true) => {
            let n = prepared.bytes.len();
            return Err(Stop::new(
                Exit::Refused,
                format!(
                    "the template has {n} bytes: CloudFormation takes more than {MAX_INLINE} only from S3"
                ),
            )
            .next("name a bucket in the region of the stack: --s3-bucket NAME"));
        }
        (None, false) => String::new(),
    };
    let order = Order {
        stack: name,
        name: &set,
        creates,
        body: if url.is_empty() { Body::File(&frozen.0) } else { Body::Url(&url) },
        parameters: &parameters,
        capabilities: &capabilities,
        tags: &args.tag,
        role: args.role_arn.as_deref(),
        deletes_on_failure: args.on_failure == OnFailure::Delete,
    };
    if args.dry_run {
        let program = session.aws.program.display().to_string();
        let uploaded = args.s3_bucket.as_ref().map(|bucket| upload(bucket, &key, &frozen.0));
        let calls = [order.call(), execution(&set, &set, args.on_failure == OnFailure::Keep)];
        for call in uploaded.into_iter().chain(calls) {
            let words: Vec<_> = session.aws.argv(&call).iter().map(|it| quoted(it)).collect();
            session
                .screen
                .tell(&sanitize::short_lines(&format!("{} {}", quoted(&program), words.join(" ")), 20_000))?;
        }
        return Ok(Outcome::UpToDate);
    }
    let (stack_id, id) = session.cloud().order(&order).map_err(|failure| match failure.kind {
        failure::Kind::Refused => Stop::from(failure).with(Exit::Refused),
        _ => Stop::from(failure),
    })?;
    let planned = Planned { stack_id, creates, changes: Vec::new(), makes_stack: stack.is_none(), id };
    match wait(session, &planned) {
        Ok(Progress::Ready(changes)) => Ok(Outcome::Planned(Planned { changes, ..planned })),
        Ok(Progress::Failed(reason)) if failure::is_no_change(&reason) => {
            planned.undo(session);
            Ok(Outcome::UpToDate)
        }
        Ok(Progress::Failed(reason)) => {
            let stop = refused(session, prepared, &planned, &reason);
            planned.undo(session);
            Err(stop?)
        }
        Ok(Progress::Pending) => {
            planned.undo(session);
            Err(Stop::new(Exit::Refused, "CloudFormation made no change set within 10 minutes")
                .next("run the same command again; nothing was changed"))
        }
        Err(stop) => {
            planned.undo(session);
            Err(stop)
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=@,+%".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn wait(session: &mut Session<'_>, planned: &Planned) -> Result<Progress, Stop> {
    let until = session.pace.since_start() + LIMIT;
    while session.pace.since_start() < until {
        session.go_on()?;
        match session.cloud().change_set(&planned.id) {
            Ok(Progress::Pending) => {}
            Ok(progress) => return Ok(progress),
            Err(failure) if failure.kind.is_passing() => {}
            Err(failure) => return Err(failure.into()),
        }
        session.pace.sleep(Duration::from_secs(1), &session.interrupt);
    }
    session.go_on()?;
    Ok(Progress::Pending)
}

/// Why a change set failed, at its places in the template where CloudFormation names them.
fn refused(
    session: &mut Session<'_>,
    prepared: &Prepared,
    planned: &Planned,
    reason: &str,
) -> Result<Stop, Stop> {
    let mut stop = Stop::new(
        Exit::Refused,
        format!("CloudFormation refuses the change set: {}", sanitize::short(reason, 600)),
    );
    // An older CLI does not know the call: then the reason has to do.
    let refusals = session.cloud().validation(&planned.id).unwrap_or_default();
    if let Some(found) = diagnosis::refused(&refusals, Some(&prepared.checked())) {
        told::show(session, Some(prepared), &found)?;
    }
    stop.next = "mend the template; nothing was changed".to_owned();
    Ok(stop)
}

impl Planned {
    /// Takes the change set away, and the empty stack that was made for it.
    pub(super) fn undo(&self, session: &Session<'_>) {
        let cloud = session.cloud();
        let set = cloud.drop_change_set(&self.id);
        let stack =
            if self.makes_stack { cloud.delete(&self.stack_id, &unique(session), &[], None) } else { Ok(()) };
        if let Some(failure) = set.err().or(stack.err()) {
            crate::cli::output::note(format_args!(
                "the change set {} stays: {}",
                sanitize::short(&self.id, 200),
                sanitize::short(&failure.text, 200)
            ));
        }
    }

    /// Shows what would happen and what it costs.
    pub(super) fn show(
        &self,
        session: &mut Session<'_>,
        args: &Deploy,
        prepared: &Prepared,
    ) -> Result<(), Stop> {
        let rows: Vec<_> = self
            .changes
            .iter()
            .map(|it| {
                json!({
                    "action": word(it.action), "resource": it.resource, "type": it.type_name,
                    "properties": it.properties, "line": prepared.line_of(&it.resource),
                })
            })
            .collect();
        let now = session.pace.now();
        session.screen.event(now, "plan", json!({ "changes": rows }))?;
        session.screen.say(&format!("\n Plan: {}", self.summary()))?;
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_by_key(|it| (it.action, prepared.line_of(&it.resource)));
        let n_dangerous = changes.iter().filter(|it| it.action.is_dangerous()).count();
        let n_shown = if args.full { changes.len() } else { MAX_ROWS.max(n_dangerous) };
        let shown: Vec<_> = changes.iter().take(n_shown).map(|it| self.row(prepared, it)).collect();
        let widths: Vec<_> =
            (0..3).map(|idx| shown.iter().map(|it| it[idx].chars().count()).max().unwrap_or(0)).collect();
        for ([id, kind, line, note], it) in shown.iter().zip(&changes) {
            let (one, two, three) = (widths[0], widths[1], widths[2]);
            let row = format!("   {:<2} {id:<one$}  {kind:<two$}  {line:>three$}  {note}", mark(it.action));
            session.screen.say(&session.screen.fit(row.trim_end()))?;
        }
        if changes.len() > n_shown {
            session.screen.say(&format!("   ... {} more (--full)", changes.len() - n_shown))?;
        }
        let needs = &prepared.brief.needs;
        let capabilities = needs.capabilities();
        if !capabilities.is_empty() {
            session.screen.say(&format!(
                " Needs  {} ({}, {} named)",
                capabilities.join(", "),
                plural(needs.n_iam, "resource of IAM").replace("resource of IAMs", "resources of IAM"),
                needs.n_named
            ))?;
        }
        if let Some(cost) = cost(prepared) {
            session.screen.say(&format!(" Cost   {cost}"))?;
        }
        Ok(())
    }

    /// The logical id, the type, the line and what deserves a word.
    fn row(&self, prepared: &Prepared, change: &Change) -> [String; 4] {
        let line = prepared.line_of(&change.resource).map(|it| format!(":{it}")).unwrap_or_default();
        let note = match change.action {
            Action::Replace | Action::MayReplace | Action::Modify => {
                sanitize::short(&change.properties.join(", "), 60)
            }
            _ => self.note(prepared, change),
        };
        // Nearly all types are of AWS: that goes without saying.
        let kind = change.type_name.strip_prefix("AWS::").unwrap_or(&change.type_name);
        [sanitize::short(&change.resource, 32), sanitize::short(kind, 36), line, note]
    }

    /// What deserves a word of a resource that is made.
    fn note(&self, prepared: &Prepared, change: &Change) -> String {
        if change.type_name == "AWS::AutoScaling::LaunchConfiguration" && change.action == Action::Add {
            return "refused in accounts opened after 2024-10-01".to_owned();
        }
        let waits = prepared.brief.resources.get(&change.resource).and_then(|it| it.waits);
        let Some(waits) = waits else { return String::new() };
        let limit = waits.seconds.and_then(|it| i64::try_from(it).ok()).map(crate::deploy::frame::elapsed);
        let signals = plural(waits.count as usize, "signal");
        limit.map_or(format!("waits for {signals}"), |it| format!("waits for {signals}, {it}"))
    }

    /// `15 to add, 1 to replace`
    fn summary(&self) -> String {
        let all = [
            (Action::Add, "to add"),
            (Action::Modify, "to change"),
            (Action::MayReplace, "that may be replaced"),
            (Action::Replace, "to replace"),
            (Action::Remove, "to remove"),
            (Action::Import, "to import"),
            (Action::Dynamic, "that only the execution will tell of"),
        ];
        let count = |action| self.changes.iter().filter(|it| it.action == action).count();
        let parts: Vec<_> = all
            .iter()
            .map(|(action, text)| (count(*action), text))
            .filter(|it| it.0 > 0)
            .map(|(n, text)| format!("{n} {text}"))
            .collect();
        if parts.is_empty() { "nothing but outputs, tags or policies".to_owned() } else { parts.join(", ") }
    }

    /// Asks whether it is to be done.
    pub(super) fn agree(&self, session: &mut Session<'_>, args: &Deploy, name: &str) -> Result<(), Stop> {
        if args.yes {
            return session.go_on();
        }
        if !session.can_ask() {
            return Err(Stop::new(Exit::NotConfirmed, "nobody is there to be asked")
                .next("agree beforehand: --yes; or look only: --plan-only"));
        }
        let n = self.changes.iter().filter(|it| it.action.is_dangerous()).count();
        let question = match n {
            0 => format!("Deploy to {}?", sanitize::short(name, 130)),
            n => format!(
                "Deploy to {}, though {} may be replaced or removed?",
                sanitize::short(name, 130),
                plural(n, "resource")
            ),
        };
        let agreed = session.confirm(&question);
        session.go_on()?;
        if agreed { Ok(()) } else { Err(Stop::new(Exit::NotConfirmed, "not deployed: nothing was changed")) }
    }

    /// Executes it, and writes down what goes on.
    pub(super) fn execute(
        &self,
        session: &mut Session<'_>,
        args: &Deploy,
        prepared: &Prepared,
        name: &str,
    ) -> Result<Journal, Stop> {
        if !is_unchanged(prepared) {
            session
                .screen
                .say(" note     the file has changed since it was checked: what was checked is deployed")?;
        }
        let before = session.cloud().events(&self.stack_id, None)?;
        let journal = Journal {
            stack_id: self.stack_id.clone(),
            change_set_id: self.id.clone(),
            token: unique(session),
            after: before.events.last().map(|it| it.id.clone()),
            started: super::screen::clock(session.pace.now()),
            template: prepared.path.to_string_lossy().into_owned(),
            template_hash: hash(&prepared.bytes),
        };
        session.go_on()?;
        let keeps = args.on_failure == OnFailure::Keep;
        session.cloud().execute(&self.id, &journal.token, keeps).map_err(|failure| {
            // Another deployment may have come first.
            let exit = if failure.kind == failure::Kind::Refused { Exit::Refused } else { Exit::Environment };
            Stop::from(failure).with(exit)
        })?;
        if let Err(error) = journal.store(name) {
            crate::cli::output::note(format_args!(
                "the state is not written down ({error}): `--resume` finds it by the name of the stack"
            ));
        }
        Ok(journal)
    }
}

/// A number that tells these bytes from others.
fn hash(bytes: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// `about $22 a month: 1 x t3.micro`
fn cost(prepared: &Prepared) -> Option<String> {
    let bill = bill(&prepared.bytes, &prepared.options)?;
    if bill.fleets.is_empty() {
        return None;
    }
    let sum = bill.desired();
    let what: Vec<_> = bill
        .fleets
        .iter()
        .filter_map(|it| it.lines.first())
        .map(|it| match it.desired {
            Some(n) => format!("{n} x {}", sanitize::short(&it.what, 40)),
            None => sanitize::short(&it.what, 40),
        })
        .collect();
    let unknown = if sum.at_least { "at least " } else { "about " };
    Some(format!(
        "{unknown}${:.0} a month On-Demand: {} (`ecslint cost` shows the bill)",
        sum.usd_per_hour * HOURS_PER_MONTH,
        what.join(", ")
    ))
}

fn mark(action: Action) -> &'static str {
    match action {
        Action::Add => "+",
        Action::Modify => "~",
        Action::MayReplace => "!?",
        Action::Replace => "!",
        Action::Remove => "-",
        Action::Import => ">",
        Action::Dynamic => "?",
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Add => "add",
        Action::Modify => "modify",
        Action::MayReplace => "may_replace",
        Action::Replace => "replace",
        Action::Remove => "remove",
        Action::Import => "import",
        Action::Dynamic => "dynamic",
    }
}
