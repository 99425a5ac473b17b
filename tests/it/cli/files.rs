//! Which files are looked at, and in which order.

use super::{CLEAN, ERROR, Folder, KUBERNETES, WARNING};
use crate::schema::valid_report;

impl Folder {
    /// The paths of a report.
    fn paths(&self, args: &[&str]) -> Vec<String> {
        let mut all = vec!["check", "--format", "json"];
        all.extend(args);
        let report = valid_report(&self.run(&all).stdout);
        let files = report["files"].as_array().expect("checked").iter();
        files.map(|it| it["path"].as_str().expect("checked").to_owned()).collect()
    }
}

fn project(name: &str) -> Folder {
    Folder::new(name)
        .with("b.yml", CLEAN)
        .with("a.JSON", r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#)
        .with("deep/er/c.template", CLEAN)
        .with("d.yaml", CLEAN)
        .with("e.txt", CLEAN)
        .with("pod.yml", KUBERNETES)
        .with("empty.yml", "")
        .with("build/out.yml", CLEAN)
        .with(".hidden/h.yml", CLEAN)
        .with(".git/config.yml", CLEAN)
        .with(".gitignore", "build/\n")
}

#[test]
fn of_a_folder_the_templates_are_checked_in_order() {
    let folder = project("project");
    let expected = [".hidden/h.yml", "a.JSON", "b.yml", "d.yaml", "deep/er/c.template"];
    assert_eq!(folder.paths(&[]), expected);
    assert_eq!(folder.paths(&["."]), expected);
    assert_eq!(folder.paths(&["deep", "deep/er"]), ["deep/er/c.template"]);
    let all = folder.paths(&["--no-ignore"]);
    assert!(
        all.contains(&"build/out.yml".to_owned()) && !all.iter().any(|it| it.contains(".git/")),
        "{all:?}"
    );
}

#[test]
fn what_is_named_is_checked_whatever_its_name_and_only_once() {
    let folder = project("named");
    let named = ["e.txt", "build/out.yml", "b.yml", "e.txt", "."];
    assert_eq!(folder.paths(&named)[..3], ["e.txt", "build/out.yml", "b.yml"]);
    assert_eq!(folder.paths(&["b.yml", "./b.yml", "b.yml"]).len(), 1);
}

#[test]
fn a_folder_whose_files_were_named_is_not_called_empty() {
    let folder = Folder::new("overlap").with("sub/a.yml", CLEAN);
    let ran = folder.run(&["check", "sub/a.yml", "sub"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "no findings in 1 template\n", ""));
}

#[test]
fn a_folder_is_passed_over_in_silence() {
    let ran = project("silent").run(&["check"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "no findings in 5 templates\n", ""));
}

#[test]
fn verbose_says_what_was_passed_over() {
    let ran = project("verbose").run(&["check", "-v"]);
    assert!(ran.stderr.contains("note: `pod.yml` is no CloudFormation template: passed over\n"), "{ran:?}");
    assert!(ran.stderr.contains("note: looked at 7 files in "), "{ran:?}");
}

#[test]
fn standard_input() {
    let folder = Folder::new("stdin");
    let ran = folder.run_with_stdin(&["check", "-"], WARNING.as_bytes());
    assert_eq!((ran.code, ran.codes()), (1, vec!["ECS002"]), "{ran:?}");
    assert!(ran.stdout.contains("[-:5:5]"), "{}", ran.stdout);
    let json = folder.run_with_stdin(&["check", "-", "--format=json"], CLEAN.as_bytes());
    assert_eq!(valid_report(&json.stdout)["files"][0]["path"], "-");
    let other = folder.run_with_stdin(&["check", "-"], KUBERNETES.as_bytes());
    other.says(0, "note: `-` is no CloudFormation template: passed over");
    // More than is looked at, and nobody reads the rest.
    let huge = folder.run_with_stdin(&["check", "-"], &vec![b'#'; 20 << 20]);
    assert_eq!((huge.code, huge.codes()), (1, vec!["ECS001"]), "{huge:?}");
}

#[test]
fn many_files_give_the_same_bytes_whatever_the_threads() {
    let mut folder = Folder::new("threads");
    for idx in 0..300 {
        folder = folder.with(&format!("{idx}.yml"), [CLEAN, WARNING, ERROR][idx % 3]);
    }
    let run = |threads: &str, format: &str| {
        let mut command = folder.ecslint(&["check", "--format", format]);
        let output = command.env("RAYON_NUM_THREADS", threads).output().expect("ecslint starts");
        assert_eq!(output.status.code(), Some(1));
        output.stdout
    };
    for format in ["human", "json"] {
        assert_eq!(run("1", format), run("7", format), "{format}");
    }
    let report = valid_report(&String::from_utf8(run("2", "json")).expect("UTF-8"));
    assert_eq!((&report["summary"]["files"], &report["summary"]["errors"]), (&300.into(), &100.into()));
    let human = String::from_utf8(run("2", "human")).expect("UTF-8");
    assert!(human.ends_with("\n100 errors, 100 warnings in 200 of 300 files\n"), "{human}");
    assert!(human.starts_with("1.yml\nwarning[ECS002]"), "{human}");
}

#[test]
fn a_file_that_grows_is_read_to_the_bound() {
    use std::io::Write as _;

    let folder = Folder::new("growing").with("a.yml", format!("{CLEAN}Description: "));
    let mut file =
        std::fs::OpenOptions::new().append(true).open(folder.0.join("a.yml")).expect("it is there");
    // More than is looked at, while it is looked at.
    let writer = std::thread::spawn(move || {
        for _ in 0..400 {
            file.write_all(&vec![b'x'; 1 << 16]).expect("room on the disk");
        }
    });
    let ran = folder.run(&["check", "a.yml"]);
    writer.join().expect("it only writes");
    assert!(ran.code <= 1, "{ran:?}");
    let full = folder.run(&["check", "a.yml"]);
    assert_eq!((full.code, full.codes()), (1, vec!["ECS001"]), "{}", full.stderr);
}

#[test]
fn of_many_folders_each_file_is_checked_once() {
    let mut folder = Folder::new("many");
    for idx in 0..700 {
        folder = folder.with(&format!("{}/{idx}.yml", idx % 7), CLEAN);
    }
    assert_eq!(folder.paths(&["."]).len(), 700);
    let named = folder.paths(&["3/3.yml", "3", ".", "4/4.yml"]);
    assert_eq!((named.len(), named[0].as_str(), named[1].as_str()), (700, "3/3.yml", "3/10.yml"));
}
