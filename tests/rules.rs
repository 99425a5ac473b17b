//! Every page under `rules/` is a test of its rule, and every rule has a page.
//!
//! Blocks marked `bad`, `fixed` and `good` are checked by the rule of the page alone. What has a fix shows it: `fixed` is
//! what its fixes make of the `bad` block before it, is silent, and stays as it is. A line of carets says span and
//! message of a finding in the line above; it is taken out before the check, also inside a script. What the user says
//! besides the template stands behind the mark: `bad region=eu-west-3`.

#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ecslint::diagnostic::{Diagnostic, Safety, Severity};
use ecslint::lint::fix::{self, Mended};
use ecslint::lint::{Options, check};
use ecslint::rule::Rule;
use ecslint::rules::RULES;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let args = Arguments::from_args();
    let mut trials = vec![
        Trial::test("registry_is_current", || done(registry_is_current)),
        Trial::test("index_is_current", || done(index_is_current)),
    ];
    for rule in RULES {
        trials.push(Trial::test(rule.code.to_lowercase(), || {
            check_head(rule);
            check_examples(rule);
            Ok(())
        }));
    }
    libtest_mimic::run(&args, trials).exit();
}

fn done(test: fn()) -> Result<(), libtest_mimic::Failed> {
    test();
    Ok(())
}

/// An example of a page.
struct Example {
    kind: String,
    source: String,
    options: Options,
    /// Start, end and message of what is to be found.
    expected: Vec<(usize, usize, String)>,
}

/// The first lines of a page repeat the declaration of the rule.
fn check_head(rule: &Rule) {
    let severity = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let fix = match rule.fix {
        None => "none",
        Some(Safety::DisplayOnly) => "shown only",
        Some(Safety::Unsafe) => "unsafe",
        Some(Safety::Safe) => "safe",
    };
    let head =
        format!("# {}: {}\n\n`{severity}` · since {} · fix: {fix}\n", rule.code, rule.name, rule.since);
    assert!(rule.page.starts_with(&head), "rules/{}.md has to start with\n{head}", rule.code);
}

fn check_examples(rule: &Rule) {
    // A panic has no example.
    if rule.code == "ECS000" {
        return;
    }
    let examples = examples(rule.page);
    let has = |kind: &str| examples.iter().any(|it| it.kind == kind);
    assert!(has("bad") && has("good"), "{}: the page needs a bad and a good example", rule.code);
    assert_eq!(rule.fix.is_some(), has("fixed"), "{}: a rule with a fix shows what it does", rule.code);
    let mut bad: Option<&Example> = None;
    for example in &examples {
        let found = run(rule, example);
        let actual: Vec<_> = found
            .iter()
            .map(|it| {
                let span = it.finding.span;
                (span.start as usize, span.end as usize, it.finding.message.clone())
            })
            .collect();
        let show = |list: &[(usize, usize, String)]| {
            list.iter().fold(String::new(), |mut res, (start, end, message)| {
                let line = example.source[..*start].matches('\n').count() + 1;
                let words = &example.source[*start..*end];
                let _ = writeln!(res, "  line {line}: {words:?} {message}");
                res
            })
        };
        let source = &example.source;
        assert!(
            actual == example.expected,
            "{}: the {} example\n{source}\nwants\n{}has\n{}",
            rule.code,
            example.kind,
            show(&example.expected),
            show(&actual)
        );
        match example.kind.as_str() {
            "bad" => {
                assert!(!found.is_empty(), "{}: a bad example without carets", rule.code);
                let strongest =
                    found.iter().filter_map(|it| it.finding.fix.as_ref()).map(|it| it.safety).max();
                assert!(strongest <= rule.fix, "{}: its fix promises more than the rule says", rule.code);
                bad = Some(example);
            }
            "fixed" => {
                let before = bad.take().expect("`fixed` follows `bad`");
                assert!(found.is_empty(), "{}: the fixed example is not silent", rule.code);
                let mended = mend(rule, before);
                assert!(mended.refused.is_empty(), "{}: {:?}", rule.code, mended.refused);
                assert_eq!(mended.text.as_deref(), Some(source.as_str()), "{}: the fix", rule.code);
                assert_eq!(mend(rule, example).text, None, "{}: fixed twice", rule.code);
            }
            _ => {}
        }
    }
}

fn run(rule: &Rule, example: &Example) -> Vec<Diagnostic> {
    check(example.source.as_bytes(), &only(rule, example)).diagnostics
}

/// The example with all fixes applied, those too that are only shown.
fn mend(rule: &Rule, example: &Example) -> Mended {
    fix::mend(example.source.as_bytes(), &only(rule, example), Safety::DisplayOnly)
}

fn only(rule: &Rule, example: &Example) -> Options {
    let mut options = example.options.clone();
    if options.select.is_empty() {
        options.select.push(rule.code.to_owned());
    }
    options
}

fn examples(page: &str) -> Vec<Example> {
    let mut res = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("\n```") {
        let (info, body) = rest[start + 4..].split_once('\n').expect("a block has a body");
        let end = body.find("\n```").expect("the block is closed") + 1;
        let mut words = info.split(' ').skip(1);
        if let Some(kind) = words.next() {
            assert!(["bad", "good", "fixed"].contains(&kind), "a block is bad, good or fixed, not `{kind}`");
            let (source, expected) = split_carets(&body[..end]);
            res.push(Example { kind: kind.to_owned(), source, options: options(words), expected });
        }
        rest = &body[end + 3..];
    }
    res
}

/// What is given besides the template, as `KEY=VALUE`.
fn options<'a>(words: impl Iterator<Item = &'a str>) -> Options {
    let mut res = Options::default();
    for word in words {
        match word.split_once('=') {
            Some(("region", region)) => res.region = Some(region.to_owned()),
            Some(("ssh-networks", list)) => {
                res.house.ssh_networks = list.split(',').map(|it| it.parse().expect("a network")).collect();
            }
            Some(("instance-types", list)) => res.house.instance_types = words_of(list),
            Some(("required-tags", list)) => res.house.required_tags = words_of(list),
            Some(("select", codes)) => res.select = words_of(codes),
            Some(("budget", usd)) => res.budget = Some(usd.parse().expect("a budget")),
            _ => panic!("nobody can give `{word}`"),
        }
    }
    res
}

fn words_of(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

/// Takes the lines of carets out of an example.
fn split_carets(block: &str) -> (String, Vec<(usize, usize, String)>) {
    let mut source = String::new();
    let mut expected = Vec::new();
    let mut last_line = 0;
    for line in block.split_inclusive('\n') {
        let words = line.trim_start().trim_start_matches('#').trim_start();
        if !words.starts_with('^') {
            last_line = source.len();
            source.push_str(line);
            continue;
        }
        let column = line.find('^').expect("just seen");
        let len = words.find(|it| it != '^').unwrap_or(words.len());
        // Columns are characters, spans are bytes.
        let chars = |n: usize| source[last_line..].chars().take(n).map(char::len_utf8).sum::<usize>();
        let (start, end) = (last_line + chars(column), last_line + chars(column + len));
        expected.push((start, end, words[len..].trim().to_owned()));
    }
    expected.sort_by_key(|it| (it.0, it.1));
    (source, expected)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// `src/rules.rs` lists the files of the rules.
fn registry_is_current() {
    let mut modules: Vec<String> = fs::read_dir(root().join("src/rules"))
        .expect("src/rules")
        .map(|it| it.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter_map(|it| Some(it.strip_suffix(".rs")?.to_owned()))
        .collect();
    modules.sort();

    let mut wanted = String::from(
        "//! Generated from the files beside it: run `BLESS=1 cargo test --test rules` after adding one.\n\n",
    );
    for module in &modules {
        let _ = writeln!(wanted, "mod {module};");
    }
    wanted.push_str("\nuse crate::rule::Rule;\n\n/// Every rule, in code order.\n");
    wanted.push_str("#[rustfmt::skip]\npub static RULES: &[&Rule] = &[\n");
    for module in modules.iter().filter(|it| it.starts_with("ecs")) {
        let _ = writeln!(wanted, "    &{module}::RULE,");
    }
    wanted.push_str("];\n\n/// The rule of a code.\n#[must_use]\n");
    wanted.push_str("pub fn find(code: &str) -> Option<&'static Rule> {\n");
    wanted.push_str("    RULES.iter().copied().find(|it| it.code == code)\n}\n");
    bless(&root().join("src/rules.rs"), &wanted);
}

/// `rules/README.md` lists the pages.
fn index_is_current() {
    let mut wanted =
        String::from("# Rules\n\n| code | name | severity | what it finds |\n|---|---|---|---|\n");
    for rule in RULES {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        let _ = writeln!(
            wanted,
            "| [{0}]({0}.md) | {1} | {severity} | {2} |",
            rule.code, rule.name, rule.summary
        );
    }
    bless(&root().join("rules/README.md"), &wanted);
}

#[track_caller]
fn bless(path: &Path, wanted: &str) {
    if fs::read_to_string(path).unwrap_or_default() == wanted {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, wanted).expect("writable");
        return;
    }
    panic!("{} is out of date: run `BLESS=1 cargo test --test rules` and look at the diff", path.display());
}
