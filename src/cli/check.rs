//! `ecslint check`: reads, checks and renders files in parallel, and writes the reports in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::args::{self, Check, PricesFrom, Values};
use super::config::Configs;
use super::error::{Error, Shown};
use super::fix::{self, Fixed};
use super::live::Live;
use super::output::{Output, note, say};
use super::read::Source;
use super::reports::Reports;
use super::walk::{Target, Targets};
use super::{Exit, clock, parameters, variable};
use crate::catalog::instances;
use crate::catalog::sources::is_old;
use crate::lint::{self, FileKind, Options, Outcome};
use crate::report::{FileReport, Format, Piece, Summary, sanitize};
use crate::text::Lines;

/// How many reports are held until they are written; of files, each thread holds one.
const CHUNK: usize = 256;
/// The depth of a template is bounded, but not to what the stack of a thread usually is.
const STACK_BYTES: usize = 16 << 20;

/// Checks what was named.
pub(super) fn run(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    let started = Instant::now();
    let mut summary = Summary::default();
    let mut fail = |error: &Error| {
        say(error);
        summary.failed = true;
    };
    // Mended standard input takes standard output.
    let is_filter = fix::is_filter(args);
    let (mut aside, mut text) = (Output::aside(), None);
    let output = match &is_filter {
        Ok(true) => {
            text = Some(output);
            &mut aside
        }
        _ => output,
    };
    let is_usable = is_filter.map(|_| ());
    let configs = is_usable.and_then(|()| options(args)).and_then(|it| Configs::new(&args.values, it));
    let mut configs = configs.map_err(|error| fail(&error)).ok();
    let paths = if configs.is_some() { args.paths.as_slice() } else { &[] };
    let mut targets = Targets::new(paths, args.no_ignore);
    let mut chunk = next_chunk(&mut targets, &mut fail);
    let mut reports = Reports::new(args, chunk.len());
    // Without a configuration nothing is checked: then an earlier report is worth more than an empty one.
    if configs.is_some()
        && let Err(error) = reports.open(args, chunk.len())
    {
        fail(&error);
        chunk.clear();
    }
    let mut run = Run { args, reports, summary };
    let live = (args.prices == PricesFrom::Live).then(Live::new);
    let (mut n_files, mut templates) = (0, Vec::new());
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build();

    run.reports.start(output)?;
    let formats = run.reports.formats();
    while !chunk.is_empty() {
        n_files += chunk.len();
        templates.resize(targets.folders.len(), 0);
        let mut configured = Vec::new();
        for target in &chunk {
            match configs.as_mut().map_or(Ok(None), |it| it.options(&target.source)) {
                Ok(options) => configured.extend(options.map(|it| (target, it))),
                Err(error) => run.fail(&error),
            }
        }
        let (formats, live) = (&formats, live.as_ref());
        let check =
            |(target, options): &(&Target, Arc<Options>)| check_one(target, args, options, live, formats);
        let checked: Vec<_> = match &pool {
            Ok(pool) => pool.install(|| configured.par_iter().map(check).collect()),
            // Where no threads are to be had, it takes longer.
            Err(_) => configured.iter().map(check).collect(),
        };
        for ((target, _), checked) in configured.into_iter().zip(checked) {
            if let (Some(text), Ok(checked)) = (&mut text, &checked) {
                text.write_bytes(&checked.bytes)?;
            }
            let is_template = run.take(target, checked, output)?;
            if let Some(folder) = target.folder {
                templates[folder] += usize::from(is_template);
            }
        }
        if !run.reports.is_wanted(output) {
            break;
        }
        chunk = next_chunk(&mut targets, |error| run.fail(error));
    }
    templates.resize(targets.folders.len(), 0);
    run.reports.finish(&run.summary, output)?;
    output.finish()?;
    if let Some(live) = live {
        live.finish();
    }
    if args.fixing.diff && !args.quiet {
        let fixes = run.summary.fixes(true);
        if !fixes.is_empty() {
            note(fixes);
        }
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
        let time = started.elapsed().as_secs_f64() * 1e3;
        note(format_args!("looked at {n_files} files in {time:.0} ms"));
    }
    Ok(run.exit())
}

/// The next files to check; what is not found or entered is told.
fn next_chunk(targets: &mut Targets<'_>, mut fail: impl FnMut(&Error)) -> Vec<Target> {
    let mut res = Vec::new();
    for target in targets {
        match target {
            Ok(target) => res.push(target),
            Err(error) => fail(&error),
        }
        if res.len() == CHUNK {
            break;
        }
    }
    res
}

/// What has been written and found so far.
struct Run<'a> {
    args: &'a Check,
    reports: Reports,
    summary: Summary,
}

impl Run<'_> {
    fn fail(&mut self, error: &Error) {
        say(error);
        self.summary.failed = true;
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
        if let Some(error) = &checked.error {
            self.fail(error);
        }
        self.summary.failed |= checked.crashed;
        let name = || Shown::new(Path::new(&target.source.name()));
        let is_template = checked.kind == FileKind::CloudFormation;
        if (is_template || target.folder.is_none())
            && let Source::File(path) = &target.source
            && let Err(error) = self.reports.spare(path)
        {
            self.fail(&error);
        }
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
        self.reports.add(checked.pieces, output)?;
        Ok(is_template)
    }

    fn exit(&self) -> Exit {
        let counts = |severity| self.summary.has(severity);
        match self.args.fail_on.severity() {
            _ if self.summary.failed || self.reports.failed => Exit::Failed,
            // The diff is what was asked for, whatever else there is.
            _ if self.args.fixing.diff && self.summary.fixed > 0 => Exit::Findings,
            _ if self.args.fixing.diff => Exit::Clean,
            Some(severity) if counts(severity) => Exit::Findings,
            _ => Exit::Clean,
        }
    }
}

/// What is kept of a file when its bytes are gone.
struct Checked {
    kind: FileKind,
    pieces: Vec<Piece>,
    summary: Summary,
    notes: Vec<String>,
    crashed: bool,
    /// Of standard input that is mended: what is handed on.
    bytes: Vec<u8>,
    /// Why it was not written.
    error: Option<Error>,
}

fn check_one(
    target: &Target,
    args: &Check,
    options: &Options,
    live: Option<&Live>,
    formats: &[Format],
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
        let mut fixed = fix::run(&target.source, bytes, learned.as_ref().unwrap_or(options), args.fixing);
        if fixed.outcome.kind == FileKind::Other {
            if target.folder.is_some() {
                return Checked::nothing();
            }
            if args.only_templates {
                fixed.outcome = Outcome::other();
            }
        }
        Checked::new(&path, fixed, formats, args.fixing.diff)
    }));
    checked.map_err(|_| Error::Crash { path: Shown::new(Path::new(&path)) })
}

impl Checked {
    /// A file that is passed over.
    fn nothing() -> Checked {
        Checked {
            kind: FileKind::Other,
            pieces: Vec::new(),
            summary: Summary::default(),
            notes: Vec::new(),
            crashed: false,
            bytes: Vec::new(),
            error: None,
        }
    }

    fn new(path: &str, fixed: Fixed, formats: &[Format], diff: bool) -> Checked {
        let Fixed { bytes, outcome, diff: told, error } = fixed;
        let lines = Lines::new(readable(&bytes));
        let file = FileReport { path, lines: &lines, outcome: &outcome };
        let pieces =
            if diff { vec![Piece::Text(told)] } else { formats.iter().map(|it| it.file(&file)).collect() };
        Checked {
            kind: outcome.kind,
            pieces,
            summary: Summary::of(&outcome),
            crashed: outcome.diagnostics.iter().any(|it| it.code == "ECS000"),
            notes: outcome.notes,
            bytes: if path == "-" { bytes } else { Vec::new() },
            error,
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
