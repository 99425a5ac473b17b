//! Fixes applied: text and what was found go in, mended text comes out, with what was done to it and what was not.
//!
//! It goes in rounds: what does not overlap is applied at once, the text is checked again, and what is left waits for
//! the next round. A round is taken only when the text still reads as a template, what was to be mended is mended, no
//! error on the shape of the template (ECS0xx) is new, and there are no more errors than before: one that was hidden may
//! take the place of what hid it. Else each fix is tried alone, and what fails is refused with the reason.
//!
//! Invariants: no I/O; the text outside of the edits is the same byte for byte; the rounds end ([`MAX_ROUNDS`],
//! [`MAX_CHECKS`], [`MAX_EFFORT`]), whatever the fixes say.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::{FileKind, Options, Outcome, check};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use crate::resolve::MAX_EFFORT;
use crate::rule::MAX_FINDINGS;
use crate::text::decode;

/// No text needs more rounds: a fix may unmask a mistake that another one mends.
pub const MAX_ROUNDS: usize = 16;

/// How often one text is checked again; then no more fixes are tried.
pub const MAX_CHECKS: usize = 100;

/// A text with its fixes applied.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The text; `None` where nothing changed.
    pub text: Option<String>,
    /// What was found in the text as it is now; [`Outcome::fixed`] says what was applied.
    pub outcome: Outcome,
    /// What was tried and not taken.
    pub refused: Vec<Refused>,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// `ECS201`
    pub code: Cow<'static, str>,
    /// `signals-unknown-resource`
    pub name: Cow<'static, str>,
    /// What it did: "signal `Nodes`".
    pub title: String,
    /// What it promised.
    pub safety: Safety,
    /// Which step it was part of, from 0: those of one step went into the same text.
    pub step: usize,
    /// The edits, in the text of its step.
    pub edits: Vec<Edit>,
}

/// A fix that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// `ECS201`
    pub code: Cow<'static, str>,
    /// What it would have done.
    pub title: String,
    /// Why not, in a few words.
    pub why: String,
}

/// A fix with the finding that offers it.
type Candidate<'a> = (&'a Diagnostic, &'a Fix);

/// A finding as one knows it again after an edit has moved it.
type Key = (Cow<'static, str>, Option<String>, String);

/// Applies all fixes that promise at least `least`, until none is left. Fixes that are only shown are never applied but
/// where `least` says so, which is for tests of what they say.
#[must_use]
pub fn mend(bytes: &[u8], options: &Options, least: Safety) -> Mended {
    let outcome = check(bytes, options);
    let nothing = |outcome| Mended { text: None, outcome, refused: Vec::new() };
    let Ok(source) = decode(bytes) else { return nothing(outcome) };
    if outcome.kind == FileKind::Other {
        return nothing(outcome);
    }
    let mut mending = Mending::new(source, outcome, options, least);
    for _ in 0..MAX_ROUNDS {
        if !mending.round() {
            break;
        }
    }
    mending.finish(source)
}

/// The text with some edits, which are in order and do not overlap. What lies outside of the text is left out.
#[must_use]
pub fn apply<'e>(source: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut res = String::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let Some(between) = source.get(done..start).filter(|_| source.get(start..end).is_some()) else {
            continue;
        };
        res.push_str(between);
        res.push_str(&edit.text);
        done = end;
    }
    res + source.get(done..).unwrap_or_default()
}

/// The fixes that can be applied together, in the order of the text: of those that overlap or meet, the first. The same
/// change for two findings is one.
fn together<'a>(candidates: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
    let mut res: Vec<Candidate<'a>> = Vec::new();
    // What is taken, by where it starts: the end.
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let free = |taken: &BTreeMap<u32, u32>, edit: &Edit| {
        let (start, end) = (edit.span.start, edit.span.end);
        let before = taken.range(..=end).next_back();
        before.is_none_or(|(_, it)| *it < start)
    };
    for (diagnostic, fix) in candidates {
        if fix.edits.iter().all(|it| free(&taken, it)) {
            taken.extend(fix.edits.iter().map(|it| (it.span.start, it.span.end)));
            res.push((diagnostic, fix));
        }
    }
    res
}

/// All edits of some fixes that do not overlap, in order.
fn edits<'a>(fixes: &[Candidate<'a>]) -> Vec<&'a Edit> {
    let mut res: Vec<_> = fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
    res.sort_by_key(|it| it.span);
    res
}

/// A text on its way.
struct Mending<'o> {
    options: &'o Options,
    /// Errors count whoever finds them.
    all: Options,
    least: Safety,
    text: String,
    outcome: Outcome,
    /// The errors by all rules, counted, where not all of them are selected.
    errors: Errors,
    applied: Vec<Applied>,
    refused: Vec<Refused>,
    /// What is not tried again.
    given_up: HashSet<(Key, String)>,
    /// A text that comes back would come back for ever.
    seen: HashSet<String>,
    n_checks: usize,
    effort: u64,
}

/// How often there is which error.
type Errors = BTreeMap<Key, usize>;

/// The text after a round.
struct Next {
    text: String,
    outcome: Outcome,
    errors: Errors,
}

impl<'o> Mending<'o> {
    fn new(source: &str, outcome: Outcome, options: &'o Options, least: Safety) -> Mending<'o> {
        let all = Options { select: Vec::new(), ignore: Vec::new(), ..options.clone() };
        let mut res = Mending {
            options,
            all,
            least,
            text: source.to_owned(),
            outcome,
            errors: Errors::new(),
            applied: Vec::new(),
            refused: Vec::new(),
            given_up: HashSet::new(),
            seen: HashSet::new(),
            n_checks: 0,
            effort: 0,
        };
        if !res.candidates().is_empty() {
            res.errors = res.errors_of(&res.text, &res.outcome);
        }
        res
    }

    /// The fixes that may be tried, in the order of the text; the same change is one fix.
    fn candidates(&self) -> Vec<Candidate<'_>> {
        let mut known = HashSet::new();
        let offered = self.outcome.diagnostics.iter().filter_map(|it| Some((it, it.finding.fix.as_ref()?)));
        let mut res: Vec<_> = offered
            .filter(|(_, fix)| fix.safety >= self.least && !fix.edits.is_empty())
            .filter(|(it, fix)| !self.given_up.contains(&(key(it), fix.title.clone())))
            .filter(|(_, fix)| {
                known.insert(fix.edits.iter().map(|it| (it.span, &it.text)).collect::<Vec<_>>())
            })
            .collect();
        res.sort_by_key(|(_, fix)| fix.edits.first().map(|it| it.span));
        res
    }

    /// Applies what can be applied at once; says whether there may be more.
    fn round(&mut self) -> bool {
        let offered = self.candidates();
        let batch: Vec<(Diagnostic, Fix)> =
            together(&offered).into_iter().map(|(it, fix)| (it.clone(), fix.clone())).collect();
        let borrowed: Vec<Candidate<'_>> = batch.iter().map(|(it, fix)| (it, fix)).collect();
        if borrowed.is_empty() || self.is_spent() {
            return false;
        }
        if let Ok(next) = self.attempt(&borrowed) {
            self.take(next, &borrowed);
            return true;
        }
        // One of them is to blame, or two that do not go together: one by one.
        for (diagnostic, fix) in borrowed {
            if self.is_spent() {
                return false;
            }
            // The text may have moved: the finding is looked for again.
            let Some((diagnostic, fix)) = self.again(diagnostic, fix) else { continue };
            let one = [(&diagnostic, &fix)];
            match self.attempt(&one) {
                Ok(next) => self.take(next, &one),
                Err(why) => {
                    self.given_up.insert((key(&diagnostic), fix.title.clone()));
                    self.refused.push(Refused {
                        code: diagnostic.code.clone(),
                        title: fix.title.clone(),
                        why,
                    });
                }
            }
        }
        true
    }

    /// Whether it was work enough for one text.
    fn is_spent(&self) -> bool {
        self.n_checks >= MAX_CHECKS || self.effort > MAX_EFFORT
    }

    /// The finding with its fix in the text as it is now.
    fn again(&self, diagnostic: &Diagnostic, fix: &Fix) -> Option<(Diagnostic, Fix)> {
        let wanted = (key(diagnostic), &fix.title);
        let mut found = self.candidates().into_iter();
        let (diagnostic, fix) = found.find(|(it, fix)| (key(it), &fix.title) == wanted)?;
        Some((diagnostic.clone(), fix.clone()))
    }

    /// The text with some fixes, where it is a better one.
    fn attempt(&mut self, fixes: &[Candidate<'_>]) -> Result<Next, String> {
        self.n_checks += 1;
        let text = apply(&self.text, edits(fixes));
        if text == self.text || self.seen.contains(&text) {
            return Err("it changes nothing in the end".to_owned());
        }
        let outcome = check(text.as_bytes(), self.options);
        self.effort += outcome.effort;
        if outcome.kind == FileKind::Other {
            return Err("the text would not be a template any more".to_owned());
        }
        let errors = self.errors_of(&text, &outcome);
        let new: Vec<_> =
            errors.iter().filter(|(it, n)| self.errors.get(it).is_none_or(|had| had < n)).collect();
        let count = |errors: &Errors| errors.values().sum::<usize>();
        // What takes the place of the error that hid it is no loss; a template of the wrong shape is one.
        let shape = new.iter().find(|((code, ..), _)| code.starts_with("ECS0"));
        if let Some(((code, _, message), _)) =
            shape.or_else(|| new.first().filter(|_| count(&errors) > count(&self.errors)))
        {
            return Err(format!("it would bring {code}: {message}"));
        }
        let n_found = |outcome: &Outcome, key: &Key| {
            outcome.diagnostics.iter().filter(|it| self::key(it) == *key).count()
        };
        for (diagnostic, _) in fixes {
            let key = key(diagnostic);
            let before = n_found(&self.outcome, &key);
            if before < MAX_FINDINGS && n_found(&outcome, &key) >= before {
                return Err("it does not mend what was found".to_owned());
            }
        }
        Ok(Next { text, outcome, errors })
    }

    fn take(&mut self, next: Next, fixes: &[Candidate<'_>]) {
        let step = self.applied.last().map_or(0, |it| it.step + 1);
        self.applied.extend(fixes.iter().map(|(diagnostic, fix)| Applied {
            code: diagnostic.code.clone(),
            name: diagnostic.name.clone(),
            title: fix.title.clone(),
            safety: fix.safety,
            step,
            edits: fix.edits.clone(),
        }));
        self.seen.insert(std::mem::replace(&mut self.text, next.text));
        self.outcome = next.outcome;
        self.errors = next.errors;
    }

    fn errors_of(&self, text: &str, outcome: &Outcome) -> Errors {
        let is_whole = self.options.select.is_empty() && self.options.ignore.is_empty();
        let by_all = (!is_whole).then(|| check(text.as_bytes(), &self.all));
        let mut res = Errors::new();
        for it in &by_all.as_ref().unwrap_or(outcome).diagnostics {
            if it.severity == Severity::Error {
                *res.entry(key(it)).or_default() += 1;
            }
        }
        res
    }

    fn finish(mut self, source: &str) -> Mended {
        let left = self.candidates().len();
        if left > 0 {
            let it = if left == 1 { "1 more fix was".to_owned() } else { format!("{left} more fixes were") };
            self.outcome.notes.push(format!("{it} not tried: it took too many rounds; run it once more"));
        }
        self.outcome.fixed = self.applied;
        Mended {
            text: (self.text != source).then_some(self.text),
            outcome: self.outcome,
            refused: self.refused,
        }
    }
}

fn key(diagnostic: &Diagnostic) -> Key {
    (diagnostic.code.clone(), diagnostic.finding.resource.clone(), diagnostic.finding.message.clone())
}

#[cfg(test)]
mod tests;
