//! Reports in files.

use std::fs;

use serde_json::Value;

use super::{CLEAN, ERROR, Folder, KUBERNETES, WARNING};
use crate::schema::valid_report;

const FORMATS: [&str; 9] =
    ["human", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html"];

impl Folder {
    /// The names of what is there, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).expect("a folder").filter_map(Result::ok);
        let mut res: Vec<_> = names.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        res.sort_unstable();
        res
    }
}

fn sarif(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"))
}

#[test]
fn a_file_has_what_standard_output_would_have() {
    let folder = Folder::new("outputs").with("a.yml", ERROR).with("b.yml", WARNING).with("c.yml", CLEAN);
    let mut args = vec!["check".to_owned(), "a.yml".to_owned(), "b.yml".to_owned(), "c.yml".to_owned()];
    args.extend(FORMATS.iter().map(|it| format!("--output={it}=report.{it}")));
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let ran = folder.run(&args);
    assert_eq!((ran.code, ran.codes(), ran.stderr.as_str()), (1, vec!["ECS001", "ECS002"], ""));
    for format in FORMATS {
        let mut command = folder.ecslint(&["check", "a.yml", "b.yml", "c.yml", "--format", format]);
        let alone = super::Ran::new(command.env("LC_ALL", "C.UTF-8").output().expect("ecslint starts"));
        assert_eq!(folder.read(&format!("report.{format}")), alone.stdout, "{format}");
        assert_eq!(alone.code, 1, "{format}");
    }
    // Nothing is left of what they were written as.
    assert_eq!(folder.names().len(), 3 + FORMATS.len(), "{:?}", folder.names());
}

#[test]
fn every_format_has_something_to_say_of_nothing() {
    let folder = Folder::new("outputs-nothing").with("pod.yml", KUBERNETES);
    for format in FORMATS {
        let ran = folder.run(&["check", ".", "--format", format]);
        assert_eq!(ran.code, 0, "{format}");
        match format {
            "json" => assert_eq!(valid_report(&ran.stdout)["summary"]["files"], 0),
            "sarif" => assert_eq!(sarif(&ran.stdout)["runs"][0]["results"], Value::Array(Vec::new())),
            "gitlab" => assert_eq!(sarif(&ran.stdout), Value::Array(Vec::new())),
            "junit" => assert!(ran.stdout.ends_with("<testsuites name=\"ecslint\">\n</testsuites>\n")),
            "markdown" => assert_eq!(ran.stdout, "### ecslint: no findings in 0 files\n"),
            "html" => assert!(
                ran.stdout.ends_with("<p>no findings in 0 templates.</p></section>\n</body>\n</html>\n")
            ),
            _ => assert_eq!(ran.stdout, ""),
        }
    }
}

#[track_caller]
fn wrong(name: &str, args: &[&str], reason: &str) {
    let folder = Folder::new(&format!("outputs-wrong-{name}")).with("a.yml", ERROR).with("sub/b.yml", CLEAN);
    let mut all = vec!["check", "a.yml"];
    all.extend(args);
    let before = folder.names();
    let ran = folder.run_in_both_formats(&all);
    assert!(ran.code == 2 && ran.stderr.starts_with("error: ") && ran.stderr.contains(reason), "{ran:?}");
    assert_eq!((folder.names(), ran.stdout.as_str()), (before, ""), "nothing is written");
}

#[test]
fn every_wrong_output_says_what_is_right() {
    wrong("name", &["--output", "sarfi=x"], "no format has this name; did you mean `sarif`?");
    wrong("unknown", &["--output", "csv=x"], "there are: human, concise, json, sarif, junit, github, ");
    wrong("no-file", &["--output", "sarif"], "write it as FORMAT=FILE, such as sarif=report.sarif");
    wrong("empty", &["--output", "sarif="], "write it as FORMAT=FILE");
    wrong("stdout", &["--output", "sarif=-"], "standard output is what --format is for");
    wrong(
        "no-folder",
        &["--output", "json=no/x.json"],
        "cannot write `no/x.json`: the folder `no` does not exist",
    );
    wrong("folder", &["--output", "json=sub"], "cannot write `sub`: it is a folder; name a file");
    wrong("below", &["--output", "json=a.yml/x"], "cannot write `a.yml/x`: ");
    let twice = "two reports go to `./sub/../x`: give each --output a file of its own";
    wrong("twice", &["--output", "json=x", "--output", "junit=./sub/../x"], twice);
    wrong("late", &["--output", "json=x", "--output", "junit=no/x"], "the folder `no` does not exist");
}

#[test]
fn an_unknown_format_names_the_nearest() {
    let folder = Folder::new("outputs-unknown").with("a.yml", CLEAN);
    let ran = folder.run(&["check", "a.yml", "--format", "junti"]);
    assert!(ran.code == 2 && ran.stderr.contains("'junit'"), "{ran:?}");
}

#[test]
fn what_was_checked_is_never_replaced() {
    let folder = Folder::new("outputs-input")
        .with("a.yml", ERROR)
        .with("sub/b.json", r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#);
    let before = (folder.read("a.yml"), folder.read("sub/b.json"));
    let named = folder.run(&["check", "a.yml", "--output", "json=./a.yml", "--output", "junit=x.xml"]);
    let message =
        "error: the report does not replace `./a.yml`, which was checked: write it to another file\n";
    assert_eq!((named.code, named.stderr.as_str(), named.codes()), (2, message, vec!["ECS001"]));
    // The other report is complete.
    assert!(folder.read("x.xml").contains("ECS001"));
    let found = folder.run(&["check", "--output", "sarif=sub/b.json"]);
    assert_eq!(found.code, 2, "{found:?}");
    assert_eq!((folder.read("a.yml"), folder.read("sub/b.json")), before);
    assert_eq!(folder.names(), ["a.yml", "sub", "x.xml"]);
}

#[test]
fn an_earlier_report_in_the_same_folder_is_replaced() {
    let folder = Folder::new("outputs-again").with("a.yml", WARNING);
    for format in ["json", "sarif", "gitlab"] {
        let output = format!("{format}=report.json");
        let args = ["check", ".", "--output", &output];
        assert_eq!(folder.run(&args).code, 1);
        let first = folder.read("report.json");
        let again = folder.run(&args);
        assert_eq!(
            (again.code, again.stderr.as_str(), folder.read("report.json")),
            (1, "", first),
            "{format}"
        );
    }
}

#[test]
fn without_a_configuration_an_earlier_report_stays() {
    let folder = Folder::new("outputs-config").with("a.yml", ERROR).with("r.sarif", "earlier");
    let args =
        ["check", "a.yml", "--region", "us-east-1", "--parameters", "none.json", "--output", "sarif=r.sarif"];
    assert_eq!((folder.run(&args).code, folder.read("r.sarif")), (2, "earlier".to_owned()));
    assert_eq!(folder.names(), ["a.yml", "r.sarif"]);
}

#[test]
fn a_report_on_a_part_says_so() {
    let folder = Folder::new("outputs-part").with("a.yml", ERROR);
    let args = [
        "check",
        "a.yml",
        "none.yml",
        "--format",
        "sarif",
        "--output",
        "junit=r.xml",
        "--output",
        "markdown=r.md",
    ];
    let ran = folder.run(&args);
    assert_eq!(ran.code, 2);
    let run = &sarif(&ran.stdout)["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["results"][0]["ruleId"], "ECS001");
    assert!(folder.read("r.xml").contains("<error type=\"failed\" "));
    assert!(folder.read("r.md").contains("Not everything could be checked"));
}

#[test]
fn wrong_arguments_still_give_a_document() {
    let folder = Folder::new("outputs-arguments");
    let stdout = |format: &str| {
        let ran = folder.run(&["check", "--bogus", "--format", format]);
        assert_eq!(ran.code, 2);
        ran.stdout
    };
    assert_eq!(valid_report(&stdout("json"))["summary"]["files"], 0);
    assert_eq!(sarif(&stdout("sarif"))["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(stdout("gitlab"), "[\n\n]\n");
    assert!(roxmltree::Document::parse(&stdout("junit")).is_ok());
    assert_eq!(stdout("human") + &stdout("concise"), "");
}

#[test]
fn the_rules_as_json() {
    let folder = Folder::new("outputs-rules");
    let rules = sarif(&folder.run(&["rules", "--format", "json"]).stdout);
    let list = rules["rules"].as_array().expect("a list");
    assert_eq!(list.len(), ecslint::rules::RULES.len());
    let rule = list.iter().find(|it| it["code"] == "ECS202").expect("it is there");
    assert_eq!((&rule["name"], &rule["severity"]), (&"signals-other-resource".into(), &"error".into()));
    assert!(rule["url"].as_str().is_some_and(|it| it.ends_with("/rules/ECS202.md")), "{rule}");
    assert!(list.iter().any(|it| it["fix"].is_null()));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_link_stays_a_link_and_rights_stay() {
        let folder = Folder::new("outputs-link").with("a.yml", WARNING).with("real/r.json", "old");
        let real = folder.0.join("real/r.json");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("it is ours");
        symlink("real/r.json", folder.0.join("r.json")).expect("a new link");
        assert_eq!(folder.run(&["check", "a.yml", "--output", "json=r.json"]).code, 1);
        assert!(folder.0.join("r.json").is_symlink());
        valid_report(&folder.read("real/r.json"));
        assert_eq!(fs::metadata(&real).expect("there").permissions().mode() & 0o777, 0o640);
        // One that was checked is found behind a link, too.
        symlink("a.yml", folder.0.join("link.yml")).expect("a new link");
        let ran = folder.run(&["check", "link.yml", "--output", "json=a.yml"]);
        assert_eq!((ran.code, folder.read("a.yml")), (2, WARNING.to_owned()));
        let ran = folder.run(&["check", "a.yml", "--output", "json=link.yml"]);
        assert_eq!((ran.code, folder.read("a.yml")), (2, WARNING.to_owned()));
    }

    #[test]
    fn what_is_read_only_stays() {
        let folder = Folder::new("outputs-read-only").with("a.yml", CLEAN).with("r.json", "old");
        let path = folder.0.join("r.json");
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).expect("it is ours");
        let ran = folder.run(&["check", "a.yml", "--output", "json=r.json"]);
        ran.says(2, "error: cannot write `r.json`: it is read-only");
        assert_eq!(folder.read("r.json"), "old");
    }

    #[test]
    fn devices_take_what_comes() {
        let folder = Folder::new("outputs-device").with("a.yml", CLEAN);
        assert_eq!(folder.run(&["check", "a.yml", "--output", "json=/dev/null"]).code, 0);
        let ran = folder.run(&["check", "a.yml", "--format", "concise", "--output", "json=/dev/stderr"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
        valid_report(&ran.stderr);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_and_the_others_are_written() {
        let folder = Folder::new("outputs-full").with("a.yml", CLEAN);
        let args =
            ["check", "a.yml", "--format", "json", "--output", "sarif=/dev/full", "--output", "json=r.json"];
        let ran = folder.run(&args);
        assert!(ran.code == 2 && ran.stderr.starts_with("error: cannot write `/dev/full`: "), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1);
        valid_report(&ran.stdout);
        valid_report(&folder.read("r.json"));
    }

    #[test]
    fn files_are_written_when_nobody_reads_standard_output() {
        let folder = Folder::new("outputs-pipe");
        let text = format!("{CLEAN}Metadata:\n{}", "  Key: 1\n".repeat(2000));
        let folder = (0..300)
            .fold(folder, |res, idx| res.with(&format!("{idx}.yml"), if idx < 20 { &text } else { CLEAN }));
        let mut command = folder.ecslint(&["check", ".", "--format", "json", "--output", "json=r.json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("ecslint starts");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(1));
        assert_eq!(valid_report(&folder.read("r.json"))["summary"]["files"], 300);
    }
}
