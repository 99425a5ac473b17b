//! `--baseline` and `--write-baseline`.

use std::fs;

use super::{CLEAN, ERROR, Folder, WARNING};
use crate::schema::valid_report;

impl Folder {
    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("writable");
    }
}

#[test]
fn what_is_known_is_not_told_wherever_it_moves() {
    let folder = Folder::new("baseline").with("sub/a.yml", WARNING);
    let ran = folder.run_in_both_formats(&["check", "sub", "--write-baseline", "known.json"]);
    ran.says(0, "note: 1 finding is known from now on: `known.json`");
    assert_eq!(ran.stdout, "no findings in 1 template, 1 suppressed\n");
    let first = folder.read("known.json");
    assert!(first.contains("\"sub/a.yml\"") && first.contains("ECS002"), "{first}");

    // Other lines, another folder to stand in.
    folder.write("sub/a.yml", &format!("# new\n\n{WARNING}"));
    let check = ["check", "sub/a.yml", "--baseline", "known.json"];
    let ran = folder.run_in_both_formats(&check);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let mut args = check.to_vec();
    args.extend(["--format", "json"]);
    let report = valid_report(&folder.run(&args).stdout);
    assert_eq!(report["files"][0]["suppressed"][0]["by"], "baseline");
    assert_eq!(report["summary"]["suppressed"], 1);

    // Written again, it is the same.
    folder.run(&["check", "sub", "--baseline", "known.json", "--write-baseline", "known.json"]);
    assert_eq!(folder.read("known.json"), first);
}

#[test]
fn one_more_of_the_same_is_told() {
    let folder = Folder::new("baseline-more").with("a.yml", WARNING);
    folder.run(&["check", "--write-baseline", "known.json"]);
    let twice = WARNING.replace("    Description: two\n", "    Description: two\n    Description: three\n");
    folder.write("a.yml", &twice);
    let ran = folder.run_in_both_formats(&["check", "--baseline", "known.json"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["ECS002"]), "{ran:?}");
}

#[test]
fn what_is_gone_is_said() {
    let folder = Folder::new("baseline-gone").with("a.yml", WARNING).with("b.yml", WARNING);
    folder.run(&["check", "--write-baseline", "known.json"]);
    folder.write("a.yml", CLEAN);
    let ran = folder.run_in_both_formats(&["check", "a.yml", "--baseline", "known.json"]);
    let gone = "note: gone since `known.json`: ECS002 in a.yml: ";
    assert!(ran.code == 0 && ran.stderr.starts_with(gone) && !ran.stderr.contains("b.yml"), "{ran:?}");
    // Nobody looked.
    let other = folder.run(&["check", "a.yml", "--baseline", "known.json", "--select", "ECS3"]);
    assert_eq!(other.stderr, "");
    fs::remove_file(folder.0.join("b.yml")).expect("it is ours");
    let ran = folder.run(&["check", "a.yml", "--baseline", "known.json"]);
    assert!(ran.stderr.contains("ECS002 in b.yml"), "{ran:?}");
    let ran = folder.run(&["check", "a.yml", "--baseline", "known.json", "--quiet"]);
    assert_eq!(ran.stderr, "");
}

#[test]
fn what_cannot_be_read_is_never_known() {
    let folder = Folder::new("baseline-broken-template").with("a.yml", ERROR);
    let ran = folder.run_in_both_formats(&["check", "--write-baseline", "known.json"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["ECS001"]), "{ran:?}");
    // An error elsewhere leaves the old one as it is.
    let before = folder.read("known.json");
    let ran = folder.run(&["check", "a.yml", "missing.yml", "--write-baseline", "known.json"]);
    assert!(ran.code == 2 && ran.stderr.contains("`known.json` is not written"), "{ran:?}");
    assert_eq!(folder.read("known.json"), before);
}

#[test]
fn a_broken_baseline_is_an_error_with_a_place() {
    let folder = Folder::new("baseline-bad").with("a.yml", WARNING);
    let check = |text: &str, reason: &str| {
        folder.write("known.json", text);
        let ran = folder.run_in_both_formats(&["check", "a.yml", "--baseline", "known.json"]);
        assert!(ran.code == 2 && ran.stdout.is_empty(), "{ran:?}");
        assert!(ran.stderr.starts_with("error: `known.json`:") && ran.stderr.contains(reason), "{ran:?}");
    };
    check("", ":1:0: this is no baseline: ");
    check("{\n  \"version\": 1,\n", ":3:0: this is no baseline: ");
    check("{\"version\": 2}", "version 2 cannot be read: write it anew");
    check("{\"version\": 1, \"ecslint\": \"x\", \"findings\": [{}]}", "missing field `path`");
    check("{\"version\": 1, \"ecslint\": \"x\", \"findings\": [], \"more\": 1}", "unknown field `more`");
    check("\u{1b}[31m", "this is no baseline");
    let ran = folder.run_in_both_formats(&["check", "a.yml", "--baseline", "know.json"]);
    assert!(ran.code == 2 && ran.stderr.contains("did you mean `known.json`?"), "{ran:?}");
    let ran = folder.run(&["check", "a.yml", "--write-baseline", "no/such/known.json"]);
    assert!(ran.code == 2 && ran.stderr.contains("cannot write `no/such/known.json`"), "{ran:?}");
}
