//! `.ecslint.yaml`, and `ecslint config`.

use super::{CLEAN, Folder, Ran, WARNING};

/// An error of the budget's kind is not needed here: a duplicate key is a warning, `ECS002`.
fn project(name: &str, config: &str) -> Folder {
    Folder::new(name).with("a.yml", WARNING).with("legacy/b.yml", WARNING).with(".ecslint.yaml", config)
}

fn codes(ran: &Ran) -> usize {
    ran.codes().len()
}

#[test]
fn files_are_chosen_by_patterns() {
    let run = |name: &str, config: &str| project(name, config).run_in_both_formats(&["check"]);
    assert_eq!(codes(&run("config-none", "")), 2);
    assert_eq!(codes(&run("config-exclude", "exclude: [legacy]\n")), 1);
    assert_eq!(codes(&run("config-exclude-all", "exclude: ['*.yml']\n")), 0);
    assert_eq!(codes(&run("config-include", "include: [/legacy/]\n")), 1);
    let folder = project("config-include-other", "include: ['*.tpl']\n").with("c.tpl", WARNING);
    assert_eq!(codes(&folder.run_in_both_formats(&["check"])), 1);
    // Who names a file means it; a hook names whatever was changed.
    let folder = project("config-named", "exclude: [legacy]\n");
    assert_eq!(codes(&folder.run_in_both_formats(&["check", "legacy/b.yml"])), 1);
    assert_eq!(codes(&folder.run_in_both_formats(&["check", "legacy/b.yml", "--only-templates"])), 0);
    // The folder of the configuration counts, not the one that somebody stands in.
    let mut command = folder.ecslint(&["check", ".."]);
    let ran = Ran::new(command.current_dir(folder.0.join("legacy")).output().expect("ecslint starts"));
    assert_eq!(codes(&ran), 1);
}

#[test]
fn rules_are_chosen_and_flags_win() {
    let folder = project("config-rules", "ignore: [ECS002]\nfail-on: error\n");
    assert_eq!(codes(&folder.run_in_both_formats(&["check"])), 0);
    let folder = project("config-per-file", "per-file-ignores: {legacy/*: [ECS0]}\n");
    assert_eq!(codes(&folder.run_in_both_formats(&["check"])), 1);
    let folder = project("config-fail-on", "fail-on: error\n");
    let code = |args: &[&str]| folder.run_in_both_formats(args).code;
    assert_eq!((code(&["check"]), code(&["check", "--fail-on", "info"])), (0, 1));
    let folder = project("config-severity", "severities: {ECS002: error, ECS0: info}\n");
    let ran = folder.run_in_both_formats(&["check", "--fail-on", "error"]);
    assert!(ran.code == 1 && ran.stdout.contains("error[ECS002]"), "{ran:?}");
    let folder = project("config-select", "select: [ECS3]\n");
    assert_eq!(codes(&folder.run(&["check"])), 0);
    assert_eq!(codes(&folder.run(&["check", "--select", "ECS002"])), 2);
}

#[test]
fn each_file_fails_by_its_own_configuration() {
    let folder = Folder::new("config-two")
        .with("a/a.yml", WARNING)
        .with("a/.ecslint.yaml", "fail-on: never\n")
        .with("b/b.yml", CLEAN);
    assert_eq!(folder.run_in_both_formats(&["check"]).code, 0);
    let folder = folder.with("b/b.yml", WARNING);
    assert_eq!(folder.run_in_both_formats(&["check"]).code, 1);
}

#[test]
fn a_pattern_that_matches_nothing_is_told_when_all_was_looked_at() {
    let config = "exclude:\n  - legacy\n  - lagacy\nper-file-ignores: {gone.yml: [ECS002]}\n";
    let folder = project("config-unmatched", config);
    let ran = folder.run_in_both_formats(&["check"]);
    let notes: Vec<_> =
        ran.stderr.lines().filter_map(|it| it.split_once(".ecslint.yaml:")).map(|it| it.1).collect();
    assert_eq!(notes, ["3: no file matches `lagacy`", "4: no file matches `gone.yml`"]);
    assert_eq!(folder.run(&["check", "a.yml"]).stderr, "");
    assert_eq!(folder.run(&["check", "legacy"]).stderr.matches("no file matches").count(), 0);
    assert_eq!(folder.run(&["check", "-q"]).stderr, "");
}

#[test]
fn a_broken_one_is_told_once() {
    let folder = project("config-exlude", "exlude: [legacy]\nbudget: 1\n");
    let ran = folder.run_in_both_formats(&["check"]);
    assert!(ran.code == 2 && codes(&ran) == 0, "{ran:?}");
    let told = ":1:1: unknown key `exlude`; did you mean `exclude`?\n";
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.ends_with(told), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn config_shows_what_counts_and_who_said_it() {
    let config = "\
ignore: [ECS7]
severities: {ECS303: error}
parameters: {KeyName: mine, Size: 3}
budget: 100
";
    let folder = project("config-shown", config);
    let args = ["config", "legacy", "--ignore", "ECS6", "-P", "Size=4", "--fail-on", "error"];
    let mut command = folder.ecslint(&args);
    let ran = Ran::new(command.env("AWS_REGION", "eu-west-1").output().expect("ecslint starts"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let lines: Vec<_> =
        ran.stdout.lines().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let place = |line: &str| {
        let found =
            lines.iter().find(|it| it.starts_with(line)).unwrap_or_else(|| panic!("{line}\n{}", ran.stdout));
        found.rsplit('/').next().unwrap_or_default().rsplit("# ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(place("- ECS7 #"), ".ecslint.yaml:1");
    assert_eq!(place("- ECS6 #"), "--ignore");
    assert_eq!(place("ECS303: error #"), ".ecslint.yaml:2");
    assert_eq!(place("KeyName: mine #"), ".ecslint.yaml:3");
    // What is typed in may be secret.
    assert_eq!(place("Size: \"****\" #"), "--parameter");
    assert_eq!(place("budget: 100 #"), ".ecslint.yaml:4");
    assert_eq!(place("fail-on: error #"), "--fail-on");
    assert_eq!(place("# prices of eu-west-1 #"), "AWS_REGION");
    let none = Folder::new("config-shown-none").run(&["config", "--config", "none.yaml"]);
    none.says(2, "error: no such file or folder: `none.yaml`");
    assert_eq!(folder.run(&["config", "gone"]).code, 2);
    let schema = folder.run(&["config", "--schema"]).stdout;
    assert_eq!(schema, include_str!("../../../schema/ecslint.schema.json"));
}

#[test]
fn what_was_suppressed_is_seen() {
    let text = WARNING
        .replace("    Description: two", "    # ecslint: ignore[ECS002] because\n    Description: two");
    let folder = Folder::new("suppressed").with("a.yml", text);
    let ran = folder.run_in_both_formats(&["check", "a.yml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "no findings in 1 template, 1 suppressed\n"));
    let told = folder.run(&["check", "a.yml", "-v"]).stderr;
    assert!(told.contains("note: `a.yml`: line 6: ECS002 is suppressed by a comment: because\n"), "{told}");
}
