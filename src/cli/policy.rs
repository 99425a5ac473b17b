//! Files with policies, and `ecslint policy test`: whether policies find what their examples say.

use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{PolicyCommand, PolicyTest};
use super::config::{Configs, broken, flags};
use super::error::{Error, Shown};
use super::output::Output;
use super::read::{Source, read_file};
use crate::config::{By, Config, FILE_NAME, MAX_BYTES, policies};
use crate::lint::{self, ALWAYS_TOLD, FileKind, Options};
use crate::policy::{Example, Policy};
use crate::report::sanitize;
use crate::text::{Lines, Span};

/// A configuration has its policies in no more files than this.
const MOST_FILES: usize = 100;

/// A file, and the policies in it.
pub(super) struct PolicyFile {
    path: PathBuf,
    text: String,
    pub(super) policies: Vec<Policy>,
}

impl PolicyFile {
    fn read(path: PathBuf) -> Result<PolicyFile, Error> {
        let text = text(&path)?;
        match policies::parse(&text) {
            Ok(policies) => Ok(PolicyFile { path, text, policies }),
            Err(problems) => Err(broken(&path, &text, &problems)),
        }
    }

    fn place(&self, span: Span) -> String {
        let at = Lines::new(&self.text).position(span.start);
        format!("{}:{}:{}", sanitize::short(&self.path.to_string_lossy(), 300), at.line, at.column)
    }
}

/// The text of a file that a person wrote.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    let bytes = read_file(path, MAX_BYTES)?;
    let bad = |message: &str| Error::InFile {
        path: Shown::new(path),
        line: 1,
        column: 1,
        message: message.to_owned(),
    };
    if bytes.len() > MAX_BYTES {
        return Err(bad("the file is larger than 1 MB"));
    }
    String::from_utf8(bytes).map_err(|_| bad("the file is no text in UTF-8"))
}

/// Reads the files that a configuration at `path` names, and adds their policies to it.
pub(super) fn adopt(config: &mut Config, path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut n_files = 0;
    for named in config.policies.files().to_vec() {
        let at = folder.join(named.value.as_str());
        let By::Text(span) = named.by else { continue };
        let told = |message: String| broken(path, text, &[crate::config::Problem { span, message }]);
        let files = files(&at).map_err(|error| told(error.to_string()))?;
        n_files += files.len();
        if n_files > MOST_FILES {
            return Err(told(format!("there are more than {MOST_FILES} files with policies")));
        }
        for file in files {
            let file = PolicyFile::read(file)?;
            let adopted = config.policies.adopt(&file.policies);
            adopted.map_err(|problems| broken(&file.path, &file.text, &problems))?;
        }
    }
    Ok(())
}

/// A file, or the YAML files right in a folder by their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let of_path = |error| Error::of_path(path, error);
    if !std::fs::metadata(path).map_err(of_path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut res = Vec::new();
    for entry in std::fs::read_dir(path).map_err(of_path)? {
        let file = entry.map_err(of_path)?.path();
        let is_yaml = file.extension().is_some_and(|it| it == "yml" || it == "yaml");
        if is_yaml && file.is_file() {
            res.push(file);
        }
        if res.len() > MOST_FILES {
            break;
        }
    }
    res.sort();
    Ok(res)
}

/// Runs one of the commands about policies.
pub(super) fn run(command: &PolicyCommand, output: &mut Output) -> Result<Exit, Error> {
    match command {
        PolicyCommand::Test(args) => test(args, output),
    }
}

/// Runs the examples of policies.
fn test(args: &PolicyTest, output: &mut Output) -> Result<Exit, Error> {
    let files = wanted(args)?;
    let (mut n_policies, mut n_examples, mut n_wrong) = (0, 0, 0);
    for file in &files {
        for policy in &file.policies {
            n_policies += 1;
            for example in &policy.examples {
                n_examples += 1;
                if let Some((span, what)) = try_example(policy, example) {
                    n_wrong += 1;
                    let code = &policy.issuer.code;
                    output.write(&format!(
                        "{}: {code}: {}\n",
                        file.place(span),
                        sanitize::short(&what, 600)
                    ))?;
                }
            }
            if policy.examples.is_empty() {
                let code = &policy.issuer.code;
                super::output::note(format_args!("{}: {code} has no examples", file.place(policy.span)));
            }
        }
    }
    let count = |n, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let of = format!(
        "{} of {}",
        count(n_examples, "example", "examples"),
        count(n_policies, "policy", "policies")
    );
    let all = match n_wrong {
        0 => format!("{of}: all as said\n"),
        n => format!("{of}: {n} {} not as said\n", if n == 1 { "is" } else { "are" }),
    };
    output.write(&all)?;
    Ok(if n_wrong == 0 { Exit::Clean } else { Exit::Findings })
}

/// The policies that are named, else those of the configuration that counts here.
fn wanted(args: &PolicyTest) -> Result<Vec<PolicyFile>, Error> {
    let mut res = Vec::new();
    for path in &args.files {
        if path.file_name().is_some_and(|it| it == FILE_NAME) {
            res.extend(of_config(path)?);
            continue;
        }
        for file in files(path)? {
            res.push(PolicyFile::read(file)?);
        }
    }
    if args.files.is_empty() {
        let values = super::args::Values { config: args.config.clone(), ..Default::default() };
        let mut configs = Configs::new(&values, flags(&values, None)?)?;
        match configs.path_for(&Source::Stdin(None))? {
            Some(path) => res.extend(of_config(&path)?),
            None => return Err(Error::NoPolicies),
        }
    }
    if res.iter().all(|it| it.policies.is_empty()) {
        return Err(Error::NoPolicies);
    }
    Ok(res)
}

/// The policies of a configuration, each with its file.
fn of_config(path: &Path) -> Result<Vec<PolicyFile>, Error> {
    let text = text(path)?;
    let mut config = crate::config::parse(&text).map_err(|problems| broken(path, &text, &problems))?;
    let own = config.policies.all().to_vec();
    // Two of one code are wrong here too.
    adopt(&mut config, path, &text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = config.policies.files().iter().map(|it| folder.join(it.value.as_str()));
    let mut res = vec![PolicyFile { path: path.to_owned(), text, policies: own }];
    for at in named {
        for file in files(&at)? {
            res.push(PolicyFile::read(file)?);
        }
    }
    Ok(res)
}

/// What an example gives that it does not say, and where.
fn try_example(policy: &Policy, example: &Example) -> Option<(Span, String)> {
    let whole = example.span;
    let unreadable = ALWAYS_TOLD.map(str::to_owned);
    let options = Options {
        policies: [policy.clone()].into(),
        select: [&unreadable[..], &[policy.issuer.code.to_string()]].concat(),
        ..Options::default()
    };
    let outcome = lint::check(example.text.as_bytes(), &options);
    let at = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        example.map.to_source(start, end).unwrap_or(whole)
    };
    let told = outcome.diagnostics.first();
    if let Some(it) = outcome.diagnostics.iter().find(|it| ALWAYS_TOLD.contains(&&*it.code)) {
        return Some((at(it.finding.span), format!("this example cannot be read: {}", it.finding.message)));
    }
    match (told, example.is_good) {
        _ if outcome.kind == FileKind::Other => {
            Some((whole, "this example is no CloudFormation template".to_owned()))
        }
        (Some(it), true) => {
            Some((at(it.finding.span), format!("found in a good example: {}", it.finding.message)))
        }
        (None, false) => {
            Some((whole, "nothing is found in this bad example, or only deployment can tell".to_owned()))
        }
        _ => None,
    }
}
