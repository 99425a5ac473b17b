//! Policies of a project: in its configuration, in files beside it, in lists and pages, and their own tests.

use super::Folder;

const POLICY: &str = "\
- code: ORG001
  name: group-too-large
  severity: error
  resources: AWS::AutoScaling::AutoScalingGroup
  assert: {path: Properties.MaxSize, at-most: 5}
  message: '`{resource}` may have {value} instances'
  examples:
    good:
      - &small |
        Resources:
          Group:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties: {MaxSize: 5}
    bad:
      - |
        Resources:
          Group:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties: {MaxSize: 6}
";

const LARGE: &str = "\
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 9
";

fn project(name: &str) -> Folder {
    Folder::new(name)
        .with("a.yml", LARGE)
        .with(".ecslint.yaml", "policies: [own]\nselect: [ORG]\n")
        .with("own/first.yaml", POLICY.replace("&small ", ""))
        .with("own/second.yml", "policies: [{code: ORG002, fleets: '*', assert: {path: capacity.min, at-least: 2}, message: '{value} is few'}]\n")
        .with("own/README.md", "not one\n")
}

#[test]
fn policies_come_from_files_and_folders() {
    let folder = project("policies");
    let ran = folder.run_in_both_formats(&["check", "a.yml"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["ORG001", "ORG002"]));
    assert!(
        ran.stdout.contains("error[ORG001] group-too-large") && !ran.stdout.contains("rules/ORG001"),
        "{ran:?}"
    );
    let codes =
        |args: &[&str]| folder.run_in_both_formats(&[&["check", "a.yml"], args].concat()).codes().join(" ");
    assert_eq!(codes(&["--select", "org002"]), "ORG002");
    assert_eq!(codes(&["--ignore", "ORG001"]), "ORG002");
    let ran = folder.run_in_both_formats(&["check", "a.yml", "--select", "OGR001"]);
    assert!(
        ran.code == 2
            && ran.stderr.contains("--select: no rule has the code `OGR001`; did you mean `ORG001`?"),
        "{ran:?}"
    );
    // A path is seen from its configuration.
    let ran = super::Ran::new(
        folder
            .ecslint(&["check", "../a.yml"])
            .current_dir(folder.0.join("own"))
            .output()
            .expect("ecslint starts"),
    );
    assert_eq!(ran.codes().len(), 2, "{ran:?}");
}

#[test]
fn policies_are_known_from_before() {
    let folder = project("policies-baseline");
    folder.run(&["check", "a.yml", "--write-baseline", "known.json"]);
    let ran = folder.run_in_both_formats(&["check", "a.yml", "--baseline", "known.json"]);
    assert_eq!((ran.code, ran.codes().len()), (0, 0), "{ran:?}");
    // What is not asked is not gone; what is mended is.
    let ran = folder.run(&["check", "a.yml", "--baseline", "known.json", "--ignore", "ORG"]);
    assert!(!ran.stderr.contains("gone"), "{ran:?}");
    let folder = folder.with("a.yml", LARGE.replace('9', "3"));
    let ran = folder.run(&["check", "a.yml", "--baseline", "known.json"]);
    assert!(ran.stderr.contains("gone since `known.json`: ORG001 of `Group`"), "{ran:?}");
}

#[test]
fn lists_pages_and_sarif_show_them() {
    let folder = project("policies-lists");
    let ran = folder.run(&["rules"]);
    assert!(
        ran.stdout.contains("\nORG001  error    group-too-large ")
            && ran.stdout.contains("\nORG002  warning  policy "),
        "{ran:?}"
    );
    let rules: serde_json::Value =
        serde_json::from_str(&folder.run(&["rules", "--format", "json"]).stdout).expect("JSON");
    let own = rules["rules"]
        .as_array()
        .and_then(|it| it.iter().find(|it| it["code"] == "ORG001"))
        .expect("it is there");
    assert!(own["severity"] == "error" && own["url"].is_null() && own["since"].is_null(), "{own}");
    let ran = folder.run(&["explain", "org001"]);
    assert!(
        ran.code == 0
            && ran.stdout.starts_with("# ORG001 group-too-large\n")
            && ran.stdout.contains("## Bad\n"),
        "{ran:?}"
    );
    let ran = folder.run(&["explain", "ORG003"]);
    assert!(ran.code == 2 && ran.stderr.contains("no rule has this code"), "{ran:?}");
    let report: serde_json::Value =
        serde_json::from_str(&folder.run(&["check", "--format", "sarif"]).stdout).expect("JSON");
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list");
    let own: Vec<_> =
        rules.iter().filter_map(|it| it["id"].as_str()).filter(|it| it.starts_with("ORG")).collect();
    assert_eq!(own, ["ORG001", "ORG002"]);
    assert_eq!(report["runs"][0]["results"][0]["ruleId"], "ORG002");
}

/// What is broken is told at its place, and nothing is checked.
#[test]
fn broken_policies_stop_the_run() {
    let broken = |name: &str, file: &str, text: &str, told: &str| {
        let folder = project(name).with(file, text);
        for command in [&["check", "a.yml"][..], &["policy", "test"], &["rules"]] {
            let ran = folder.run(command);
            assert!(ran.code == 2 && ran.stderr.contains(told), "{told}\n{ran:?}");
            assert!(!ran.stdout.contains("ORG"), "{ran:?}");
        }
    };
    let slip = POLICY.replace("&small ", "").replace("at-most", "at-mots");
    let told = "own/first.yaml`:5:38: unknown key `at-mots`; did you mean `at-most`?";
    broken("policies-slip", "own/first.yaml", &slip, told);
    let twice = POLICY.replace("&small ", "");
    broken(
        "policies-twice",
        "own/third.yaml",
        &twice,
        "own/third.yaml`:1:9: another policy has the code `ORG001`",
    );
    broken(
        "policies-path",
        "own/third.yaml",
        "- other.yaml\n",
        "own/third.yaml`:1:3: a path to policies stands in a configuration only",
    );
    broken("policies-key", "own/third.yaml", "polices: []\n", "own/third.yaml`:1:1: unknown key `polices`");
    let gone = "policies: [owm]\n";
    broken("policies-gone", ".ecslint.yaml", gone, ".ecslint.yaml`:1:12: no such file or folder: ");
    let ignored = "policies: [own]\nignore: [ORG009]\n";
    let told = ".ecslint.yaml`:2:10: no rule has the code `ORG009`; did you mean `ORG001`?";
    let ran = project("policies-ignored").with(".ecslint.yaml", ignored).run(&["check"]);
    assert!(ran.code == 2 && ran.stderr.contains(told), "{ran:?}");
}

#[test]
fn examples_are_tested() {
    let folder = project("policies-test");
    let ran = folder.run(&["policy", "test", "own/first.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "2 examples of 1 policy: all as said\n"));
    let ran = folder.run(&["policy", "test"]);
    assert!(ran.code == 0 && ran.stdout == "2 examples of 2 policies: all as said\n", "{ran:?}");
    assert!(ran.stderr.contains("second.yml:1:19: ORG002 has no examples"), "{ran:?}");
    let told = |text: &str| {
        let folder = Folder::new("policies-wrong").with("own.yaml", text);
        let ran = folder.run(&["policy", "test", "own.yaml"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stdout.ends_with("2 examples of 1 policy: 1 is not as said\n"), "{ran:?}");
        ran.stdout.lines().next().unwrap_or_default().to_owned()
    };
    let plain = POLICY.replace("&small ", "");
    let good = told(&plain.replace("MaxSize: 5", "MaxSize: 50"));
    assert_eq!(good, "own.yaml:13:35: ORG001: found in a good example: `Group` may have 50 instances");
    let bad = told(&plain.replace("MaxSize: 6", "MaxSize: 3"));
    assert_eq!(
        bad,
        "own.yaml:16:9: ORG001: nothing is found in this bad example, or only deployment can tell"
    );
    let open = told(&plain.replace("{MaxSize: 6}", "{MaxSize: !Ref Size"));
    assert!(open.starts_with("own.yaml:19:") && open.contains("this example cannot be read"), "{open}");
    let other = told(&plain.replace("      - |\n        Resources:\n          Group:\n            Type: AWS::AutoScaling::AutoScalingGroup\n            Properties: {MaxSize: 6}", "      - text"));
    assert_eq!(other, "own.yaml:15:9: ORG001: this example is no CloudFormation template");
    // Nothing to test is no success.
    let ran = Folder::new("policies-none").with(".ecslint.yaml", "").run(&["policy", "test"]);
    assert!(ran.code == 2 && ran.stderr.contains("there are no policies"), "{ran:?}");
}

/// The policies of `docs/policies.md` do what their examples say.
#[test]
fn the_page_shows_what_is_so() {
    let page = include_str!("../../../docs/policies.md");
    let example = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).expect("an example");
    let folder = Folder::new("policies-page").with("own.yaml", example).with(".ecslint.yaml", example);
    let ran = folder.run(&["policy", "test", "own.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "4 examples of 3 policies: all as said\n"));
    assert_eq!(folder.run(&["policy", "test"]).stdout, ran.stdout);
}

/// What people write in regular expressions is known to the program that is released, too.
#[test]
fn expressions_of_the_released_program() {
    let policy = |it: &str| {
        format!(
            "policies: [{{code: A1, resources: '*', assert: {{path: Type, not-matches: '{it}'}}, message: x}}]\n"
        )
    };
    for expression in [r"(?i)^aws::", r"^\w+::\S+$", r"^[[:upper:]]{3}\b", r"^(AWS|Custom)::[^\d\s]*$"] {
        let folder =
            Folder::new("policies-regex").with("a.yml", LARGE).with(".ecslint.yaml", policy(expression));
        let ran = folder.run(&["check", "--select", "A1"]);
        assert_eq!((ran.code, ran.codes()), (1, vec!["A1"]), "{expression} {ran:?}");
    }
}
