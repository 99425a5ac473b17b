//! Colour, width and letters, as flags and environment want them.

use super::{Folder, WARNING};

fn stdout(name: &str, args: &[&str], environment: &[(&str, &str)]) -> String {
    let folder = Folder::new(name).with("a.yml", WARNING);
    let mut all = vec!["check", "a.yml"];
    all.extend(args);
    let output = folder.ecslint(&all).envs(environment.iter().copied()).output().expect("ecslint starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn colour_only_where_it_is_wanted() {
    let colored =
        |args: &[&str], environment: &[(&str, &str)]| stdout("colour", args, environment).contains('\u{1b}');
    assert!(!colored(&[], &[]), "a pipe is no terminal");
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]), "the flag wins");
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--format", "json", "--color", "always"], &[]));
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_is_colour_but_for_no_color() {
    let folder = Folder::new("tty").with("a.yml", WARNING);
    // `script` runs a command on a terminal of its own; without it there is nothing to try.
    let run = |no_color: bool| {
        let mut command = std::process::Command::new("script");
        let ecslint = format!("{} check a.yml", env!("CARGO_BIN_EXE_ecslint"));
        command.args(["-qec", &ecslint, "/dev/null"]).current_dir(&folder.0).env("TERM", "xterm");
        command.env_remove("NO_COLOR").env_remove("CLICOLOR").stdin(std::process::Stdio::null());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        command.output().ok().map(|it| String::from_utf8_lossy(&it.stdout).into_owned())
    };
    let (Some(with), Some(without)) = (run(false), run(true)) else { return };
    assert!(with.contains("\u{1b}[1;33m"), "{with}");
    assert!(without.contains("ECS002") && !without.contains('\u{1b}'), "{without}");
}

#[test]
fn the_width_is_that_of_the_terminal_within_bounds() {
    let widest = |columns: &str| {
        let drawn = stdout("width", &[], &[("COLUMNS", columns)]);
        let lines = drawn.lines().filter(|it| !it.contains("https://"));
        lines.map(|it| it.chars().count()).max().unwrap_or_default()
    };
    assert!(widest("50") <= 50);
    assert_eq!(widest("1"), widest("40"));
    assert_eq!(widest("100000"), widest("200"));
    assert_eq!(widest("wide"), widest("80"));
}

#[test]
fn lines_are_drawn_in_letters_that_the_locale_has() {
    let drawn = |environment: &[(&str, &str)]| stdout("locale", &[], environment);
    assert!(drawn(&[]).is_ascii());
    assert!(drawn(&[("LANG", "C")]).is_ascii());
    assert!(drawn(&[("LANG", "de_DE.UTF-8")]).contains('│'));
    assert!(drawn(&[("LC_CTYPE", "C.utf8")]).contains('│'));
    assert!(drawn(&[("LC_ALL", "POSIX"), ("LANG", "en_US.UTF-8")]).is_ascii());
}

/// A log is a terminal that obeys other words.
#[test]
fn nothing_of_a_template_is_a_command_of_a_workflow() {
    let text = "\
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  '::error file=a::b':
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: t3.micro
      ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
      UserData: {'Fn::Base64': \"#!/bin/bash\\necho '##[group]x' >> /etc/ecs/ecs.config\"}
";
    let folder = Folder::new("workflow").with("a.yml", text).with("::error ::.yml", text);
    let runs: [&[&str]; 4] = [
        &["check", "a.yml"],
        &["check", ".", "--format", "concise"],
        &["cost", "a.yml"],
        &["explain", "--boot", "a.yml"],
    ];
    for args in runs {
        let ran = folder.run(args);
        for text in [&ran.stdout, &ran.stderr] {
            let obeyed = |it: &str| it.trim_start().starts_with("::") || it.contains("##[");
            assert!(!text.lines().any(obeyed), "{args:?}\n{text}");
        }
        assert!(ran.stdout.contains(":?error "), "{args:?}\n{}", ran.stdout);
    }
}
