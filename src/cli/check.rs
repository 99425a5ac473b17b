//! `ecslint check`: reads, checks and renders files in parallel, and writes the reports in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::args::{Check, FormatName, PricesFrom, Values};
use super::baseline::{Baselines, Share};
use super::config::{Configs, Settings, flags};
use super::error::{Error, Shown};
use super::live::Live;
use super::output::{Output, note, say};
use super::read::Source;
use super::walk::{Target, collect};
use super::{Exit, clock, terminal};
use crate::catalog::instances;
use crate::catalog::sources::is_old;
use crate::lint::{self, FileKind, Means, Options, Outcome, Suppressed};
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
        found: false,
        failed: false,
        n_written: 0,
    };
    let baselines = Baselines::new(args.baseline.as_deref(), args.write_baseline.as_deref());
    let baselines = baselines.map_err(|error| run.fail(&error)).unwrap_or_default();
    let configs = flags(&args.values, Some(&args.choice)).and_then(|it| Configs::new(&args.values, it));
    let mut configs = configs.map_err(|error| run.fail(&error)).ok();
    let targets = match configs.as_mut() {
        Some(configs) if !run.failed => {
            collect(&args.paths, args.no_ignore, &mut |path, by_name| configs.looks_at(path, by_name))
        }
        _ => Default::default(),
    };
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
            // A hook names whatever was changed.
            let is_excluded = |configs: &mut Configs| match &target.source {
                Source::File(path) => !configs.looks_at(path, true),
                Source::Stdin => false,
            };
            if args.only_templates && target.folder.is_none() && configs.as_mut().is_some_and(is_excluded) {
                continue;
            }
            match configs.as_mut().map_or(Ok(None), |it| it.settings(&target.source)) {
                Ok(settings) => configured.extend(settings.map(|it| (target, it))),
                Err(error) => run.fail(&error),
            }
        }
        let (format, live) = (&run.format, live.as_ref());
        let check = |(target, settings): &(&Target, Settings)| {
            check_one(target, args, &settings.options, &baselines, live, format)
        };
        let checked: Vec<_> = match &pool {
            Ok(pool) => pool.install(|| configured.par_iter().map(check).collect()),
            // Where no threads are to be had, it takes longer.
            Err(_) => configured.iter().map(check).collect(),
        };
        for ((target, settings), checked) in configured.into_iter().zip(checked) {
            let is_template = run.take(target, &settings, checked, output)?;
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
    if let Some(configs) = configs.as_ref().filter(|_| !args.quiet && whole) {
        let walked: Vec<_> = args.paths.iter().filter(|it| it.is_dir()).cloned().collect();
        configs.unmatched(&walked).into_iter().for_each(note);
    }
    for (folder, n_templates) in targets.folders.iter().zip(templates) {
        if n_templates == 0 && !folder.overlaps && !run.failed && !output.is_closed() {
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
    /// Something at or above `--fail-on`.
    found: bool,
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
        settings: &Settings,
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
        let suppressed = checked.suppressed.iter().filter(|_| self.args.verbose);
        if !self.args.quiet {
            for it in checked.notes.iter().chain(suppressed) {
                note(format_args!("{}: {}", name(), sanitize::short(it, 600)));
            }
        }
        self.found |= settings.fail_on.severity().is_some_and(|it| checked.summary.has(it));
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
        match self.found {
            _ if self.failed => Exit::Failed,
            true => Exit::Findings,
            false => Exit::Clean,
        }
    }
}

/// What is kept of a file when its bytes are gone.
struct Checked {
    kind: FileKind,
    text: String,
    summary: Summary,
    share: Share,
    /// What was not told, and why.
    suppressed: Vec<String>,
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
            suppressed: Vec::new(),
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
            suppressed: outcome.suppressed.iter().map(|it| suppressed(it, &lines)).collect(),
            crashed: outcome.diagnostics.iter().any(|it| it.code == "ECS000"),
            notes: outcome.notes,
        }
    }
}

/// `line 6: ECS002 is suppressed by a comment: because`
fn suppressed(it: &Suppressed, lines: &Lines<'_>) -> String {
    let line = lines.position(it.diagnostic.finding.span.start).line;
    let by = match it.by.means {
        Means::Comment => "a comment",
        Means::Metadata => "metadata",
        Means::Baseline => "the baseline",
    };
    let why = it.by.reason.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
    format!("line {line}: {} is suppressed by {by}{why}", it.diagnostic.code)
}

/// The text of a file, up to the first byte that is none.
fn readable(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// The options for one file, its configuration reckoned in.
pub(super) fn options_for(values: &Values, source: &Source) -> Result<Options, Error> {
    let settings = Configs::new(values, flags(values, None)?)?.settings(source)?;
    Ok(settings.map(|it| Arc::unwrap_or_clone(it.options)).unwrap_or_default())
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
