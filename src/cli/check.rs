//! `ecslint check`: reads, checks and renders files in parallel, and writes the reports in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::args::{self, Check, FormatName, PricesFrom, Values};
use super::baseline::{Baselines, Share};
use super::config::Configs;
use super::error::{Error, Shown};
use super::live::Live;
use super::output::{Output, note, say};
use super::read::Source;
use super::walk::{Target, collect};
use super::{Exit, clock, parameters, terminal, variable};
use crate::catalog::instances;
use crate::catalog::sources::is_old;
use crate::lint::{self, FileKind, Options, Outcome};
use crate::report::{FileReport, Format, Summary, sanitize};
use crate::text::Lines;

/// How many reports are held until they are written; of files, each thread holds one.
const CHUNK: usize = 256;
/// The depth of a template is bounded, but not to what the stack of a thread usually is.
const STACK_BYTES: usize = 16 << 20;

/// Checks what was named.
pub(super) fn run(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    let started = Instant::now();
    let mut run = Run {
        args,
        format: Format::Json,
        summary: Summary::default(),
        shares: Vec::new(),
        failed: false,
        n_written: 0,
    };
    let baselines = Baselines::new(args.baseline.as_deref(), args.write_baseline.as_deref());
    let baselines = baselines.map_err(|error| run.fail(&error)).unwrap_or_default();
    let configs = options(args).and_then(|it| Configs::new(&args.values, it));
    let mut configs = configs.map_err(|error| run.fail(&error)).ok();
    let targets = if run.failed { Default::default() } else { collect(&args.paths, args.no_ignore) };
    for error in &targets.errors {
        run.fail(error);
    }
    run.format = format(args, targets.files.len());
    let live = (args.prices == PricesFrom::Live).then(Live::new);
    let mut templates = vec![0; targets.folders.len()];
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build();

    output.write(&run.format.head())?;
    for chunk in targets.files.chunks(CHUNK) {
        let mut configured = Vec::new();
        for target in chunk {
            match configs.as_mut().map_or(Ok(None), |it| it.options(&target.source)) {
                Ok(options) => configured.extend(options.map(|it| (target, it))),
                Err(error) => run.fail(&error),
            }
        }
        let (format, live) = (&run.format, live.as_ref());
        let check = |(target, options): &(&Target, Arc<Options>)| {
            check_one(target, args, options, &baselines, live, format)
        };
        let checked: Vec<_> = match &pool {
            Ok(pool) => pool.install(|| configured.par_iter().map(check).collect()),
            // Where no threads are to be had, it takes longer.
            Err(_) => configured.iter().map(check).collect(),
        };
        for ((target, _), checked) in configured.into_iter().zip(checked) {
            let is_template = run.take(target, checked, output)?;
            if let Some(folder) = target.folder {
                templates[folder] += usize::from(is_template);
            }
        }
        if output.is_closed() {
            break;
        }
    }
    output.write(&run.format.tail(&run.summary))?;
    if let Some(live) = live {
        live.finish();
    }

    let whole = !run.failed && !output.is_closed();
    if let Err(error) = baselines.finish(std::mem::take(&mut run.shares), args.quiet, whole) {
        run.fail(&error);
    }
    for (folder, n_templates) in targets.folders.iter().zip(templates) {
        if n_templates == 0 && !folder.overlaps && !output.is_closed() {
            note(format_args!("no CloudFormation template in the folder {}", folder.path));
        }
    }
    let today = clock::date(clock::now());
    if !args.quiet && run.summary.templates > 0 && is_old(instances::as_of(), &today) {
        let date = instances::as_of();
        note(format_args!(
            "what ecslint knows of AWS is of {date}, more than a year ago: a newer version knows more"
        ));
    }
    if args.verbose {
        let (n_files, time) = (targets.files.len(), started.elapsed().as_secs_f64() * 1e3);
        note(format_args!("looked at {n_files} files in {time:.0} ms"));
    }
    Ok(run.exit())
}

/// What has been written and found so far.
struct Run<'a> {
    args: &'a Check,
    format: Format,
    summary: Summary,
    shares: Vec<Share>,
    failed: bool,
    n_written: usize,
}

impl Run<'_> {
    fn fail(&mut self, error: &Error) {
        say(error);
        self.failed = true;
    }

    /// Writes the report of a file, and says whether it is a template.
    fn take(
        &mut self,
        target: &Target,
        checked: Result<Checked, Error>,
        output: &mut Output,
    ) -> Result<bool, Error> {
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => {
                self.fail(&error);
                return Ok(false);
            }
        };
        self.failed |= checked.crashed;
        let name = || Shown::new(Path::new(&target.source.name()));
        let is_template = checked.kind == FileKind::CloudFormation;
        let is_silent = target.folder.is_some() || self.args.only_templates;
        if !is_template && checked.summary.with_findings == 0 && (!is_silent || self.args.verbose) {
            note(format_args!("{} is no CloudFormation template: passed over", name()));
        }
        if !self.args.quiet {
            for it in &checked.notes {
                note(format_args!("{}: {}", name(), sanitize::short(it, 600)));
            }
        }
        self.summary.add(checked.summary);
        self.shares.push(checked.share);
        if !checked.text.is_empty() {
            if self.n_written > 0 {
                output.write(self.format.between())?;
            }
            self.n_written += 1;
            output.write(&checked.text)?;
        }
        Ok(is_template)
    }

    fn exit(&self) -> Exit {
        let counts = |severity| self.summary.has(severity);
        match self.args.fail_on.severity() {
            _ if self.failed => Exit::Failed,
            Some(severity) if counts(severity) => Exit::Findings,
            _ => Exit::Clean,
        }
    }
}

/// What is kept of a file when its bytes are gone.
struct Checked {
    kind: FileKind,
    text: String,
    summary: Summary,
    share: Share,
    notes: Vec<String>,
    crashed: bool,
}

fn check_one(
    target: &Target,
    args: &Check,
    options: &Options,
    baselines: &Baselines,
    live: Option<&Live>,
    format: &Format,
) -> Result<Checked, Error> {
    let bytes = target.source.read()?;
    let path = target.source.name();
    // The engine catches what a rule does; this is for the rest, so that one file never takes the others with it.
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let learned = live.map(|live| {
            let mut learned = options.clone();
            live.learn(&mut learned, &lint::bill::types(&bytes, options));
            learned
        });
        let mut outcome = lint::check(&bytes, learned.as_ref().unwrap_or(options));
        if outcome.kind == FileKind::Other {
            if target.folder.is_some() {
                return Checked::nothing();
            }
            if args.only_templates {
                outcome = Outcome::other();
            }
        }
        let text = readable(&bytes);
        let share = baselines.apply(&target.source, text, options, &mut outcome);
        Checked { share, ..Checked::new(&path, text, outcome, format) }
    }));
    checked.map_err(|_| Error::Crash { path: Shown::new(Path::new(&path)) })
}

impl Checked {
    /// A file that is passed over.
    fn nothing() -> Checked {
        Checked {
            kind: FileKind::Other,
            text: String::new(),
            summary: Summary::default(),
            share: Share::default(),
            notes: Vec::new(),
            crashed: false,
        }
    }

    fn new(path: &str, text: &str, outcome: Outcome, format: &Format) -> Checked {
        let lines = Lines::new(text);
        let text = format.file(&FileReport { path, lines: &lines, outcome: &outcome });
        Checked {
            kind: outcome.kind,
            text,
            summary: Summary::of(&outcome),
            share: Share::default(),
            crashed: outcome.diagnostics.iter().any(|it| it.code == "ECS000"),
            notes: outcome.notes,
        }
    }
}

/// The text of a file, up to the first byte that is none.
fn readable(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

fn options(args: &Check) -> Result<Options, Error> {
    Ok(Options { select: args.select.clone(), ignore: args.ignore.clone(), ..known(&args.values)? })
}

/// The options for one file, its configuration reckoned in.
pub(super) fn options_for(values: &Values, source: &Source) -> Result<Options, Error> {
    let options = Configs::new(values, known(values)?)?.options(source)?;
    Ok(options.map(Arc::unwrap_or_clone).unwrap_or_default())
}

/// What is known of the deployment.
fn known(values: &Values) -> Result<Options, Error> {
    let mut options =
        Options { region: values.region.clone(), price_region: environment_region(), ..Options::default() };
    for path in &values.parameters {
        options.parameters.extend(parameters::load(path)?);
    }
    options.parameters.extend(values.parameter.iter().cloned());
    Ok(options)
}

/// The region that the aws CLI would use, when it has the form of one.
fn environment_region() -> Option<String> {
    let told = |name| variable(name).and_then(|it| args::region(&it).ok());
    ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(told)
}

fn format(args: &Check, n_files: usize) -> Format {
    match args.format {
        FormatName::Json => Format::Json,
        FormatName::Human => {
            let mut style = terminal::style(args.color);
            style.headings = n_files > 1;
            style.quiet = args.quiet;
            Format::Human(style)
        }
    }
}
