//! What the rules on the template itself say about real templates, where a folder with some is named by
//! `ECSLINT_CORPUS`: every error is in a list of true ones. Without that folder there is nothing to compare.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ecslint::diagnostic::Severity;
use ecslint::lint::{Options, check};

/// Each error was looked at: CloudFormation refuses the template.
#[test]
fn errors_on_real_templates_are_true() {
    let Some(corpus) = std::env::var_os("ECSLINT_CORPUS").map(PathBuf::from) else { return };
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus-errors.txt"));
    let list = list.expect("tests/corpus-errors.txt");
    let lines = list.lines().filter(|it| !it.starts_with('#'));
    let known: BTreeSet<String> =
        lines.filter_map(|it| it.split_once(" - ")).map(|(known, _)| known.to_owned()).collect();

    let options = Options { select: vec!["ECS0".to_owned()], ..Options::default() };
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(corpus.join("files")).expect("files").map(|it| it.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Those that are hard to read have tests of their own.
        let Some((id, _)) = name.split_once('.').filter(|(id, _)| !id.starts_with('h')) else { continue };
        let diagnostics = check(&fs::read(entry.path()).expect("readable"), &options).diagnostics;
        let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error);
        found.extend(errors.map(|it| format!("{id} {}", it.code)));
    }
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:?}\ngone: {gone:?}");
}
