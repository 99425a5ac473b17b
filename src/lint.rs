//! The façade: bytes in, [`Outcome`] out. No I/O, no clock, no environment, and no input makes it fail.

pub mod bill;
mod engine;
pub mod fix;
mod merge;
mod outcome;
pub mod picture;
pub mod resolved;
mod slips;
mod sniff;
pub mod story;
mod suppress;
mod verdicts;
pub mod views;

pub use outcome::{FileKind, Means, Outcome, Suppressed, Suppressor};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::prices::Prices;
use crate::diagnostic::{Finding, Severity};
use crate::model::Money;
use crate::policy::Policy;
use crate::resolve::World;
use crate::rule::{Facts, House};
use crate::rules::RULES;
use crate::syntax::{self, Node, Parse};
use crate::template::Template;
use crate::text::{NotText, Span, decode};
use engine::Found;
use suppress::{Sieve, Suppressions};

/// The largest file that is read, in bytes; CloudFormation itself takes 1 MB.
pub const MAX_BYTES: usize = 16 << 20;

/// That a rule failed and that a template cannot be read: nothing makes these less, and nothing keeps them.
pub const ALWAYS_TOLD: [&str; 2] = ["ECS000", "ECS001"];

/// What the caller decides about a check.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Parameter values by name; they win over `Default`.
    pub parameters: BTreeMap<String, String>,
    /// The region of the flag or the configuration.
    pub region: Option<String>,
    /// The region of the environment: decides about prices only.
    pub price_region: Option<String>,
    /// Prices that AWS was asked for.
    pub prices: Prices,
    /// What may be spent, in US dollars a month.
    pub budget: Option<f64>,
    /// What the project allows.
    pub house: House,
    /// The policies of the project.
    pub policies: Arc<[Policy]>,
    /// Only these codes or prefixes; empty means all.
    pub select: Vec<String>,
    /// Not these codes or prefixes.
    pub ignore: Vec<String>,
    /// Severities by code or prefix, in the place of what the rules say; of several the longest counts.
    pub severities: BTreeMap<String, Severity>,
}

impl Options {
    /// Whether the rule or policy of this code is to be run.
    #[must_use]
    pub fn runs(&self, code: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|it| code.starts_with(it.as_str()));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore)
    }

    /// The severity that the caller wants, if any. That a template cannot be read is never less than an error.
    fn severity(&self, code: &str) -> Option<Severity> {
        let wanted = self.severities.iter().filter(|(it, _)| code.starts_with(it.as_str()));
        let wanted = wanted.max_by_key(|(it, _)| it.len())?.1;
        (!ALWAYS_TOLD.contains(&code)).then_some(*wanted)
    }

    /// Whether all that rules of this code or prefix can find was looked for. With values for parameters only one of
    /// the ways in which a stack can be deployed was looked at.
    fn looks_for_all(&self, code: &str) -> bool {
        let lacks = |code: &str| match code {
            "ECS603" => self.budget.is_none(),
            "ECS609" => self.region.is_none(),
            "ECS307" => self.house.ssh_networks.is_empty(),
            "ECS614" => self.house.instance_types.is_empty(),
            "ECS615" => self.house.required_tags.is_empty(),
            _ => false,
        };
        let meant = || codes(&self.policies).filter(|it| it.starts_with(code));
        self.parameters.is_empty() && meant().all(|it| self.runs(it)) && !meant().all(lacks)
    }

    /// What decides about money.
    #[must_use]
    pub fn money(&self) -> Money<'_> {
        let region = self.region.as_deref().or(self.price_region.as_deref());
        Money { region, prices: &self.prices, budget: self.budget }
    }
}

/// The codes of all rules, then those of some policies.
pub fn codes(policies: &[Policy]) -> impl Iterator<Item = &str> + Clone {
    RULES.iter().map(|it| it.code).chain(policies.iter().map(|it| &*it.issuer.code))
}

/// Checks the bytes of one file.
///
/// Bytes that are no text, and an empty file, give ECS001 with [`FileKind::Other`] unless they look like a template;
/// a folder may pass over them, who named the file wants to hear it.
#[must_use]
pub fn check(bytes: &[u8], options: &Options) -> Outcome {
    if bytes.len() > MAX_BYTES {
        return unreadable(
            bytes,
            "the file is larger than 16 MB".to_owned(),
            0,
            "CloudFormation takes at most 1 MB",
        );
    }
    match decode(bytes) {
        Ok(source) if source.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']).is_empty() => unreadable(
            bytes,
            "the file is empty".to_owned(),
            0,
            "write a template with a section `Resources`",
        ),
        Ok(source) => check_text(source, options),
        Err(NotText::Utf16 { .. }) => {
            let help = "convert it to UTF-8: `iconv -f UTF-16 -t UTF-8 FILE > NEW`";
            unreadable(bytes, "the file is UTF-16, not UTF-8".to_owned(), 0, help)
        }
        Err(NotText::Binary(at)) => {
            let message = format!("the file is binary: byte {at} is NUL");
            unreadable(bytes, message, at, "name a template in YAML or JSON")
        }
        Err(NotText::NotUtf8(at)) => {
            let message = format!("byte {at} is not UTF-8");
            unreadable(bytes, message, at, "save the file as UTF-8")
        }
    }
}

/// Reads a template and hands it on; nothing of what is none, or cannot be read to its end.
fn read<T>(bytes: &[u8], then: impl for<'t> FnOnce(&Parse<'t>, Node<'t>) -> T) -> Option<T> {
    let source = decode(bytes).ok().filter(|it| bytes.len() <= MAX_BYTES && sniff::may_be_template(it))?;
    let parse = syntax::parse(source);
    let root = parse.tree.roots().find(|it| Template::is_one(*it)).filter(|_| !parse.is_cut())?;
    Some(then(&parse, root))
}

/// What kind of file it is, without checking it.
#[must_use]
pub fn kind(bytes: &[u8]) -> FileKind {
    match decode(bytes) {
        Ok(source) if bytes.len() <= MAX_BYTES && sniff::may_be_template(source) => {
            let parse = syntax::parse(source);
            let is_one = parse.tree.roots().any(Template::is_one) || is_broken_template(&parse, bytes);
            if is_one { FileKind::CloudFormation } else { FileKind::Other }
        }
        Ok(_) if bytes.len() <= MAX_BYTES => FileKind::Other,
        _ => kind_of_unreadable(bytes),
    }
}

/// Whether what does not parse was meant to be a template: its words stand in it.
fn is_broken_template(parse: &Parse<'_>, bytes: &[u8]) -> bool {
    parse.is_cut() && sniff::has_template_words(bytes)
}

fn check_text(source: &str, options: &Options) -> Outcome {
    if !sniff::may_be_template(source) {
        return Outcome::other();
    }
    let parse = syntax::parse(source);
    let mut roots = parse.tree.roots();
    let Some(root) = roots.find(|it| Template::is_one(*it)) else {
        if !is_broken_template(&parse, source.as_bytes()) {
            return Outcome::other();
        }
        let mut found = Found::new(Sieve::default());
        engine::check_text(&parse, options, &mut found);
        let Found { diagnostics, notes, .. } = found;
        return Outcome { notes, ..Outcome::of(FileKind::CloudFormation, diagnostics) };
    };
    let mut found = Found::new(Sieve::new(Suppressions::read(&parse, options)));
    engine::check_text(&parse, options, &mut found);
    let documents = parse.tree.roots().count();
    if documents > 1 {
        let note = format!("only one of the {documents} documents was checked: the first that is a template");
        found.notes.insert(0, note);
    }
    let (mut fleets, mut effort) = (Vec::new(), 0);
    if !parse.is_cut() {
        let template = Template::new(root);
        let world = World::new(template, options.parameters.clone(), options.region.clone());
        let facts = Facts::new(&parse, &world, options.money()).in_house(&options.house);
        engine::check_template(&facts, options, &mut found);
        found.notes.extend(slips::notes(&world.template, options));
        let failures = &mut found.diagnostics;
        fleets = engine::or_nothing("the verdict on the fleets", failures, || verdicts::fleets(&facts));
        // Whatever they cost, they take nothing from what went before.
        engine::check_policies(&facts, options, &mut found);
        engine::note_bounds(&facts, &mut found);
        effort = world.effort();
    }
    engine::check_suppressions(options, parse.is_cut(), &mut found);
    let Found { mut diagnostics, notes, sieve, .. } = found;
    let mut suppressed = sieve.finish();
    let all = diagnostics.iter_mut().chain(suppressed.iter_mut().map(|it| &mut it.diagnostic));
    for diagnostic in all {
        diagnostic.severity = options.severity(&diagnostic.code).unwrap_or(diagnostic.severity);
    }
    let mut res =
        Outcome { suppressed, fleets, notes, effort, ..Outcome::of(FileKind::CloudFormation, diagnostics) };
    res.policies = Arc::clone(&options.policies);
    res.sort();
    res
}

/// The outcome for bytes that cannot be read as a template.
fn unreadable(bytes: &[u8], message: String, at: usize, help: &str) -> Outcome {
    let kind = kind_of_unreadable(bytes);
    // Of a template the byte is shown; of what is none, there are no words to show.
    let at = if kind == FileKind::CloudFormation { at.min(MAX_BYTES) } else { 0 };
    let finding = Finding::at(Span::at(at), message).help(help);
    let rule = crate::rules::find("ECS001").expect("internal error: ECS001 is a rule");
    Outcome::of(kind, vec![engine::diagnostic(&rule.issuer(), finding, None)])
}

fn kind_of_unreadable(bytes: &[u8]) -> FileKind {
    if sniff::has_words(bytes) || sniff::may_be_template_in_utf16(bytes) {
        FileKind::CloudFormation
    } else {
        FileKind::Other
    }
}
