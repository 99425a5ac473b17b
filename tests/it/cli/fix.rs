//! `--fix`, `--unsafe-fixes` and `--diff`: what is written, what is left alone, and how it ends.

use std::fs;
use std::process::Command;

use super::{CLEAN, ERROR, Folder, KUBERNETES};
use crate::schema::valid_report;

/// A safe fix (the type of the key's parameter), an unsafe one (the file of the agent), and findings without one.
const BROKEN: &str = "\
# The cluster of the team.
Parameters:
  KeyName:
    Type: String # who may log in
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: \"{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}\"
      InstanceType: t3.micro
      KeyName: !Ref KeyName
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs.config
";

fn mended(all: bool) -> String {
    let safe = BROKEN.replace("Type: String", "Type: AWS::EC2::KeyPair::KeyName");
    if all { safe.replace("/etc/ecs.config", "/etc/ecs/ecs.config") } else { safe }
}

const SELECT: &str = "--select=ECS305,ECS103";

#[test]
fn a_file_is_mended_in_its_place() {
    let folder = Folder::new("fix").with("a.yml", BROKEN).with("b.yml", CLEAN);
    let told = folder.run(&["check", SELECT, "a.yml"]);
    assert!(
        told.stdout.ends_with("1 can be fixed with --fix, 1 more with --unsafe-fixes\n"),
        "{}",
        told.stdout
    );
    assert!(told.stdout.contains("  fix: let `KeyName` be checked (check --fix)\n"), "{}", told.stdout);
    assert_eq!(folder.read("a.yml"), BROKEN, "nothing is written that nobody asked for");

    let safe = folder.run(&["check", SELECT, "--fix"]);
    assert_eq!((safe.code, safe.codes(), safe.stderr.as_str()), (1, vec!["ECS103"], ""));
    assert!(safe.stdout.contains("fixed ECS305: let `KeyName` be checked\n"), "{}", safe.stdout);
    assert!(
        safe.stdout.ends_with("1 error in 1 of 2 files\n1 fixed, 1 more with --unsafe-fixes\n"),
        "{}",
        safe.stdout
    );
    assert_eq!(folder.read("a.yml"), mended(false));

    let all = folder.run(&["check", SELECT, "--fix", "--unsafe-fixes"]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(all.stdout.ends_with("no findings in 2 templates\n1 fixed\n"), "{}", all.stdout);
    assert_eq!(folder.read("a.yml"), mended(true));
    assert_eq!(folder.read("b.yml"), CLEAN);
    assert_eq!(folder.names(), ["a.yml", "b.yml"], "nothing else is left");
    let again = folder.run(&["check", SELECT, "--fix", "--unsafe-fixes", "--format", "json"]);
    assert_eq!(valid_report(&again.stdout)["summary"]["fixed"], 0);
}

#[test]
fn a_diff_leaves_the_file_alone() {
    let folder = Folder::new("fix-diff").with("a.yml", BROKEN).with("b.yml", CLEAN);
    let ran = folder.run(&["check", SELECT, "--diff", "--unsafe-fixes"]);
    ran.says(1, "note: would be 2 fixed");
    assert_eq!(folder.read("a.yml"), BROKEN);
    fs::write(folder.0.join("a.diff"), &ran.stdout).expect("writable");
    // Another program reads it.
    if let Ok(output) = Command::new("git").args(["apply", "-p0", "a.diff"]).current_dir(&folder.0).output() {
        assert!(output.status.success(), "{output:?}\n{}", ran.stdout);
        assert_eq!(folder.read("a.yml"), mended(true));
    }
    let clean = folder.run(&["check", SELECT, "--diff", "b.yml"]);
    assert_eq!((clean.code, clean.stdout.as_str(), clean.stderr.as_str()), (0, "", ""));
    // --diff wins over --fix.
    let both = Folder::new("fix-both").with("a.yml", BROKEN);
    assert_eq!(both.run(&["check", SELECT, "--diff", "--fix"]).code, 1);
    assert_eq!(both.read("a.yml"), BROKEN);
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let folder = Folder::new("fix-stdin");
    let ran = folder.run_with_stdin(&["check", SELECT, "--fix", "-"], BROKEN.as_bytes());
    assert_eq!((ran.code, ran.stdout.as_str()), (1, mended(false).as_str()));
    assert!(ran.stderr.contains("error[ECS103]") && ran.stderr.contains("fixed ECS305"), "{}", ran.stderr);
    let json = folder.run_with_stdin(&["check", SELECT, "--fix", "--format=json", "-"], BROKEN.as_bytes());
    assert_eq!(json.stdout, ran.stdout);
    assert_eq!(valid_report(&json.stderr)["files"][0]["fixed"][0]["code"], "ECS305");
    // What is no template, or a broken one, goes through as it is.
    for text in [KUBERNETES, ERROR, CLEAN, ""] {
        let ran = folder.run_with_stdin(&["check", "--fix", "--unsafe-fixes", "-"], text.as_bytes());
        assert_eq!(ran.stdout, text);
    }
    let diff = folder.run_with_stdin(&["check", SELECT, "--diff", "-"], BROKEN.as_bytes());
    assert!(diff.stdout.starts_with("--- -\n+++ -\n@@"), "{}", diff.stdout);
    let two = folder.run_with_stdin(&["check", "--fix", "-", "a.yml"], BROKEN.as_bytes());
    two.says(
        2,
        "error: --fix writes what came from standard input to standard output: name no other file with it",
    );
    assert_eq!(two.stdout, "");
}

#[test]
fn what_is_suppressed_is_not_mended() {
    let kept = BROKEN.replace("# who may log in", "# ecslint: ignore[ECS305] the old name stays");
    let folder = Folder::new("fix-suppressed").with("a.yml", &kept);
    let ran = folder.run(&["check", SELECT, "--fix", "--unsafe-fixes"]);
    assert_eq!((ran.code, folder.read("a.yml")), (0, kept.replace("/etc/ecs.config", "/etc/ecs/ecs.config")));
    let named = ["check", SELECT, "--fix", "--stdin-filename=a.yml", "-"];
    let ran = folder.run_with_stdin(&named, BROKEN.as_bytes());
    assert_eq!(ran.stdout, mended(false));
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let windows = format!("\u{feff}{}", BROKEN.replace('\n', "\r\n"));
    let folder = Folder::new("fix-crlf").with("a.yml", &windows);
    let options = ["check", "--select=ECS305,ECS103,ECS301", "--fix", "--unsafe-fixes"];
    folder.run(&options);
    assert_eq!(folder.read("a.yml"), format!("\u{feff}{}", mended(true).replace('\n', "\r\n")));
}

#[test]
fn json_and_sarif_have_the_fixes() {
    let folder = Folder::new("fix-formats").with("a.yml", BROKEN);
    let report = valid_report(&folder.run(&["check", SELECT, "--format=json"]).stdout);
    let fix = &report["files"][0]["findings"][0]["fix"];
    assert_eq!(
        (&fix["safety"], &fix["edits"][0]["text"]),
        (&"safe".into(), &"AWS::EC2::KeyPair::KeyName".into())
    );
    let sarif = folder.run(&["check", SELECT, "--format=sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let replaced = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replaced["insertedContent"]["text"], "AWS::EC2::KeyPair::KeyName");
}

#[test]
fn arguments_that_do_not_go_together() {
    let folder = Folder::new("fix-arguments").with("a.yml", BROKEN);
    for args in [&["--unsafe-fixes"][..], &["--diff", "--format=json"], &["--diff", "--output=json=x.json"]] {
        let ran = folder.run(&[&["check", "a.yml"], args].concat());
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{args:?}");
    }
    assert_eq!(folder.names(), ["a.yml"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::path::Path;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
    }

    #[test]
    fn the_mode_stays() {
        let folder = Folder::new("fix-mode").with("a.yml", BROKEN);
        let path = folder.0.join("a.yml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        assert_eq!(folder.run(&["check", SELECT, "--fix", "--unsafe-fixes"]).code, 0);
        assert_eq!((folder.read("a.yml"), mode(&path)), (mended(true), 0o640));
    }

    #[test]
    fn what_is_read_only_or_has_another_name_is_refused() {
        let folder =
            Folder::new("fix-refused").with("a.yml", BROKEN).with("real/b.yml", BROKEN).with("c.yml", BROKEN);
        fs::set_permissions(folder.0.join("a.yml"), fs::Permissions::from_mode(0o444)).expect("it is ours");
        symlink("real/b.yml", folder.0.join("b.yml")).expect("a link");
        fs::hard_link(folder.0.join("c.yml"), folder.0.join("other")).expect("a second name");
        for (name, why) in [
            ("a.yml", "it is read-only"),
            ("b.yml", "it is a symbolic link; name the file itself"),
            ("c.yml", "it has another name (a hard link), which would keep the old text"),
        ] {
            let ran = folder.run(&["check", SELECT, "--fix", "--unsafe-fixes", name]);
            ran.says(2, &format!("error: `{name}` is not fixed: {why}"));
            // What was found is still told, and it is all of it.
            assert_eq!(ran.codes(), ["ECS103", "ECS305"], "{name}");
            assert_eq!(folder.read(name), BROKEN, "{name}");
        }
        assert!(folder.0.join("b.yml").is_symlink());
        assert_eq!(fs::metadata(folder.0.join("c.yml")).expect("it is there").nlink(), 2);
        assert_eq!(folder.names(), ["a.yml", "b.yml", "c.yml", "other", "real"], "nothing is left over");
        // One that is refused does not keep the others.
        let ran = folder.run(&["check", SELECT, "--fix", "a.yml", "real/b.yml"]);
        assert_eq!((ran.code, folder.read("real/b.yml")), (2, mended(false)));
        // Clean files are not written, whatever they are.
        fs::write(folder.0.join("real/b.yml"), mended(true)).expect("writable");
        assert_eq!(folder.run(&["check", SELECT, "--fix", "--unsafe-fixes", "b.yml"]).code, 0);
    }
}
