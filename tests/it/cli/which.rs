//! Which files: `--changed-since`, `--list-files`, `--stdin-filename`, `--watch`.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{CLEAN, ERROR, Folder, KUBERNETES, WARNING};

impl Folder {
    /// Git in this folder, independent of who runs the tests.
    fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ]);
        command.args(args).current_dir(&self.0).env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", &self.0);
        let output = command.output().expect("git is there");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "-qm", "more"]);
    }
}

#[test]
fn only_what_differs_from_a_revision() {
    let folder = Folder::new("changed").with("old.yml", ERROR).with("edited.yml", CLEAN);
    folder.git(&["init", "-q"]);
    folder.commit();
    folder.git(&["checkout", "-qb", "feature"]);
    let folder = folder.with("sub/committed.yml", WARNING);
    folder.commit();
    folder.git(&["checkout", "-q", "main"]);
    let folder = folder.with("theirs.yml", ERROR);
    folder.commit();
    folder.git(&["checkout", "-q", "feature"]);
    let folder = folder
        .with("edited.yml", WARNING)
        .with("new one.yml", WARNING)
        .with(".gitignore", "ignored.yml\n")
        .with("ignored.yml", ERROR);
    let listed = |args: &[&str]| {
        let mut all = vec!["check", "--list-files", "--changed-since"];
        all.extend(args);
        let ran = folder.run(&all);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran.stdout
    };
    assert_eq!(listed(&["main"]), "edited.yml\nnew one.yml\nsub/committed.yml\n");
    assert_eq!(listed(&["HEAD"]), "edited.yml\nnew one.yml\n");
    assert_eq!(listed(&["HEAD", "sub"]), "");
    assert_eq!(listed(&["main", "sub", "old.yml"]), "sub/committed.yml\n");
    let ran = folder.run_in_both_formats(&["check", "--changed-since", "main", "--fail-on", "error"]);
    assert_eq!((ran.code, ran.codes(), ran.stderr.as_str()), (0, vec!["ECS002"; 3], ""));
    let ran = folder.run(&["check", "--changed-since", "HEAD", "sub"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "nothing has changed there");
    let from_below = folder.ecslint(&["check", "--list-files", "--changed-since", "main", ".."]);
    let mut from_below = from_below;
    let output = from_below.current_dir(folder.0.join("sub")).output().expect("ecslint starts");
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(listed, "../edited.yml\n../new one.yml\n../sub/committed.yml\n");
}

#[test]
fn a_revision_that_is_none_is_said() {
    let folder = Folder::new("revision").with("a.yml", ERROR);
    folder.git(&["init", "-q"]);
    folder.commit();
    for wrong in ["--output=x", "no-such", "HEAD:a.yml", "$(id)"] {
        let arg = format!("--changed-since={wrong}");
        let ran = folder.run_in_both_formats(&["check", &arg]);
        ran.says(2, &format!("error: git knows no revision `{wrong}`"));
    }
    let elsewhere = std::env::temp_dir().join(format!("ecslint-no-repository-{}", std::process::id()));
    std::fs::create_dir_all(&elsewhere).expect("a new folder");
    let mut command = folder.ecslint(&["check", "--changed-since", "HEAD"]);
    let output = command.current_dir(&elsewhere).output().expect("ecslint starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && said.starts_with("error: git: not a git repository"),
        "{said}"
    );
    let mut command = folder.ecslint(&["check", "--changed-since", "HEAD"]);
    let output = command.env("PATH", "/no").output().expect("ecslint starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said, "error: `--changed-since` needs git, which is not in PATH\n");
    let _ = std::fs::remove_dir_all(elsewhere);
}

#[test]
fn templates_are_listed_and_nothing_else() {
    let broken = "AWSTemplateFormatVersion: [\n";
    let folder = Folder::new("listed")
        .with("a.yml", ERROR)
        .with("sub/b.json", "{\"Resources\": {\"T\": {\"Type\": \"AWS::SNS::Topic\"}}}");
    let folder = folder.with("k.yml", KUBERNETES).with("broken.yml", broken).with("n.txt", CLEAN);
    let ran = folder.run(&["check", "--list-files"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "a.yml\nbroken.yml\nsub/b.json\n", "")
    );
    let ran = folder.run(&["check", "--list-files", "n.txt", "k.yml"]);
    assert_eq!(ran.stdout, "n.txt\n");
    folder
        .run(&["check", "--list-files", "nowhere.yml"])
        .says(2, "error: no such file or folder: `nowhere.yml`");
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    let folder = Folder::new("stdin-name").with("sub/.ecslint.yaml", "ignore: [ECS002]\n");
    let ran = folder.run_with_stdin(&["check", "-", "--stdin-filename", "a.yml"], WARNING.as_bytes());
    assert!(ran.stdout.contains("a.yml:") && ran.code == 1, "{ran:?}");
    let args = ["check", "-", "--stdin-filename", "sub/a.yml"];
    let ran = folder.run_with_stdin(&args, WARNING.as_bytes());
    assert_eq!((ran.code, ran.codes()), (0, vec![]), "the configuration is that of its folder: {ran:?}");
    folder
        .run(&["check", "--stdin-filename", "a.yml"])
        .says(2, "error: --stdin-filename names what comes through standard input: add the path -");
}

#[cfg(unix)]
#[test]
fn a_watched_file_is_checked_again() {
    let folder = Folder::new("watched").with("a.yml", CLEAN);
    let mut command = folder.ecslint(&["check", "--watch", "--format", "concise"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ecslint starts");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut wait = || said.next().expect("ecslint watches").expect("UTF-8");
    assert_eq!(wait(), "note: watching for changes: Ctrl-C ends it");
    let folder = folder.with("a.yml", WARNING);
    let started = Instant::now();
    assert_eq!(wait(), "note: watching for changes: Ctrl-C ends it");
    assert!(started.elapsed() < Duration::from_secs(30));
    folder.with("sub/b.yml", ERROR);
    wait();
    child.kill().expect("it still watches");
    let output = child.wait_with_output().expect("it ended");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let n = |word: &str| out.matches(word).count();
    assert_eq!((n("a.yml:"), n("b.yml:")), (2, 1), "{out}");
    assert!(!out.contains('\u{1b}'), "no terminal, no codes: {out}");
    let folder = Folder(std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("watched"));
    folder
        .run(&["check", "--watch", "-"])
        .says(2, "error: standard input comes once: --watch needs files or folders");
}
