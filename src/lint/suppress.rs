//! What a template says not to tell: comments, comments of its scripts, and metadata.
//!
//! Invariants: a text without the word `ecslint` costs one search; an ignore without a reason, or with a code that
//! nobody has, is told (ECS018), and so is one that ignores nothing (ECS019); what keeps a template from being read,
//! and what is said about the ignores themselves, is always told; no verdict on a fleet changes.

mod comments;
mod metadata;

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;

use super::outcome::{Means, Suppressed, Suppressor};
use super::{ALWAYS_TOLD, Options, codes};
use crate::diagnostic::{Diagnostic, Finding, USED_HERE};
use crate::policy::Policy;
use crate::syntax::{Node, Parse, Style};
use crate::template::Template;
use crate::text::{Span, near};

/// What is said about the ignores themselves.
const ABOUT_IGNORES: [&str; 2] = ["ECS018", "ECS019"];

/// More ignores than this are not read: nobody has that many reasons.
const MOST: usize = 1000;

/// All that a template says not to tell.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    ignores: Vec<Ignore>,
    malformed: Vec<Finding>,
    /// Their codes can be ignored too.
    policies: Arc<[Policy]>,
    /// More were written than are read, which has been said.
    full: bool,
    /// Of each block of text the start, and the start of the line with its `|` or `>`.
    blocks: Vec<(u32, u32)>,
}

/// One code that is not to be told somewhere.
#[derive(Debug)]
struct Ignore {
    /// A code, or how codes begin.
    code: String,
    /// Where it stands.
    span: Span,
    reason: Option<String>,
    means: Means,
    scope: Scope,
    used: Cell<bool>,
}

/// Where an [`Ignore`] counts.
#[derive(Clone, Debug)]
enum Scope {
    File,
    Line(Span),
    Resource { id: String, span: Span },
}

/// An ignore as it is written, before its codes are looked at.
struct Written<'s> {
    /// What a finding about the whole of it points at.
    span: Span,
    codes: Vec<(&'s str, Span)>,
    reason: &'s str,
    means: Means,
    scope: Scope,
}

impl Suppressions {
    /// Reads what the text says not to tell.
    pub(super) fn read(parse: &Parse<'_>, options: &Options) -> Suppressions {
        let policies = Arc::clone(&options.policies);
        let mut res = Suppressions { policies, ..Suppressions::default() };
        let source = parse.tree.source();
        if memchr::memmem::find(source.as_bytes(), b"ecslint").is_none() {
            return res;
        }
        comments::read(&parse.tree, &mut res);
        let mut roots = parse.tree.roots();
        if let Some(root) = roots.find(|it| Template::is_one(*it)) {
            metadata::read(root, &mut res);
        }
        if !res.ignores.is_empty() {
            let is_block = |it: &Node<'_>| matches!(it.style(), Style::Literal | Style::Folded);
            let blocks = parse.tree.nodes().filter(is_block).map(|it| it.span().start);
            res.blocks = blocks.map(|it| (it, comments::line_before(source, it))).collect();
        }
        res
    }

    /// Whether no more is read; said at the first place that is not.
    fn is_full(&mut self, next: Span) -> bool {
        if !self.full && self.ignores.len() + self.malformed.len() >= MOST {
            self.full = true;
            let finding = Finding::at(next, format!("only the first {MOST} ignores are read"));
            self.malformed.push(finding.help("ignore rules for the whole template with `ignore-file`"));
        }
        self.full
    }

    /// Takes an ignore to heart, and says what is wrong with it.
    fn add(&mut self, written: Written<'_>) {
        let Written { span, codes: written, reason, means, scope } = written;
        let has_reason = reason.contains(char::is_alphanumeric);
        let reason = has_reason.then(|| reason.to_owned());
        if written.is_empty() {
            let finding = Finding::at(span, "it names no code, so it ignores nothing");
            self.malformed.push(finding.help("name the rules: `ignore[ECS303] WHY`"));
        } else if !has_reason {
            let names: Vec<_> = written.iter().map(|(code, _)| format!("`{code}`")).collect();
            let finding =
                Finding::at(span, format!("it does not say why {} is ignored", names.join(" and ")));
            self.malformed.push(finding.help(match means {
                Means::Metadata => "add a `reason`",
                Means::Comment | Means::Baseline => "write the reason behind the bracket",
            }));
        }
        let policies = Arc::clone(&self.policies);
        for (raw, span) in written {
            let code = raw.to_ascii_uppercase();
            if is_always_told(&code) {
                let finding = Finding::at(span, format!("`{code}` cannot be ignored in a template"));
                self.malformed.push(finding.help("take it out, and mend what the rule finds"));
            } else if code.is_empty() || !codes(&policies).any(|it| it.starts_with(&code)) {
                let help = match near(&code, codes(&policies), 1).first() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`ecslint rules` lists all codes".to_owned(),
                };
                self.malformed.push(Finding::at(span, format!("no rule has the code `{raw}`")).help(help));
            } else {
                let (reason, scope, used) = (reason.clone(), scope.clone(), Cell::new(false));
                self.ignores.push(Ignore { code, span, reason, means, scope, used });
            }
        }
    }

    /// What says not to tell this. Where the words came through a parameter, it may stand at either place.
    fn suppressor(&self, diagnostic: &Diagnostic) -> Option<Suppressor> {
        if is_always_told(&diagnostic.code) {
            return None;
        }
        let holds = |it: &&Ignore| {
            let places = places(&diagnostic.finding);
            diagnostic.code.starts_with(&it.code)
                && match &it.scope {
                    Scope::File => true,
                    Scope::Line(line) => places.into_iter().any(|it| overlap(self.with_head(it), *line)),
                    Scope::Resource { id, span } => {
                        diagnostic.finding.resource.as_ref() == Some(id)
                            || places.into_iter().any(|it| overlap(it, *span))
                    }
                }
        };
        let mut res = None;
        for it in self.ignores.iter().filter(holds) {
            it.used.set(true);
            res.get_or_insert_with(|| Suppressor {
                means: it.means,
                span: Some(it.span),
                reason: it.reason.clone(),
            });
        }
        res
    }

    /// A block of text begins with the line of its `|`.
    fn with_head(&self, span: Span) -> Span {
        match self.blocks.binary_search_by_key(&span.start, |it| it.0) {
            Ok(idx) => Span { start: self.blocks[idx].1, end: span.end },
            Err(_) => span,
        }
    }

    /// What is wrong with them (ECS018).
    pub(super) fn malformed(&self) -> Vec<Finding> {
        self.malformed.clone()
    }

    /// Those that ignore nothing (ECS019); `may_be_found` says whether all findings of a code were looked for.
    pub(super) fn unused(&self, may_be_found: impl Fn(&str) -> bool) -> Vec<Finding> {
        let unused = self.ignores.iter().filter(|it| !it.used.get() && may_be_found(&it.code));
        let finding = |it: &Ignore| {
            let place = match &it.scope {
                Scope::File => "in this template".to_owned(),
                Scope::Line(_) => "on this line".to_owned(),
                Scope::Resource { id, .. } => format!("in `{id}`"),
            };
            Finding::at(it.span, format!("`{}` finds nothing {place}", it.code))
                .help("take it out: it would hide what comes later")
        };
        unused.map(finding).collect()
    }
}

fn is_always_told(code: &str) -> bool {
    ALWAYS_TOLD.contains(&code) || ABOUT_IGNORES.contains(&code)
}

/// The words, and the places where they are used.
fn places(finding: &Finding) -> impl IntoIterator<Item = Span> {
    let used = finding.because.iter().filter(|(_, label)| label == USED_HERE).map(|it| it.0);
    std::iter::once(finding.span).chain(used)
}

/// Whether two stretches share a byte; an empty one stands for the byte behind it.
fn overlap(left: Span, right: Span) -> bool {
    let end = |it: Span| it.end.max(it.start + 1);
    left.start < end(right) && right.start < end(left)
}

/// Lets pass what is to be told, and keeps the rest.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    suppressions: Suppressions,
    suppressed: Vec<Suppressed>,
}

impl Sieve {
    pub(super) fn new(suppressions: Suppressions) -> Sieve {
        Sieve { suppressions, suppressed: Vec::new() }
    }

    /// What says not to tell.
    pub(super) fn suppressions(&self) -> &Suppressions {
        &self.suppressions
    }

    /// The diagnostic, if it is to be told.
    pub(super) fn pass(&mut self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        let Some(by) = self.suppressions.suppressor(&diagnostic) else { return Some(diagnostic) };
        self.suppressed.push(Suppressed { diagnostic, by });
        None
    }

    /// What was kept: the same statement about the same words once.
    pub(super) fn finish(self) -> Vec<Suppressed> {
        let mut seen = HashSet::new();
        let mut res = self.suppressed;
        res.retain(|Suppressed { diagnostic: it, .. }| {
            seen.insert((it.code.clone(), it.finding.span, it.finding.message.clone()))
        });
        res
    }
}
