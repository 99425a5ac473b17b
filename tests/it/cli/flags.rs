//! The flags of `check`, and the other commands.

use super::{CLEAN, Folder, WARNING};
use crate::schema::valid_report;

#[test]
fn the_exit_code_counts_from_fail_on() {
    let folder = Folder::new("fail-on").with("a.yml", WARNING);
    let code = |args: &[&str]| {
        let mut all = vec!["check", "a.yml"];
        all.extend(args);
        folder.run_in_both_formats(&all).code
    };
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "info"]), 1);
    assert_eq!(code(&["--fail-on", "warning"]), 1);
    assert_eq!(code(&["--fail-on", "error"]), 0);
    assert_eq!(code(&["--fail-on", "never"]), 0);
}

#[test]
fn rules_are_selected_and_ignored_by_code_or_beginning() {
    let folder = Folder::new("select").with("a.yml", WARNING);
    let codes = |args: &[&str]| {
        let mut all = vec!["check", "a.yml"];
        all.extend(args);
        folder.run(&all).codes().join(" ")
    };
    assert_eq!(codes(&["--select", "ECS002"]), "ECS002");
    assert_eq!(codes(&["--select", "ecs001,ecs0"]), "ECS002");
    assert_eq!(codes(&["--select", "ECS001"]), "");
    assert_eq!(codes(&["--ignore", "ECS002"]), "");
    assert_eq!(codes(&["--ignore", "ECS001", "--ignore", "ECS00"]), "");
}

/// Wrong arguments: exit code 2, the reason, and still one JSON document.
#[track_caller]
fn wrong(args: &[&str], reason: &str) {
    let folder = Folder::new(&format!("wrong-{}", args.join("-").replace(['/', '=', ' ', ','], "_")))
        .with("a.yml", CLEAN)
        .with("list.json", r#"[{"ParameterKey": "A"}]"#)
        .with("broken.json", "[1,\n")
        .with("lines.txt", "A=1\nB\n");
    let mut all = vec!["check", "a.yml"];
    all.extend(args);
    let ran = folder.run_in_both_formats(&all);
    assert!(ran.code == 2 && ran.stderr.contains(reason), "{ran:?}");
    let first = ran.stderr.lines().next().unwrap_or_default();
    assert!(first.starts_with("error: ") && first.len() < 200, "{ran:?}");
    assert_eq!(ran.stdout, "");
}

#[test]
fn every_wrong_argument_says_what_is_right() {
    wrong(&["--select", "ECS0O1"], "no rule has this code; did you mean `ECS001`?");
    wrong(&["--ignore", "E501"], "--ignore: no rule has the code `E501`; `ecslint rules` lists them");
    wrong(&["--select", ""], "no rule has this code");
    wrong(&["-P", "UseSpot"], "write it as KEY=VALUE");
    wrong(&["-P", "=true"], "write it as KEY=VALUE");
    wrong(&["--region", "Frankfurt"], "a region is written like `us-east-1`");
    wrong(&["--fail-on", "fatal"], "possible values");
    wrong(&["--quiet", "--verbose"], "cannot be used with");
    wrong(&["--bogus"], "unexpected argument '--bogus'");
    wrong(&["--parameters", "lists.json"], "no such file or folder: `lists.json`; did you mean `list.json`?");
    wrong(&["--parameters", "."], "`.` is a folder");
    wrong(&["--parameters", "list.json"], "the parameter file `list.json` has an entry 1 that is neither");
    wrong(&["--parameters", "broken.json"], "`broken.json` is no valid JSON: line 2, column 0");
    wrong(&["--parameters", "lines.txt"], "`lines.txt` has a line 2 that is not KEY=VALUE");
}

#[test]
fn parameters_decide_and_the_flag_wins_over_the_file() {
    let text = "\
Parameters:
  Kind: {Type: String, Default: t3.micro}
Resources:
  Node:
    Type: AWS::EC2::Instance
    Properties: {InstanceType: !Ref Kind, ImageId: ami-12345678}
";
    let folder = Folder::new("parameters").with("a.yml", text).with("values.json", r#"["Kind=m5.large"]"#);
    let types = |args: &[&str]| {
        let mut all = vec!["check", "a.yml", "--format", "json"];
        all.extend(args);
        let report = valid_report(&folder.run(&all).stdout);
        report["files"][0]["fleets"][0]["cost"]["instance_types"][0].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(types(&[]), "t3.micro");
    assert_eq!(types(&["--parameters", "values.json"]), "m5.large");
    assert_eq!(types(&["-P", "Kind=c5.large", "--parameters", "values.json"]), "c5.large");
}

#[test]
fn the_help_fits_a_screen() {
    let folder = Folder::new("help");
    for args in [&["--help"][..], &["check", "--help"], &["explain", "--help"]] {
        let ran = folder.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let widest = ran.stdout.lines().map(str::len).max().unwrap_or_default();
        assert!(ran.stdout.lines().count() <= 40 && widest <= 100, "{widest}\n{}", ran.stdout);
    }
    assert!(folder.run(&["--help"]).stdout.contains("Examples:"));
    assert_eq!(folder.run(&["--version"]).stdout, concat!("ecslint ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(folder.run(&[]).code, 2);
}

#[test]
fn explain_prints_the_page_and_rules_lists_all() {
    let folder = Folder::new("explain");
    assert!(folder.run(&["explain", "ecs001"]).stdout.starts_with("# ECS001: unreadable-template\n"));
    let unknown = folder.run(&["explain", "ECS"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("no rule has this code"), "{unknown:?}");
    let list = folder.run(&["rules"]).stdout;
    assert_eq!(list.lines().count(), ecslint::rules::RULES.len());
    assert!(list.contains("ECS001  error"), "{list}");
}

/// A template of one instance, whose script is shown with the lines of the template.
const TEMPLATE: &str = "\
Parameters:
  Token: {Type: String, NoEcho: true, Default: very-secret}
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash -e
          yum install -y jq
          if [ -e /x ]; then systemctl restart docker; fi
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
          echo ECS_ENGINE_AUTH_DATA=${Token} >> /etc/ecs/ecs.config
";

#[test]
fn explain_shows_the_boot() {
    let folder = Folder::new("boot").with("a.yml", TEMPLATE);
    let told = folder.run(&["explain", "--boot", "a.yml"]);
    let expected = [
        "Node: Amazon Linux 2023 with the ECS agent",
        "12 | yum install -y jq",
        "`- installs jq",
        "`- ends the script if it fails",
        "`- starts docker, and waits for it, on some path",
        "`- appends to /etc/ecs/ecs.config",
        "/etc/ecs/ecs.config in the end",
        "| ECS_CLUSTER=${Cluster}",
        "| ECS_ENGINE_AUTH_DATA=****",
        "joins    yes: writes ECS_CLUSTER to /etc/ecs/ecs.config",
        "signals  no, and nothing waits",
    ];
    let plain = told.stdout.replace('│', "|").replace("╰─", "`-");
    for words in expected {
        assert!(plain.contains(words), "{words}\n{}", told.stdout);
    }
    assert!(told.code == 0 && !plain.contains("very-secret"), "{}", told.stdout);
    assert!(folder.run(&["explain", "--boot", "a.yml", "Node"]).code == 0);
    let piped = folder.run_with_stdin(&["explain", "--boot", "-"], TEMPLATE.as_bytes());
    assert_eq!(piped.stdout, told.stdout);
}

#[test]
fn explain_says_what_it_cannot_show() {
    let folder = Folder::new("no_boot").with("a.yml", TEMPLATE);
    let folder = folder.with("none.yml", "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n");
    let folder = folder.with("broken.yml", "Resources:\n  A: [\n");
    let cases = [
        (&["explain", "--boot", "a.yml", "Nod"][..], "has no fleet `Nod`; there are: Node"),
        (&["explain", "--boot", "none.yml"], "starts no instances"),
        (&["explain", "--boot", "broken.yml"], "`ecslint check` says why"),
        (&["explain", "--boot", "missing.yml"], "no such file"),
        (&["explain", "--boot", "."], "is a folder: name one template"),
        (&["explain", "--boot", "a.yml", "--parameters", "missing.json"], "no such file"),
        (&["explain"], "required"),
    ];
    for (args, expected) in cases {
        let told = folder.run(args);
        assert!(
            told.code == 2 && told.stderr.contains(expected) && told.stdout.is_empty(),
            "{args:?} {told:?}"
        );
    }
}
