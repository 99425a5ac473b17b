//! The façade: bytes in, [`Outcome`] out. No I/O, no clock, no environment, and no input makes it fail.

pub mod bill;
mod engine;
pub mod fix;
mod merge;
mod outcome;
mod sniff;
pub mod story;
mod verdicts;

pub use outcome::{FileKind, Outcome};

use std::collections::BTreeMap;

use crate::catalog::prices::Prices;
use crate::diagnostic::{Diagnostic, Finding};
use crate::model::Money;
use crate::resolve::World;
use crate::rule::{Facts, Rule};
use crate::syntax;
use crate::template::Template;
use crate::text::{NotText, Span, decode};

/// The largest file that is read, in bytes; CloudFormation itself takes 1 MB.
pub const MAX_BYTES: usize = 16 << 20;

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
    /// Only these codes or prefixes; empty means all.
    pub select: Vec<String>,
    /// Not these codes or prefixes.
    pub ignore: Vec<String>,
}

impl Options {
    /// Whether a rule is to be run.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| list.iter().any(|it| rule.code.starts_with(it.as_str()));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore)
    }

    /// What decides about money.
    #[must_use]
    pub fn money(&self) -> Money<'_> {
        let region = self.region.as_deref().or(self.price_region.as_deref());
        Money { region, prices: &self.prices, budget: self.budget }
    }
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

fn check_text(source: &str, options: &Options) -> Outcome {
    if !sniff::may_be_template(source.as_bytes()) {
        return Outcome::other();
    }
    let parse = syntax::parse(source);
    let mut roots = parse.tree.roots();
    let Some(root) = roots.find(|it| Template::is_one(*it)) else {
        // What does not parse is a template when its words stand in it.
        if !(parse.is_cut() && sniff::has_template_words(source.as_bytes())) {
            return Outcome::other();
        }
        let engine::Found { diagnostics, notes } = engine::check_text(&parse, options);
        return Outcome { kind: FileKind::CloudFormation, diagnostics, notes, ..Outcome::other() };
    };
    let mut found = engine::check_text(&parse, options);
    let documents = parse.tree.roots().count();
    if documents > 1 {
        let note = format!("only one of the {documents} documents was checked: the first that is a template");
        found.notes.insert(0, note);
    }
    let (mut fleets, mut effort) = (Vec::new(), 0);
    if !parse.is_cut() {
        let template = Template::new(root);
        let world = World::new(template, options.parameters.clone(), options.region.clone());
        let facts = Facts::new(&parse, &world, options.money());
        engine::check_template(&facts, options, &mut found);
        let failures = &mut found.diagnostics;
        fleets = engine::or_nothing("the verdict on the fleets", failures, || verdicts::fleets(&facts));
        effort = world.effort();
    }
    let engine::Found { mut diagnostics, notes } = found;
    diagnostics.sort_by(|left, right| {
        let key = |it: &Diagnostic| (it.finding.span.start, it.code, it.finding.span.end);
        key(left).cmp(&key(right)).then_with(|| left.finding.message.cmp(&right.finding.message))
    });
    Outcome { kind: FileKind::CloudFormation, diagnostics, fleets, notes, effort, ..Outcome::other() }
}

/// The outcome for bytes that cannot be read as a template.
fn unreadable(bytes: &[u8], message: String, at: usize, help: &str) -> Outcome {
    let finding = Finding::at(Span::at(at.min(MAX_BYTES)), message).help(help);
    let rule = crate::rules::find("ECS001").expect("internal error: ECS001 is a rule");
    let kind = if sniff::may_be_template(bytes) || sniff::may_be_template_in_utf16(bytes) {
        FileKind::CloudFormation
    } else {
        FileKind::Other
    };
    let diagnostics = vec![engine::diagnostic(rule, finding, None)];
    Outcome { kind, diagnostics, ..Outcome::other() }
}
