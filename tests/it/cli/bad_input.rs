//! Every bad input: one clear answer, the right exit code, soon, never a panic.

use std::fs;
use std::time::{Duration, Instant};

use super::{CLEAN, ERROR, Folder, KUBERNETES, Ran, WARNING};
use crate::schema::valid_report;

/// The one ECS001 of a file.
#[track_caller]
fn unreadable(name: &str, bytes: &[u8], message: &str, help: &str) {
    let folder = Folder::new(name).with("a.yml", bytes);
    let started = Instant::now();
    let ran = folder.run_in_both_formats(&["check", "a.yml"]);
    // Generous, for a build without optimisation on a busy machine.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!((ran.code, ran.codes()), (1, vec!["ECS001"]), "{ran:?}");
    assert!(ran.stdout.contains(message) && ran.stdout.contains(help), "{}", ran.stdout);
}

#[test]
fn no_such_file_names_the_nearest_one() {
    let folder = Folder::new("no-such-file").with("cluster.yml", CLEAN);
    folder
        .run_in_both_formats(&["check", "clutser.yml"])
        .says(2, "error: no such file or folder: `clutser.yml`; did you mean `cluster.yml`?");
    folder
        .run_in_both_formats(&["check", "x/vpc.json"])
        .says(2, "error: no such file or folder: `x/vpc.json`");
}

#[test]
fn one_missing_file_does_not_hide_the_findings_of_the_others() {
    let folder = Folder::new("one-missing").with("a.yml", ERROR);
    let ran = folder.run_in_both_formats(&["check", "missing.json", "a.yml"]);
    assert_eq!((ran.code, ran.codes()), (2, vec!["ECS001"]), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn no_rights() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new("no-rights").with("a.yml", CLEAN).with("sub/b.yml", CLEAN);
    let set = |name: &str, mode| {
        fs::set_permissions(folder.0.join(name), fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    set("a.yml", 0);
    set("sub", 0);
    // The superuser may read everything.
    if fs::read(folder.0.join("a.yml")).is_err() {
        let file = folder.run_in_both_formats(&["check", "a.yml"]);
        file.says(2, "error: no rights to read `a.yml`: change them, or run as a user who may");
        let sub = folder.run_in_both_formats(&["check", "sub"]);
        assert!(sub.code == 2 && sub.stderr.contains("error: no rights to read `sub`"), "{sub:?}");
    }
    set("sub", 0o700);
}

#[test]
fn a_folder_without_templates() {
    let folder = Folder::new("no-templates").with("sub/pod.yml", KUBERNETES).with("sub/main.py", "");
    let ran = folder.run_in_both_formats(&["check", "sub"]);
    ran.says(0, "note: no CloudFormation template in the folder `sub`");
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_template_of_another_kind() {
    let workflow =
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{run: echo Resources}]\n";
    for (name, text) in [("kubernetes", KUBERNETES), ("workflow", workflow)] {
        let folder = Folder::new(name).with("other.yml", text);
        let ran = folder.run_in_both_formats(&["check", "other.yml"]);
        ran.says(0, "note: `other.yml` is no CloudFormation template: passed over");
        assert_eq!(ran.stdout, "");
        folder.run_in_both_formats(&["check", "other.yml", "--only-templates"]).silent();
        let json = folder.run(&["check", "other.yml", "--format", "json"]);
        assert_eq!(valid_report(&json.stdout)["files"][0]["kind"], "other");
    }
}

impl Ran {
    #[track_caller]
    fn silent(&self) {
        assert_eq!((self.code, self.stdout.as_str(), self.stderr.as_str()), (0, "", ""));
    }
}

#[test]
fn hooks_pass_over_what_is_no_template() {
    let folder = Folder::new("hooks").with("empty.yml", "").with("data.json", b"\0\x01\x02\0");
    folder.run_in_both_formats(&["check", "empty.yml", "data.json", "--only-templates"]).silent();
}

#[test]
fn empty() {
    unreadable("empty", b"", "the file is empty", "help: ");
    unreadable("blank", b"\xef\xbb\xbf \n\t\r\n", "the file is empty", "help: ");
}

#[test]
fn binary() {
    unreadable(
        "binary",
        b"\x7fELF\x02\x01\x01\0\0\0\0",
        "] a.yml: the file is binary: byte 7 is NUL",
        "help: ",
    );
    unreadable("nul", b"Resources:\n  A: \0\n", "byte 16 is NUL", "a.yml:2:6");
    unreadable("latin-1", b"Resources:\n  A: \xe4\n", "byte 16 is not UTF-8", "a.yml:2:6");
}

#[test]
fn utf_16() {
    let utf_16 = |mark: u16, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(mark).chain(CLEAN.encode_utf16()).flat_map(to_bytes).collect()
    };
    unreadable("utf-16-le", &utf_16(0xfeff, u16::to_le_bytes), "UTF-16", "iconv");
    unreadable("utf-16-be", &utf_16(0xfeff, u16::to_be_bytes), "UTF-16", "iconv");
}

#[test]
fn twenty_megabytes() {
    let topic = "  # a comment that makes the template long, and longer, and longer still\n";
    let text = CLEAN.to_owned() + &topic.repeat((20 << 20) / topic.len());
    unreadable("twenty", text.as_bytes(), "larger than 16 MB", "help: ");
}

#[test]
fn ten_thousand_levels() {
    let head = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n";
    for (idx, open) in ["[", "{a: ", "- "].iter().enumerate() {
        let text = format!("{head}  A: {}", open.repeat(10_000));
        let folder = Folder::new(&format!("deep-{idx}")).with("a.yml", text);
        let ran = folder.run_in_both_formats(&["check", "a.yml"]);
        assert_eq!((ran.code, ran.codes()), (1, vec!["ECS001"]), "{ran:?}");
    }
    let json = format!(
        "{{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {}",
        "{\"a\":".repeat(10_000)
    );
    unreadable("deep-json", json.as_bytes(), "levels", "help: ");
}

#[test]
fn alias_bomb() {
    let mut text =
        "Resources:\n  T: {Type: AWS::SNS::Topic}\nMetadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            .to_owned();
    for level in 1..12 {
        let alias = format!("*a{}, ", level - 1).repeat(9);
        text += &format!("  a{level}: &a{level} [{}]\n", alias.trim_end_matches(", "));
    }
    let folder = Folder::new("bomb").with("a.yml", text);
    let started = Instant::now();
    let ran = folder.run_in_both_formats(&["check", "a.yml"]);
    assert!(ran.code == 1 && ran.codes().contains(&"ECS003"), "{ran:?}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let folder = Folder::new("fifo");
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("pipe.yml")).status();
    assert!(made.expect("mkfifo is there").success());
    let hint = "not a file: pipe it into `ecslint check -`";
    let pipe = folder.run_in_both_formats(&["check", "pipe.yml"]);
    pipe.says(2, &format!("error: `pipe.yml` is a named pipe, {hint}"));
    let device = folder.run_in_both_formats(&["check", "/dev/zero"]);
    device.says(2, &format!("error: `/dev/zero` is a device, {hint}"));
    // Found in a folder it is none of our business.
    folder.run_in_both_formats(&["check", "."]).says(0, "note: no CloudFormation template in the folder `.`");
}

#[cfg(unix)]
#[test]
fn links_are_read_when_named_and_never_followed_round() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("links").with("real/a.yml", WARNING);
    let link = |to: &str, name: &str| symlink(to, folder.0.join(name)).expect("a new link");
    link("loop.yml", "loop.yml");
    link("..", "real/up");
    link("real/a.yml", "named.yml");
    link("real", "folder");
    let ran = folder.run_in_both_formats(&["check", "loop.yml"]);
    assert!(ran.code == 2 && ran.stderr.starts_with("error: cannot read `loop.yml`: "), "{ran:?}");
    assert_eq!(folder.run(&["check", "named.yml"]).codes(), ["ECS002"]);
    assert_eq!(folder.run(&["check", "folder"]).codes(), ["ECS002"]);
    assert_eq!(folder.run(&["check", "."]).codes(), ["ECS002"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;

    // More than a pipe holds.
    let text = format!("{CLEAN}Metadata:\n{}", format!("  {}: 1\n", "Key".repeat(80)).repeat(200));
    let folder = Folder::new("closed-pipe").with("a.yml", text);
    for format in ["human", "json"] {
        let mut command = folder.ecslint(&["check", "--quiet", "a.yml", "--format", format]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ecslint starts");
        drop(child.stdout.take());
        let ran = Ran::new(child.wait_with_output().expect("ecslint ends"));
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new("full").with("a.yml", WARNING);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("every Linux has it");
    let output = folder.ecslint(&["check", "a.yml"]).stdout(full).output().expect("ecslint starts");
    let ran = Ran::new(output);
    assert!(ran.code == 2 && ran.stderr.starts_with("error: cannot write the report: "), "{ran:?}");
}

#[test]
fn names_cannot_command_the_terminal() {
    let folder = Folder::new("evil-name");
    let ran = folder.run_in_both_formats(&["check", "a\u{1b}[31m.yml", "--select", "ECS001"]);
    ran.says(2, "error: no such file or folder: `a\\u{1b}[31m.yml`");
    let ran = folder.run(&["check", "--format", "\u{1b}[31m"]);
    assert!(ran.code == 2 && !ran.stderr.contains('\u{1b}'), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_without_rights_is_an_error_and_the_others_are_checked() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new("no-rights").with("a/a.yml", WARNING).with("shut/b.yml", WARNING);
    let set = |mode| fs::set_permissions(folder.0.join("shut"), fs::Permissions::from_mode(mode));
    set(0).expect("own folder");
    // Who may do anything reads it all the same.
    let may_enter = fs::read_dir(folder.0.join("shut")).is_ok();
    let ran = folder.run(&["check", "."]);
    set(0o700).expect("own folder");
    if may_enter {
        assert_eq!((ran.code, ran.codes()), (1, vec!["ECS002", "ECS002"]));
    } else {
        assert!(ran.code == 2 && ran.codes() == ["ECS002"] && ran.stderr.contains("shut"), "{ran:?}");
    }
}
