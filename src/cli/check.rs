//! `ecslint check`: reads, checks and renders files in parallel, and writes the reports in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::args::{Check, PricesFrom, Values};
use super::baseline::{Baselines, Share};
use super::config::{Configs, Settings, flags};
use super::error::{Error, Shown};
use super::fix::{self, Fixed};
use super::git::Changed;
use super::live::Live;
use super::output::{Output, note, say};
use super::progress::Progress;
use super::read::Source;
use super::reports::Reports;
use super::walk::{Target, Targets};
use super::workers::Workers;
use super::{Exit, clock, watch};
use crate::catalog::instances;
use crate::catalog::sources::is_old;
use crate::lint::views::Views;
use crate::lint::{self, FileKind, Means, Options, Outcome, Suppressed};
use crate::report::{FileReport, Format, Piece, Summary, sanitize};
use crate::text::Lines;

/// How many reports are held until they are written; of files, each thread holds one.
const CHUNK: usize = 256;

/// Checks what was named, lists it, or watches it.
pub(super) fn run(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    if args.files.list_files {
        list(args, output)
    } else if args.watch && args.files.has_stdin() {
        Err(Error::WatchStdin)
    } else if args.watch {
        watch::run(args, output)
    } else {
        once(args, output)
    }
}

/// The files that are meant, and what counts for them.
pub(super) fn begin(args: &Check) -> Result<(Targets<'_>, Configs), Error> {
    let files = &args.files;
    if files.stdin_filename.is_some() && !files.has_stdin() {
        return Err(Error::NoStdin);
    }
    let configs = Configs::new(&args.values, flags(&args.values, Some(&args.choice))?)?;
    let changed = files.changed_since.as_deref().map(Changed::since).transpose()?;
    Ok((Targets::new(files, changed), configs))
}

/// Lists the templates.
fn list(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    let (mut targets, mut configs) = begin(args)?;
    let mut exit = Exit::Clean;
    while let Some(target) = targets.next(&mut |path, by_name| configs.looks_at(path, by_name)) {
        let bytes = target.and_then(|target| Ok((target.source.read()?, target)));
        match bytes {
            Ok((bytes, target)) if lint::kind(&bytes) == FileKind::CloudFormation => {
                output.write(&format!("{}\n", sanitize::line(&target.source.name())))?;
            }
            Ok(_) => {}
            Err(error) => {
                say(&error);
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

/// Checks what was named.
pub(super) fn once(args: &Check, output: &mut Output) -> Result<Exit, Error> {
    let started = Instant::now();
    let mut summary = Summary::default();
    let mut fail = |error: &Error| {
        say(error);
        summary.failed = true;
    };
    // Mended standard input takes standard output.
    let is_filter = fix::is_filter(args);
    let (mut aside, mut mended) = (Output::aside(), None);
    let output = match &is_filter {
        Ok(true) => {
            mended = Some(output);
            &mut aside
        }
        _ => output,
    };
    let baselines = Baselines::new(args.baseline.as_deref(), args.write_baseline.as_deref());
    let baselines = baselines.map_err(|error| fail(&error)).ok();
    let begun = is_filter.and_then(|_| begin(args)).map_err(|error| fail(&error)).ok();
    // Half of what was asked for is nothing.
    let (baselines, begun) = baselines.zip(begun).unzip();
    let (targets, mut configs) = begun.unzip();
    let mut targets = targets.unwrap_or_else(|| Targets::none(&args.files));
    let mut chunk = next_chunk(&mut targets, configs.as_mut(), &mut fail);
    let mut reports = Reports::new(args, chunk.len());
    // When nothing is checked, an earlier report is worth more than an empty one.
    if configs.is_some()
        && let Err(error) = reports.open(args, chunk.len())
    {
        fail(&error);
        chunk.clear();
    }
    let mut run = Run { args, reports, summary, shares: Vec::new(), found: false };
    let live = (args.prices == PricesFrom::Live).then(Live::new);
    let (mut n_files, mut templates) = (0, Vec::new());
    let workers = Workers::new(chunk.len());
    let mut progress = Progress::new(args.quiet);
    run.reports.start(output)?;
    let formats = run.reports.formats();
    while !chunk.is_empty() {
        n_files += chunk.len();
        templates.resize(targets.folders.len(), 0);
        let mut configured = Vec::new();
        for target in &chunk {
            match configs.as_mut().map_or(Ok(None), |it| settings(it, target, args)) {
                Ok(settings) => configured.extend(settings.map(|it| (target, it))),
                Err(error) => run.fail(&error),
            }
        }
        let (formats, live, baselines) = (&formats, live.as_ref(), baselines.as_ref());
        let check = |(target, settings): &(&Target, Settings)| {
            check_one(target, args, &settings.options, baselines, live, formats)
        };
        let checked = workers.map(&configured, check);
        progress.clear();
        for ((target, settings), checked) in configured.into_iter().zip(checked) {
            if let (Some(mended), Ok(checked)) = (&mut mended, &checked) {
                mended.write_bytes(&checked.bytes)?;
            }
            let is_template = run.take(target, &settings, checked, output)?;
            if let Some(folder) = target.folder {
                templates[folder] += usize::from(is_template);
            }
        }
        progress.at(n_files);
        if !run.reports.is_wanted(output) {
            break;
        }
        chunk = next_chunk(&mut targets, configs.as_mut(), |error| run.fail(error));
    }
    drop(progress);
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

    let whole = !run.summary.failed && !output.is_closed();
    let shares = std::mem::take(&mut run.shares);
    if let Some(Err(error)) = baselines.map(|it| it.finish(shares, args.quiet, whole)) {
        run.fail(&error);
    }
    if let Some(configs) = configs.as_ref().filter(|_| !args.quiet && whole && run.looks_at_all()) {
        let walked: Vec<_> = args.files.paths.iter().filter(|it| it.is_dir()).cloned().collect();
        configs.unmatched(&walked).into_iter().for_each(note);
    }
    for (folder, n_templates) in targets.folders.iter().zip(templates) {
        if n_templates == 0 && !folder.overlaps && whole && run.looks_at_all() {
            note(format_args!("no CloudFormation template in the folder {}", folder.path));
        }
    }
    if !args.quiet && run.summary.templates > 0 {
        note_age();
    }
    if args.verbose {
        let time = started.elapsed().as_secs_f64() * 1e3;
        note(format_args!("looked at {n_files} files in {time:.0} ms"));
    }
    Ok(run.exit())
}

/// Says when what ecslint knows is too old to trust.
fn note_age() {
    let today = clock::date(clock::now());
    let date = instances::as_of();
    if is_old(date, &today) {
        note(format_args!(
            "what ecslint knows of AWS is of {date}, more than a year ago: a newer version knows more"
        ));
    }
}

/// The next files to check; what is not found or entered is told.
fn next_chunk(
    targets: &mut Targets<'_>,
    mut configs: Option<&mut Configs>,
    mut fail: impl FnMut(&Error),
) -> Vec<Target> {
    let mut res = Vec::new();
    let mut looks_at =
        |path: &Path, by_name| configs.as_mut().is_some_and(|configs| configs.looks_at(path, by_name));
    while res.len() < CHUNK {
        match targets.next(&mut looks_at) {
            Some(Ok(target)) => res.push(target),
            Some(Err(error)) => fail(&error),
            None => break,
        }
    }
    res
}

/// What counts for a file that is to be checked.
fn settings(configs: &mut Configs, target: &Target, args: &Check) -> Result<Option<Settings>, Error> {
    // A hook names whatever was changed.
    if let Source::File(path) = &target.source
        && args.files.only_templates
        && target.folder.is_none()
        && !configs.looks_at(path, true)
    {
        return Ok(None);
    }
    configs.settings(&target.source)
}

/// What has been written and found so far.
struct Run<'a> {
    args: &'a Check,
    reports: Reports,
    summary: Summary,
    shares: Vec<Share>,
    /// Something at or above `--fail-on`.
    found: bool,
}

impl Run<'_> {
    fn fail(&mut self, error: &Error) {
        say(error);
        self.summary.failed = true;
    }

    /// Whether what is not met is not there.
    fn looks_at_all(&self) -> bool {
        self.args.files.changed_since.is_none()
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
        let is_silent = target.folder.is_some() || self.args.files.only_templates;
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
        self.shares.extend(checked.share);
        self.reports.add(checked.pieces, output)?;
        Ok(is_template)
    }

    fn exit(&self) -> Exit {
        match self.found {
            _ if self.summary.failed || self.reports.failed => Exit::Failed,
            // The diff is what was asked for, whatever else there is.
            _ if self.args.fixing.diff && self.summary.fixed > 0 => Exit::Findings,
            _ if self.args.fixing.diff => Exit::Clean,
            true => Exit::Findings,
            false => Exit::Clean,
        }
    }
}

/// What is kept of a file when its bytes are gone.
struct Checked {
    kind: FileKind,
    pieces: Vec<Piece>,
    summary: Summary,
    share: Option<Share>,
    /// What was not told, and why.
    suppressed: Vec<String>,
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
    baselines: Option<&Baselines>,
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
            if args.files.only_templates {
                fixed.outcome = Outcome::other();
            }
        }
        let text = readable(&fixed.bytes);
        let share = baselines.and_then(|it| it.apply(&target.source, text, options, &mut fixed.outcome));
        let views = || lint::views::views(&fixed.bytes, learned.as_ref().unwrap_or(options), &fixed.outcome);
        let views = formats.iter().any(Format::needs_views).then(views);
        // Standard input that is mended is handed on.
        let is_stdin = matches!(target.source, Source::Stdin(_));
        let bytes = if is_stdin { fixed.bytes.clone() } else { Vec::new() };
        Checked { share, bytes, ..Checked::new(&path, fixed, views.as_ref(), formats, args.fixing.diff) }
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
            share: None,
            suppressed: Vec::new(),
            notes: Vec::new(),
            crashed: false,
            bytes: Vec::new(),
            error: None,
        }
    }

    fn new(path: &str, fixed: Fixed, views: Option<&Views>, formats: &[Format], diff: bool) -> Checked {
        let Fixed { bytes, outcome, diff: told, error } = fixed;
        let lines = Lines::new(readable(&bytes));
        let file = FileReport { path, lines: &lines, outcome: &outcome, views };
        let pieces =
            if diff { vec![Piece::Text(told)] } else { formats.iter().map(|it| it.file(&file)).collect() };
        Checked {
            kind: outcome.kind,
            pieces,
            summary: Summary::of(&outcome),
            share: None,
            suppressed: outcome.suppressed.iter().map(|it| suppressed(it, &lines)).collect(),
            crashed: outcome.diagnostics.iter().any(|it| it.code == "ECS000"),
            notes: outcome.notes,
            bytes: Vec::new(),
            error,
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
