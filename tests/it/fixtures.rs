//! What is found, and what is not, in the templates under `fixtures`.

use std::fs;
use std::path::{Path, PathBuf};

use ecslint::diagnostic::Severity;
use ecslint::lint::{Options, Outcome, check};
use ecslint::model::{Answer, Joins, Signals};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn checked(path: &Path) -> Outcome {
    check(&fs::read(path).expect("readable"), &Options::default())
}

/// The codes of what is at least this bad.
fn codes(outcome: &Outcome, at_least: Severity) -> Vec<&str> {
    let mut res: Vec<_> =
        outcome.diagnostics.iter().filter(|it| it.severity >= at_least).map(|it| &*it.code).collect();
    res.dedup();
    res
}

#[test]
fn clean_templates_are_silent_and_their_fleets_join() {
    let folder = fs::read_dir(root().join("clean")).expect("fixtures/clean");
    let mut n_templates = 0;
    for entry in folder {
        let path = entry.expect("an entry").path();
        let outcome = checked(&path);
        assert_eq!(codes(&outcome, Severity::Info), [""; 0], "{}", path.display());
        for fleet in &outcome.fleets {
            let verdicts = fleet.verdicts.as_ref().expect("meant for a cluster");
            assert_eq!(verdicts.joins.verdict, Joins::Yes, "{}", path.display());
            assert_eq!(verdicts.signals.verdict, Signals::Ok, "{}", path.display());
        }
        n_templates += 1;
    }
    assert!(n_templates >= 4);
}

#[test]
fn the_modern_twin_has_nothing_but_its_price() {
    let outcome = checked(&root().join("good-cluster.yml"));
    assert_eq!(codes(&outcome, Severity::Warning), ["ECS601"]);
}

#[test]
fn a_fleet_that_is_never_started_is_meant_for_nothing() {
    let source = "
Conditions:
  Never: !Equals [a, b]
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Condition: Never
";
    let outcome = check(source.as_bytes(), &Options::default());
    assert_eq!(outcome.fleets[0].ecs, Answer::No);
    assert_eq!(outcome.fleets[0].verdicts, None);
}
