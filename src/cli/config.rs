//! The configuration of each file: the one that is named, else the nearest in the folders above it; and the command
//! that shows it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::args::{self, Choice, ConfigArgs, Values};
use super::error::{Error, Shown};
use super::output::Output;
use super::read::Source;
use super::{Exit, parameters, policy, variable};
use crate::config::{
    self, By, Code, Config, FILE_NAME, FailOn, Map, Name, Pattern, Problem, Region, Said, Value as _,
};
use crate::diagnostic::Severity;
use crate::lint::Options;
use crate::report::sanitize;
use crate::text::{Lines, Span};

/// What the arguments say, and the configurations that were met.
pub(super) struct Configs {
    flags: Config,
    price_region: Option<String>,
    named: Option<Rc<Loaded>>,
    /// The file that counts for a folder; an empty path where there is none.
    found: HashMap<PathBuf, PathBuf>,
    /// By file; where it is broken the reason, until it has been said.
    loaded: HashMap<PathBuf, Result<Rc<Loaded>, Option<Error>>>,
    /// The patterns that some file matched: of which configuration, and where they stand.
    matched: HashSet<(PathBuf, Span)>,
}

/// A configuration, with the flags over it.
struct Loaded {
    /// The file, its folder and its text; none where there is no file.
    path: PathBuf,
    folder: PathBuf,
    text: String,
    config: Config,
    options: Arc<Options>,
}

/// What counts for one file.
pub(super) struct Settings {
    pub(super) options: Arc<Options>,
    /// The least severity for exit code 1.
    pub(super) fail_on: FailOn,
}

impl Configs {
    /// Reads the configuration that is named.
    pub(super) fn new(values: &Values, flags: Config) -> Result<Configs, Error> {
        let mut res = Configs {
            flags,
            price_region: environment_region().map(|it| it.1),
            named: None,
            found: HashMap::new(),
            loaded: HashMap::new(),
            matched: HashSet::new(),
        };
        if let Some(path) = &values.config {
            res.named = Some(Rc::new(res.load(Some(path))?));
        }
        Ok(res)
    }

    /// What counts for a file. `None` when it was said before why it is not known.
    pub(super) fn settings(&mut self, source: &Source) -> Result<Option<Settings>, Error> {
        let loaded = match self.loaded(source) {
            Ok(loaded) => loaded,
            Err(reason) => return reason.take().map_or(Ok(None), Err),
        };
        let mut options = Arc::clone(&loaded.options);
        if let Some(path) = source.path() {
            for (pattern, codes) in loaded.config.per_file_ignores.iter() {
                if self.matches(&loaded, pattern, path) {
                    let codes = codes.iter().map(|it| it.value.as_str().to_owned());
                    Arc::make_mut(&mut options).ignore.extend(codes);
                }
            }
        }
        let fail_on =
            loaded.config.fail_on.as_ref().map_or(FailOn::AtLeast(Severity::Warning), |it| it.value);
        Ok(Some(Settings { options, fail_on }))
    }

    /// The configuration that counts for a file, if there is one.
    pub(super) fn path_for(&mut self, source: &Source) -> Result<Option<PathBuf>, Error> {
        match self.loaded(source) {
            Ok(loaded) => Ok(Some(loaded.path.clone()).filter(|it| !it.as_os_str().is_empty())),
            Err(reason) => reason.take().map_or(Ok(None), Err),
        }
    }

    /// Whether a file is to be looked at that a folder has; `by_name` is what its name says. Where the configuration
    /// is broken it is, so that somebody hears of it.
    pub(super) fn looks_at(&mut self, path: &Path, by_name: bool) -> bool {
        let Ok(loaded) = self.loaded(&Source::File(path.to_owned())) else { return by_name };
        let mut any = |patterns: &[Said<Pattern>]| {
            // Each is tried: one that matches nothing is told.
            patterns.iter().filter(|it| self.matches(&loaded, it, path)).count() > 0
        };
        let included = if loaded.config.include.is_empty() { by_name } else { any(&loaded.config.include) };
        included && !any(&loaded.config.exclude)
    }

    /// The patterns that no file matched, of the configurations whose whole folder was walked.
    pub(super) fn unmatched(&self, walked: &[PathBuf]) -> Vec<String> {
        let mut all: Vec<_> = self.named.iter().chain(self.loaded.values().flatten()).collect();
        all.sort_by(|left, right| left.path.cmp(&right.path));
        let walked: Vec<_> = walked.iter().map(|it| absolute(it)).collect();
        let mut res = Vec::new();
        for loaded in all.into_iter().filter(|it| walked.iter().any(|root| it.folder.starts_with(root))) {
            let config = &loaded.config;
            let per_file = config.per_file_ignores.iter().map(|it| it.0);
            for pattern in config.include.iter().chain(&config.exclude).chain(per_file) {
                let By::Text(span) = pattern.by else { continue };
                if !self.matched.contains(&(loaded.path.clone(), span)) {
                    let pattern = sanitize::short(pattern.value.as_str(), 100);
                    res.push(format!("{}: no file matches `{pattern}`", loaded.place(span)));
                }
            }
        }
        res
    }

    /// The files that were read, and those that would be if they were there.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let named = self.named.iter().map(|it| it.path.as_path());
        named.chain(self.loaded.keys().map(PathBuf::as_path)).filter(|it| !it.as_os_str().is_empty())
    }

    fn matches(&mut self, loaded: &Loaded, pattern: &Said<Pattern>, path: &Path) -> bool {
        let path = absolute(path);
        let inside = path.strip_prefix(&loaded.folder).is_ok_and(|it| pattern.value.matches(it));
        if let (true, By::Text(span)) = (inside, pattern.by) {
            self.matched.insert((loaded.path.clone(), span));
        }
        inside
    }

    /// What counts for a file, or the reason why that is not known.
    fn loaded(&mut self, source: &Source) -> Result<Rc<Loaded>, &mut Option<Error>> {
        if let Some(named) = &self.named {
            return Ok(Rc::clone(named));
        }
        let folder = folder_of(source);
        let path = self.found.entry(folder).or_insert_with_key(|folder| {
            let mut all = folder.ancestors().map(|it| it.join(FILE_NAME));
            all.find(|it| it.is_file()).unwrap_or_default()
        });
        let path = path.clone();
        if !self.loaded.contains_key(&path) {
            let loaded = self.load(Some(path.as_path()).filter(|it| !it.as_os_str().is_empty()));
            self.loaded.insert(path.clone(), loaded.map(Rc::new).map_err(Some));
        }
        match self.loaded.get_mut(&path).expect("internal error: just put there") {
            Ok(loaded) => Ok(Rc::clone(loaded)),
            Err(reason) => Err(reason),
        }
    }

    /// Reads a configuration and lays the flags over it.
    fn load(&self, path: Option<&Path>) -> Result<Loaded, Error> {
        let (config, text) = path.map(load).transpose()?.unwrap_or_default();
        let config = self.flags.clone().over(config);
        if let Some((by, message)) = config.unknown_codes().into_iter().next() {
            return Err(match (by, path) {
                (By::Text(span), Some(path)) => broken(path, &text, &[Problem { span, message }]),
                (By::Flag(flag), _) => Error::Flag { flag, message },
                (By::Text(_), None) => Error::Flag { flag: "--config", message },
            });
        }
        let options = Options { price_region: self.price_region.clone(), ..config.options() };
        let path = path.unwrap_or(Path::new("")).to_owned();
        let folder = absolute(&path).parent().unwrap_or(Path::new("")).to_owned();
        Ok(Loaded { path, folder, text, config, options: Arc::new(options) })
    }
}

impl Loaded {
    fn place(&self, span: Span) -> String {
        let line = Lines::new(&self.text).position(span.start).line;
        format!("{}:{line}", sanitize::short(&self.path.to_string_lossy(), 300))
    }
}

/// Prints what counts for a file, or the schema of configurations.
pub(super) fn run(args: &ConfigArgs, output: &mut Output) -> Result<Exit, Error> {
    if args.schema {
        output.write(&config::schema())?;
        return Ok(Exit::Clean);
    }
    let mut path = args.path.clone();
    match std::fs::metadata(&path) {
        Ok(meta) if meta.is_dir() => path.push(FILE_NAME),
        Ok(_) => {}
        Err(error) => return Err(Error::of_path(&path, error)),
    }
    let mut configs = Configs::new(&args.values, flags(&args.values, Some(&args.choice))?)?;
    let loaded = match configs.loaded(&Source::File(path)) {
        Ok(loaded) => loaded,
        Err(reason) => return reason.take().map_or(Ok(Exit::Failed), Err),
    };
    output.write(&shown(&loaded))?;
    Ok(Exit::Clean)
}

/// The configuration as YAML, with who said each value.
fn shown(loaded: &Loaded) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut config = loaded.config.clone();
    // What is typed or piped in may be secret; what stands in the configuration does so already.
    for value in config.parameters.values_mut().flatten().filter(|it| matches!(it.by, By::Flag(_))) {
        value.value = "****".to_owned();
    }
    for line in config.show() {
        let by = match line.by {
            Some(By::Text(span)) => loaded.place(span),
            Some(By::Flag(name)) => name.to_owned(),
            None => String::new(),
        };
        lines.push((sanitize::line(&format!("{}{}", "  ".repeat(line.depth), line.text)).into_owned(), by));
    }
    if loaded.config.fail_on.is_none() {
        let fail_on = FailOn::AtLeast(Severity::Warning).show();
        lines.push((format!("fail-on: {fail_on}"), "default".to_owned()));
    }
    if let (None, Some((name, region))) = (&loaded.config.region, environment_region()) {
        // It decides about prices only, so it is not the region of a configuration.
        lines.push((format!("# prices of {region}"), name.to_owned()));
    }
    let width = lines.iter().map(|it| it.0.chars().count()).filter(|it| *it < 50).max().unwrap_or(0);
    let line = |(text, by): (String, String)| {
        if by.is_empty() { format!("{text}\n") } else { format!("{text:<width$}  # {by}\n") }
    };
    lines.into_iter().map(line).collect()
}

/// What the flags say.
pub(super) fn flags(values: &Values, choice: Option<&Choice>) -> Result<Config, Error> {
    let codes = |list: &[String], flag| {
        list.iter().map(|it| Said { value: Code::new(it.as_str()), by: By::Flag(flag) }).collect()
    };
    let mut parameters = Map::default();
    let mut set = |name: String, value, flag| {
        let by = By::Flag(flag);
        parameters.set(Said { value: Name::new(name), by }, Some(Said { value, by }));
    };
    for path in &values.parameters {
        parameters::load(path)?.into_iter().for_each(|(name, value)| set(name, value, "--parameters"));
    }
    values.parameter.iter().cloned().for_each(|(name, value)| set(name, value, "--parameter"));
    let region = values.region.as_ref();
    Ok(Config {
        select: choice.map(|it| codes(&it.select, "--select")).unwrap_or_default(),
        ignore: choice.map(|it| codes(&it.ignore, "--ignore")).unwrap_or_default(),
        fail_on: choice.and_then(|it| it.fail_on).map(|it| Said {
            value: it.severity().map_or(FailOn::Never, FailOn::AtLeast),
            by: By::Flag("--fail-on"),
        }),
        region: region.map(|it| Said { value: Region::new(it.as_str()), by: By::Flag("--region") }),
        parameters,
        ..Config::default()
    })
}

/// The region that the aws CLI would use, when it has the form of one, and the variable that says so.
fn environment_region() -> Option<(&'static str, String)> {
    let told = |name| Some((name, variable(name).and_then(|it| args::region(&it).ok())?));
    ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(told)
}

/// The folder of a file. A link above may lead elsewhere: the folders are those that were named.
fn folder_of(source: &Source) -> PathBuf {
    let file = source.path().and_then(Path::parent).unwrap_or(Path::new(""));
    absolute(&Path::new(".").join(file))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn load(path: &Path) -> Result<(Config, String), Error> {
    let text = policy::text(path)?;
    let mut config = config::parse(&text).map_err(|problems| broken(path, &text, &problems))?;
    policy::adopt(&mut config, path, &text)?;
    Ok((config, text))
}

/// What is wrong with a file: the first problem, and how many more there are.
pub(super) fn broken(path: &Path, text: &str, problems: &[Problem]) -> Error {
    let first = problems.first();
    let place = Lines::new(text).position(first.map_or(0, |it| it.span.start));
    let mut message = first.map(|it| it.message.clone()).unwrap_or_default();
    if problems.len() > 1 {
        message.push_str(&format!(" (and {} more)", problems.len() - 1));
    }
    Error::InFile { path: Shown::new(path), line: place.line, column: place.column, message }
}
