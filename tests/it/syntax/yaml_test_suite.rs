//! The cases of yaml-test-suite (<https://github.com/yaml/yaml-test-suite>), laid flat: `ID-NN.yaml`, and `ID-NN.tree`
//! with the expected tree or `ID-NN.err` where an error is due. Runs where a variable names the folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ecslint::syntax::parse;

use super::oracle::of_tree;

/// Cases that need not agree, each with its reason.
const LEFT_OUT: &str = include_str!("../yaml_test_suite_left_out.tsv");

#[test]
fn agrees_with_the_suite() {
    let left_out: BTreeMap<&str, &str> =
        LEFT_OUT.lines().skip(1).filter_map(|it| it.split_once('\t')).collect();
    assert!(left_out.len() <= 60, "too many cases are left out");
    assert!(left_out.values().all(|it| it.len() > 10), "a case without a reason");
    let Some(folder) = folder() else { return };

    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("no such folder").flatten().map(|it| it.path()).collect();
    cases.retain(|it| it.extension().is_some_and(|it| it == "yaml"));
    cases.sort();
    assert!(cases.len() > 400, "the suite is not whole");
    for case in &cases {
        let id = case.file_stem().and_then(|it| it.to_str()).expect("a name");
        match (check(case), left_out.get(id)) {
            (Ok(()), None) | (Err(_), Some(_)) => {}
            (Ok(()), Some(_)) => wrong.push(format!("{id} agrees, so it must not be left out")),
            (Err(message), None) => wrong.push(format!("{id}: {message}")),
        }
    }
    for id in left_out.keys() {
        if !cases.iter().any(|it| it.file_stem().is_some_and(|it| it == *id)) {
            wrong.push(format!("{id} is left out and is no case"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let source = fs::read_to_string(case).map_err(|err| err.to_string())?;
    let res = parse(&source);
    let Ok(expected) = fs::read_to_string(case.with_extension("tree")) else {
        return if res.problems.is_empty() { Err("is accepted".to_owned()) } else { Ok(()) };
    };
    if let Some(problem) = res.problems.first() {
        return Err(format!("{} in {source:?}", problem.message));
    }
    let found = of_tree(&res.tree);
    if found.trim_end() == expected.trim_end() {
        Ok(())
    } else {
        Err(format!("{source:?} gives\n{found}not\n{expected}"))
    }
}

pub(super) fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("ECSLINT_YAML_TEST_SUITE") {
        return Some(folder.into());
    }
    let corpus = PathBuf::from(std::env::var_os("ECSLINT_CORPUS")?);
    Some(corpus.parent()?.join("yaml-test-suite")).filter(|it| it.is_dir())
}
