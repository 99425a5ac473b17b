//! The rules, as pages and as a list; the boot that a template predicts.

use std::path::Path;
use std::sync::Arc;

use super::args::{self, Color, Explain, FormatName, Rules, Values};
use super::error::{Error, Shown};
use super::output::Output;
use super::read::Source;
use super::{Exit, check, terminal};
use crate::lint::story::stories;
use crate::policy::Policy;
use crate::report::{self, human, json, sanitize};
use crate::rules::RULES;
use crate::text::{Lines, decode};

/// Prints the page of a rule, or the boots of a template.
pub(super) fn run(args: &Explain, output: &mut Output) -> Result<Exit, Error> {
    match &args.boot {
        Some(path) => boot(path, args, output),
        None => {
            let name = args.name.as_deref().unwrap_or_default();
            if let Some(rule) = args::rule(name)? {
                output.write(rule.page)?;
                return Ok(Exit::Clean);
            }
            let policies = policies(&args.values)?;
            let is_it = |it: &&Policy| it.issuer.code.eq_ignore_ascii_case(name.trim());
            let policy = policies.iter().find(is_it).ok_or_else(|| args::unknown_code(name))?;
            output.write(&report::policy::page(policy))?;
            Ok(Exit::Clean)
        }
    }
}

/// The policies that count in this folder.
fn policies(values: &Values) -> Result<Arc<[Policy]>, Error> {
    Ok(check::options_for(values, &Source::Stdin(None))?.policies)
}

/// Prints what the instances of a template do when they boot.
fn boot(path: &Path, args: &Explain, output: &mut Output) -> Result<Exit, Error> {
    let source = Source::named(path);
    if path.is_dir() {
        return Err(Error::Folder { path: Shown::new(path) });
    }
    let bytes = source.read()?;
    let options = check::options_for(&args.values, &source)?;
    let shown = || Shown::new(path);
    let (Ok(text), Some(stories)) = (decode(&bytes), stories(&bytes, &options)) else {
        return Err(Error::NoTemplate { path: shown() });
    };
    if stories.is_empty() {
        return Err(Error::NoFleet { path: shown() });
    }
    let wanted: Vec<_> = match &args.name {
        Some(name) => stories.iter().filter(|it| it.fleet == *name).collect(),
        None => stories.iter().collect(),
    };
    if wanted.is_empty() {
        let mut fleets: Vec<_> = stories.iter().map(|it| sanitize::short(&it.fleet, 100)).collect();
        fleets.dedup();
        let name = sanitize::short(args.name.as_deref().unwrap_or_default(), 100);
        return Err(Error::UnknownFleet { path: shown(), name, fleets: fleets.join(", ") });
    }
    let style = terminal::style(Color::Auto);
    let lines = Lines::new(text);
    for (idx, story) in wanted.into_iter().enumerate() {
        if idx > 0 {
            output.write("\n")?;
        }
        output.write(&human::story::story(&style, story, &lines))?;
    }
    Ok(Exit::Clean)
}

/// Prints one line for each rule and policy.
pub(super) fn list(args: &Rules, output: &mut Output) -> Result<Exit, Error> {
    let policies = policies(&Values { config: args.config.clone(), ..Values::default() })?;
    if args.format == FormatName::Json {
        output.write(&json::rules::rules(RULES, &policies))?;
        return Ok(Exit::Clean);
    }
    let summary = |it: &Policy| sanitize::short(it.message.as_str(), 200);
    let own = policies.iter().map(|it| (it.issuer.clone(), summary(it)));
    let all: Vec<_> = RULES.iter().map(|it| (it.issuer(), it.summary.to_owned())).chain(own).collect();
    let width = all.iter().map(|it| it.0.name.len()).max().unwrap_or(0);
    let codes = all.iter().map(|it| it.0.code.len()).max().unwrap_or(0);
    for (rule, summary) in all {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        output.write(&format!("{:<codes$}  {severity:<7}  {:<width$}  {summary}\n", rule.code, rule.name))?;
    }
    Ok(Exit::Clean)
}
