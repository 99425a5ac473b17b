//! All fixes on all templates: the fixtures, the examples of the pages, and real ones where a folder with some is named
//! by `ECSLINT_CORPUS`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ecslint::diagnostic::{Safety, Severity};
use ecslint::lint::fix::{Mended, mend};
use ecslint::lint::{Options, Outcome, check};
use ecslint::rules::RULES;
use ecslint::syntax::parse;

/// What a fix did.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) fixed: BTreeMap<String, usize>,
    pub(crate) refused: Vec<String>,
    /// Errors that nobody saw before: what hid them is gone.
    pub(crate) unmasked: Vec<String>,
}

impl Seen {
    fn add(&mut self, name: &str, source: &str) {
        self.add_with(name, source, &Options::default());
    }

    /// Mends the text and sees to it that all promises hold; gives what was found in the end.
    pub(crate) fn add_with(&mut self, name: &str, source: &str, options: &Options) -> Outcome {
        let before = check(source.as_bytes(), options);
        let Mended { text, outcome, refused } = mend(source.as_bytes(), options, Safety::Unsafe);
        self.refused
            .extend(refused.iter().map(|it| format!("{name} {}: {} ({})", it.code, it.title, it.why)));
        let Some(text) = text else {
            assert!(outcome.fixed.is_empty(), "{name}: fixed, and nothing changed");
            return outcome;
        };
        for it in &outcome.fixed {
            *self.fixed.entry(it.code.to_string()).or_default() += 1;
            assert!(it.safety >= Safety::Unsafe, "{name}: {} is only shown", it.code);
        }
        // What is told is what was done.
        let mut replayed = source.to_owned();
        for step in outcome.fixed.chunk_by(|left, right| left.step == right.step) {
            let mut edits: Vec<_> = step.iter().flat_map(|it| &it.edits).collect();
            edits.sort_by_key(|it| it.span);
            for edit in edits.into_iter().rev() {
                replayed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
        }
        assert_eq!(replayed, text, "{name}: the edits");
        // It is as sound as before.
        assert_eq!(outcome.kind, before.kind, "{name}");
        let now = check(text.as_bytes(), options);
        assert_eq!(now.diagnostics, outcome.diagnostics, "{name}: what was found after it");
        let had = errors(&before);
        for (error, n) in errors(&now) {
            if had.get(&error).is_none_or(|it| *it < n) {
                assert!(!error.starts_with("ECS0"), "{name}: {error}");
                self.unmasked.push(format!("{name} {error}"));
            }
        }
        assert!(
            errors(&now).values().sum::<usize>() <= had.values().sum(),
            "{name}: more errors than before"
        );
        // What people wrote for people is still there, and in its order.
        let left = comments(&text);
        let mut left = left.iter();
        for comment in comments(source) {
            assert!(left.any(|it| *it == comment), "{name}: the comment `{comment}` is gone");
        }
        assert_eq!(mend(text.as_bytes(), options, Safety::Unsafe).text, None, "{name}: fixed twice");
        outcome
    }
}

fn errors(outcome: &Outcome) -> BTreeMap<String, usize> {
    let mut res = BTreeMap::new();
    for it in outcome.diagnostics.iter().filter(|it| it.severity == Severity::Error) {
        let resource = it.finding.resource.as_deref().unwrap_or_default();
        *res.entry(format!("{} {resource}: {}", it.code, it.finding.message)).or_default() += 1;
    }
    res
}

fn comments(source: &str) -> Vec<String> {
    let parse = parse(source);
    parse.tree.comments().iter().map(|it| it.slice(source).to_owned()).collect()
}

#[test]
fn examples_of_all_pages_are_mended() {
    let mut seen = Seen::default();
    for rule in RULES {
        for (idx, block) in rule.page.split("\n```yaml ").skip(1).enumerate() {
            let (_, body) = block.split_once('\n').expect("a block has a body");
            let body = body.split("\n```").next().unwrap_or_default();
            seen.add(&format!("{} {idx}", rule.code), body);
        }
    }
    // Few examples have more than one mistake, so that nearly every rule with a fix is seen at work here.
    assert!(seen.fixed.len() >= 18, "{:?}", seen.fixed);
}

#[test]
fn fixtures_are_mended() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = Seen::default();
    for folder in ["fixtures", "fixtures/clean", "tests/it/faults"] {
        for path in files(&root.join(folder)) {
            let is_template = path.extension().is_some_and(|it| it != "txt" && it != "rs");
            if is_template {
                seen.add(&path.to_string_lossy(), &fs::read_to_string(&path).expect("readable"));
            }
        }
    }
    assert!(!seen.fixed.is_empty(), "{:?}", seen.fixed);
}

/// Each was looked at: the error was there before, behind the one that was mended.
#[test]
fn real_templates_are_mended() {
    let Some(corpus) = std::env::var_os("ECSLINT_CORPUS").map(PathBuf::from) else { return };
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus-unmasked.txt"));
    let list = list.expect("tests/corpus-unmasked.txt");
    let known: Vec<&str> = list.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
    let mut seen = Seen::default();
    for path in files(&corpus.join("files")) {
        let name = path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let Ok(source) = String::from_utf8(fs::read(&path).expect("readable")) else { continue };
        seen.add(&name, &source);
    }
    if std::env::var_os("BLESS").is_some() {
        eprintln!("fixed: {:#?}\nrefused:\n{}", seen.fixed, seen.refused.join("\n"));
    }
    assert_eq!(seen.unmasked, known, "\n{}", seen.unmasked.join("\n"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    let mut res: Vec<_> = entries.filter(|it| it.is_file()).collect();
    res.sort();
    res
}
