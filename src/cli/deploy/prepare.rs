//! From what was typed to what is deployed: the template, its parameters, and the check that stops what cannot come up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::session::{Session, Stop};
use crate::cli::args::Deploy;
use crate::cli::error::{Error, Shown};
use crate::cli::read::Source;
use crate::cli::{Exit, check, walk};
use crate::deploy::brief::{Brief, Parameter};
use crate::deploy::cloud::Stack;
use crate::deploy::diagnosis::Checked;
use crate::diagnostic::Severity;
use crate::lint::{self, FileKind, Options, Outcome};
use crate::report::{FileReport, human, sanitize};
use crate::text::Lines;

/// What is deployed: the bytes that were checked, and what is known of them.
pub(super) struct Prepared {
    /// As it was named or found.
    pub(super) path: PathBuf,
    /// The very bytes.
    pub(super) bytes: Vec<u8>,
    /// What a deployment has to know.
    pub(super) brief: Brief,
    /// What was found.
    pub(super) outcome: Outcome,
    /// The options of the check, with all values of parameters that are known.
    pub(super) options: Options,
    /// Those of them that were given: the others the stack has already.
    pub(super) given: BTreeMap<String, String>,
}

impl Prepared {
    /// The text of the template.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// As the diagnosis takes it.
    pub(super) fn checked(&self) -> Checked<'_> {
        Checked { bytes: &self.bytes, options: &self.options, outcome: &self.outcome }
    }

    /// The value that a parameter has, as far as it is known.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let known = self.brief.parameters.iter().find(|it| it.name == name)?;
        self.options.parameters.get(name).or(known.default.as_ref()).cloned()
    }

    /// The line of a resource, from 1.
    pub(super) fn line_of(&self, resource: &str) -> Option<usize> {
        let span = self.brief.resources.get(resource)?.span;
        Some(Lines::new(self.text()).position(span.start).line)
    }
}

/// The template that was named, or the only one of this folder.
pub(super) fn template(named: Option<&Path>) -> Result<PathBuf, Stop> {
    if let Some(path) = named {
        if path == Path::new("-") {
            let stop = Stop::new(Exit::Failed, "a template that is deployed has to be a file");
            return Err(stop.next("write it into one: `cat > cluster.yml`"));
        }
        if !path.is_dir() {
            return Ok(path.to_owned());
        }
    }
    let folder = named.unwrap_or(Path::new("."));
    let mut found = walk::templates_of(folder)?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Stop::new(
            Exit::Failed,
            format!("no CloudFormation template in the folder {}", Shown::new(folder)),
        )
        .next("name it: `ecslint deploy cluster.yml`")),
        n => {
            let names: Vec<_> = found.iter().take(5).map(|it| Shown::new(it).to_string()).collect();
            let more = if n > 5 { format!(" and {} more", n - 5) } else { String::new() };
            Err(Stop::new(
                Exit::Failed,
                format!("{n} templates in the folder {}: name one of them", Shown::new(folder)),
            )
            .next(format!("{}{more}", names.join(", "))))
        }
    }
}

/// The name of a stack, from that of the file.
pub(super) fn stack_name(path: &Path) -> Result<String, Stop> {
    name_of(path).ok_or_else(|| {
        Stop::new(Exit::Failed, "the file's name gives no name for a stack").next("name it: --stack NAME")
    })
}

/// What CloudFormation takes of a file's name: letters, digits and hyphens, a letter first.
fn name_of(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy();
    let stem = stem.strip_suffix(".template").unwrap_or(&stem);
    let name: String = stem.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let name: String =
        name.trim_start_matches(|it: char| !it.is_ascii_alphabetic()).chars().take(128).collect();
    let name = name.trim_end_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Reads and checks the template, and asks for what neither somebody nor the stack of this name has a value for.
pub(super) fn prepare(
    session: &mut Session<'_>,
    args: &Deploy,
    path: &Path,
    name: &str,
) -> Result<Prepared, Stop> {
    let source = Source::File(path.to_owned());
    let bytes = source.read()?;
    let mut options = check::options_for(&args.values, &source)?;
    let brief = Brief::of(&bytes, &options.parameters);
    if let Some(brief) = &brief {
        add_parameters(session, args, brief, name, &mut options)?;
    }
    let given = options.parameters.clone();
    let outcome = lint::check(&bytes, &options);
    // What was asked for is known only now.
    let brief = brief.and_then(|_| Brief::of(&bytes, &given)).unwrap_or_default();
    let prepared = Prepared { path: path.to_owned(), bytes, brief, outcome, options, given };
    judge(session, args, &prepared)?;
    Ok(prepared)
}

/// Checks again with the values that the stack goes on with, where they are others than was thought.
pub(super) fn adopt(
    session: &mut Session<'_>,
    args: &Deploy,
    prepared: &mut Prepared,
    stack: &Stack,
) -> Result<(), Stop> {
    let is_new = |name: &str, value: &str| {
        let known = prepared.brief.parameters.iter().find(|it| it.name == name);
        known.is_some_and(|it| !prepared.given.contains_key(name) && it.default.as_deref() != Some(value))
    };
    let new: Vec<_> = stack.values().filter(|(name, value)| is_new(name, value)).collect();
    if new.is_empty() {
        return Ok(());
    }
    prepared.options.parameters.extend(new.into_iter().map(|(name, value)| (name.clone(), value.clone())));
    prepared.outcome = lint::check(&prepared.bytes, &prepared.options);
    prepared.brief = Brief::of(&prepared.bytes, &prepared.options.parameters).unwrap_or_default();
    session.screen.say("          with the values that the stack has:")?;
    judge(session, args, prepared)
}

/// Adds the values that are read or asked for; those that are unknown to the template are a mistake.
fn add_parameters(
    session: &mut Session<'_>,
    args: &Deploy,
    brief: &Brief,
    name: &str,
    options: &mut Options,
) -> Result<(), Stop> {
    known(brief, options.parameters.keys().chain(args.param_stdin.iter()))?;
    if let Some(name) = &args.param_stdin {
        let bytes = Source::Stdin(None).read()?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Stop::new(Exit::Failed, "what came through standard input is no text in UTF-8"))?;
        let value = text.strip_suffix('\n').unwrap_or(&text);
        options.parameters.insert(name.clone(), value.strip_suffix('\r').unwrap_or(value).to_owned());
    }
    let wanted = |it: &&Parameter| it.default.is_none() && !options.parameters.contains_key(&it.name);
    let mut missing: Vec<_> = brief.parameters.iter().filter(wanted).cloned().collect();
    if !missing.is_empty() && !args.dry_run {
        let stack = session.cloud().stack(name)?.filter(|it| it.status != "REVIEW_IN_PROGRESS");
        missing.retain(|it| !stack.as_ref().is_some_and(|stack| stack.parameters.contains_key(&it.name)));
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !session.can_ask() {
        let list: Vec<_> = missing.iter().map(|it| format!("`{}`", sanitize::short(&it.name, 60))).collect();
        let message = format!("no value for the parameters {}", list.join(", "));
        let first = sanitize::short(&missing[0].name, 60);
        return Err(Stop::new(Exit::Failed, message).next(format!(
            "give them: -P {first}=..., --parameters FILE, or --param-stdin {first} for a secret"
        )));
    }
    for parameter in missing {
        let value = ask(session, &parameter);
        session.go_on()?;
        let Some(value) = value else {
            return Err(Stop::new(
                Exit::NotConfirmed,
                format!("no value for `{}`", sanitize::short(&parameter.name, 60)),
            ));
        };
        options.parameters.insert(parameter.name, value);
    }
    Ok(())
}

/// Values for parameters that the template does not have are a mistake.
pub(super) fn known<'n>(brief: &Brief, given: impl Iterator<Item = &'n String>) -> Result<(), Stop> {
    let names: BTreeSet<_> = brief.parameters.iter().map(|it| it.name.as_str()).collect();
    for name in given {
        if !names.contains(name.as_str()) {
            let near = crate::cli::near::nearest(name, names.iter().map(|it| (*it).to_owned()));
            let message = format!("the template has no parameter `{}`", sanitize::short(name, 100));
            let next = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "it has none: leave the value out".to_owned(),
                None => {
                    let all: Vec<_> = names.iter().copied().collect();
                    format!("it has {}", sanitize::short(&all.join(", "), 500))
                }
            };
            return Err(Stop::new(Exit::Failed, message).next(next));
        }
    }
    Ok(())
}

fn ask(session: &mut Session<'_>, parameter: &Parameter) -> Option<String> {
    let mut question = format!(" {}", sanitize::short(&parameter.name, 60));
    if !parameter.description.is_empty() {
        question.push_str(&format!(" ({})", sanitize::short(&parameter.description, 200)));
    }
    if !parameter.allowed.is_empty() && !parameter.secret {
        question.push_str(&format!(" [{}]", sanitize::short(&parameter.allowed.join(", "), 300)));
    }
    question.push(':');
    if parameter.secret { session.ask_secretly(&question) } else { session.ask(&question) }
}

/// Shows what was found, and stops where it says that the stack cannot come up.
fn judge(session: &mut Session<'_>, args: &Deploy, prepared: &Prepared) -> Result<(), Stop> {
    let outcome = &prepared.outcome;
    let path = prepared.path.to_string_lossy().into_owned();
    if outcome.kind == FileKind::Other && outcome.diagnostics.is_empty() {
        return Err(Stop::new(
            Exit::Findings,
            format!("{} is no CloudFormation template", Shown::new(&prepared.path)),
        ));
    }
    let allowed = |code: &str| args.allow.iter().any(|(it, _)| it == code);
    let limit = args.fail_on.severity();
    let stops: Vec<_> = outcome
        .diagnostics
        .iter()
        .filter(|it| {
            let counts = limit.is_some_and(|limit| it.severity >= limit) && !allowed(&it.code);
            counts || it.severity == Severity::Error && is_unreadable(&it.code)
        })
        .collect();
    let count = |severity| outcome.diagnostics.iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let lines = Lines::new(prepared.text());
    let now = session.pace.now();
    session.screen.event(now, "check", serde_json::json!({
        "template": sanitize::short(&path, 300), "errors": errors, "warnings": warnings, "stops": stops.len(),
    }))?;
    if !stops.is_empty() {
        let report = FileReport { path: &path, lines: &lines, outcome, views: None };
        session.screen.tell(&human::file(&session.screen.style, &report))?;
        for it in &stops {
            let line = lines.position(it.finding.span.start).line;
            session.screen.annotate(&path, line, &it.code, &it.finding.message)?;
        }
        let mut codes: Vec<_> = stops.iter().map(|it| &*it.code).collect();
        codes.dedup();
        let code = codes[0];
        let noun = if stops.len() == 1 { "finding stops" } else { "findings stop" };
        let unreadable = stops.iter().any(|it| is_unreadable(&it.code));
        let next = if unreadable {
            "mend the template: it cannot be read".to_owned()
        } else {
            format!(
                "mend the template (`ecslint explain {code}` tells how), or deploy in spite of it: --allow {code}=REASON"
            )
        };
        return Err(Stop::new(
            Exit::Findings,
            format!("{} {noun} the deployment: nothing was sent", stops.len()),
        )
        .next(next));
    }
    let n_lines = lines.count();
    let name = sanitize::short(&path, 60);
    session.screen.say(&format!(
        " check    ok   {}, {}   ({name}, {n_lines} lines)",
        plural(errors, "error"),
        plural(warnings, "warning")
    ))?;
    for (code, reason) in &args.allow {
        session.screen.say(&format!("          {code} is allowed: {}", sanitize::short(reason, 200)))?;
    }
    // The template itself may be wrong in spite of better knowledge: whoever deploys it hears of that.
    for it in
        outcome.suppressed.iter().filter(|it| limit.is_some_and(|limit| it.diagnostic.severity >= limit))
    {
        let line =
            it.by.span.map(|it| format!(" in line {}", lines.position(it.start).line)).unwrap_or_default();
        let reason = it.by.reason.as_deref().unwrap_or("no reason is given");
        let code = &it.diagnostic.code;
        session
            .screen
            .say(&format!("          {code} is ignored{line}: {}", sanitize::short(reason, 200)))?;
    }
    Ok(())
}

/// What keeps a template from being read at all cannot be allowed.
fn is_unreadable(code: &str) -> bool {
    matches!(code, "ECS000" | "ECS001")
}

/// `1 error`, `2 errors`
pub(super) fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// Whether the file still is what was checked.
pub(super) fn is_unchanged(prepared: &Prepared) -> bool {
    let now: Result<_, Error> = Source::File(prepared.path.clone()).read();
    now.is_ok_and(|it| it == prepared.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_named_after_files() {
        for (path, name) in [
            ("ecs-cluster-def.yml", Some("ecs-cluster-def")),
            ("a/My cluster.yaml", Some("My-cluster")),
            ("1_web.template.json", Some("web")),
            ("_.yml", None),
            ("cluster_.yml", Some("cluster")),
        ] {
            assert_eq!(name_of(Path::new(path)).as_deref(), name, "{path}");
        }
    }
}
