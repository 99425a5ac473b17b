//! To begin with: `init`, `completions`, `man`, the help, and what is said to a slip.

use std::process::{Command, Stdio};

use super::{CLEAN, Folder, program};

#[test]
fn init_writes_what_check_finds_clean() {
    let folder = Folder::new("init");
    let ran = folder.run(&["init"]);
    let expected =
        "note: wrote `cluster.yml`; next: `ecslint check`, `ecslint cost`, `ecslint deploy` with this file";
    ran.says(0, expected);
    let checked = folder.run(&["check", "cluster.yml", "--fail-on", "info"]);
    assert!(checked.code == 0 && checked.stdout.contains("joins Cluster, signals itself"), "{checked:?}");
    assert_eq!(
        folder.run(&["init", "-"]).stdout,
        std::fs::read_to_string(folder.0.join("cluster.yml")).expect("it")
    );
}

#[test]
fn init_does_as_the_flags_say() {
    let folder = Folder::new("init-flags");
    let text = |args: &[&str]| {
        let mut all = vec!["init", "-"];
        all.extend(args);
        let ran = folder.run(&all);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran.stdout
    };
    let gpu = text(&["--gpu", "--service", "--instances", "3"]);
    for words in ["amazon-linux-2023/gpu/", "Default: g4dn.xlarge", "Type: GPU", "Default: 3", "Default: 4"] {
        assert!(gpu.contains(words), "{words}\n{gpu}");
    }
    let arm = text(&["--instance-type", "t4g.small", "--network", "existing"]);
    assert!(arm.contains("amazon-linux-2023/arm64/") && !arm.contains("AWS::EC2::Route"), "{arm}");
    let ssh = text(&["--key-name", "me", "--ssh-from", "203.0.113.7"]);
    assert!(ssh.contains("Default: 'me'") && ssh.contains("Default: 203.0.113.7/32"), "{ssh}");
}

#[test]
fn init_replaces_nothing_unless_it_is_told_to() {
    let folder = Folder::new("init-force").with("cluster.yml", CLEAN);
    folder.run(&["init"]).says(2, "error: `cluster.yml` is there already: --force replaces it");
    let text = || std::fs::read_to_string(folder.0.join("cluster.yml")).expect("it");
    assert_eq!(text(), CLEAN);
    assert_eq!(folder.run(&["init", "--force"]).code, 0);
    assert_ne!(text(), CLEAN);
    #[cfg(unix)]
    {
        // A link that leads nowhere is somebody's too.
        std::os::unix::fs::symlink("elsewhere.yml", folder.0.join("link.yml")).expect("a link");
        assert_eq!(folder.run(&["init", "link.yml"]).code, 2);
    }
    folder
        .run(&["init", "no/cluster.yml"])
        .says(2, "error: cannot write `no/cluster.yml`: the folder `no` does not exist");
    assert_eq!(folder.run(&["init", ".", "--force"]).code, 2);
}

#[test]
fn init_refuses_what_would_not_come_up() {
    let folder = Folder::new("init-wrong");
    let cases: [(&[&str], &str); 9] = [
        (&["--instance-type", "t3.mirco"], "AWS has no such instance type; did you mean `t3.micro`?"),
        (&["--instance-type", "p2.xlarge"], "AWS starts this type in no region any more"),
        (&["--instance-type", "g5g.xlarge"], "no ECS-optimized image"),
        (&["--gpu", "--instance-type", "t3.micro"], "`t3.micro` has no NVIDIA GPU: leave out --gpu"),
        (&["--instances", "0"], "a number from 1 to 500"),
        (&["--key-name", "me"], "--ssh-from"),
        (&["--ssh-from", "10.0.0.0/8"], "--key-name"),
        (&["--key-name", "me", "--ssh-from", "0.0.0.0/0"], "that is every address there is"),
        (&["--network", "nwe"], "possible values: new, existing"),
    ];
    for (args, reason) in cases {
        let mut all = vec!["init"];
        all.extend(args);
        let ran = folder.run(&all);
        assert!(ran.code == 2 && ran.stderr.contains(reason), "{ran:?}");
    }
    assert!(!folder.0.join("cluster.yml").exists());
}

/// What somebody at a terminal answers; `script` gives one, and without it there is nothing to try.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_init_asks() {
    use std::io::Write as _;
    let folder = Folder::new("init-asks");
    let ask = |answers: &str| {
        let mut command = Command::new("script");
        command.args(["-qec", &format!("{} init", program().display()), "/dev/null"]).current_dir(&folder.0);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        child.stdin.take().expect("it is piped").write_all(answers.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        Some((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    // A slip is asked again; a blank line takes what stands in brackets.
    let Some((code, shown)) = ask("maybe\nyes\nt3.micro\n\n2\nexisting\nme\nhome\n198.51.100.7\n\n") else {
        return;
    };
    assert_eq!(code, Some(0), "{shown}");
    for words in
        ["yes or no", "has no NVIDIA GPU", "[g4dn.xlarge]", "write addresses as", "wrote `cluster.yml`"]
    {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let text = std::fs::read_to_string(folder.0.join("cluster.yml")).expect("it");
    for words in ["Default: g4dn.xlarge", "Default: 2", "AWS::EC2::VPC::Id", "Default: 198.51.100.7/32"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    std::fs::remove_file(folder.0.join("cluster.yml")).expect("it");
    let (code, shown) = ask("no\n\u{4}").expect("it was there before");
    assert!(code == Some(2) && shown.contains("the answers end too early"), "{shown}");
    assert!(!folder.0.join("cluster.yml").exists());
}

/// The shells themselves read what is printed, where they are there.
#[test]
fn completions_are_what_the_shells_read() {
    let folder = Folder::new("completions");
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let ran = folder.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.stdout.contains("stdin-filename"), "{shell}");
        let path = folder.0.join(shell);
        std::fs::write(&path, &ran.stdout).expect("a new file");
        if let Ok(output) = Command::new(shell).arg(check).arg(&path).output() {
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
        }
    }
    for shell in ["powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).stdout.contains("stdin-filename"), "{shell}");
    }
    let wrong = folder.run(&["completions", "bahs"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("a similar value exists: 'bash'"), "{wrong:?}");
}

/// What bash offers after `words`, of which the last is being typed.
#[cfg(unix)]
#[test]
fn bash_completes() {
    let folder = Folder::new("bash-completes");
    let script = folder.run(&["completions", "bash"]).stdout;
    std::fs::write(folder.0.join("script"), script).expect("a new file");
    let offered = |words: &str| {
        let run = format!(
            "source ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); \
             _ecslint ecslint \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash").args(["-c", &run]).current_dir(&folder.0).output().expect("bash");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(offered("ecslint ch"), "check");
    assert_eq!(offered("ecslint init --inst"), "--instance-type --instances");
    assert_eq!(offered("ecslint check --format sa"), "sarif");
}

/// Every command has a page, which `man` shows where it is there.
#[test]
fn pages_for_man() {
    let folder = Folder::new("man");
    let help = folder.run(&["--help"]).stdout;
    let commands = help.lines().skip_while(|it| *it != "Commands:").skip(1).take_while(|it| !it.is_empty());
    let commands: Vec<_> = commands.filter_map(|it| it.split_whitespace().next()).collect();
    assert!(commands.contains(&"check") && commands.contains(&"man"), "{help}");
    for command in [""].iter().chain(&commands) {
        let args: Vec<_> = ["man", command].into_iter().filter(|it| !it.is_empty()).collect();
        let ran = folder.run(&args);
        let title = if command.is_empty() { "ecslint".to_owned() } else { format!("ecslint-{command}") };
        assert!(
            ran.code == 0 && ran.stdout.contains(&format!(".TH {title} 1 \" \" \"ecslint ")),
            "{}",
            ran.stdout
        );
        std::fs::write(folder.0.join("page.1"), &ran.stdout).expect("a new file");
        let shown = Command::new("man").args(["--warnings", "-l", "page.1"]).current_dir(&folder.0).output();
        if let Ok(shown) = shown.map(|it| (it.status.success(), it.stdout, it.stderr)) {
            let text = String::from_utf8_lossy(&shown.1);
            assert!(shown.0 && shown.2.is_empty(), "{command}: {}", String::from_utf8_lossy(&shown.2));
            assert!(text.contains("SYNOPSIS") && text.contains("OPTIONS"), "{command}: {text}");
        }
    }
    folder.run(&["man", "chekc"]).says(2, "error: there is no command `chekc`; did you mean `check`?");
}

#[test]
fn each_help_fits_a_screen() {
    let folder = Folder::new("help-of-each");
    let help = folder.run(&["--help"]).stdout;
    let commands = help.lines().skip_while(|it| *it != "Commands:").skip(1).take_while(|it| !it.is_empty());
    for command in commands.filter_map(|it| it.split_whitespace().next()).chain([""]) {
        for columns in ["80", "100"] {
            let args: Vec<_> = [command, "--help"].into_iter().filter(|it| !it.is_empty()).collect();
            let output = folder.ecslint(&args).env("COLUMNS", columns).output().expect("ecslint starts");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let widest = text.lines().map(|it| it.chars().count()).max().unwrap_or_default();
            assert!(
                text.lines().count() <= 50 && widest <= columns.parse().expect("a number"),
                "{widest}\n{text}"
            );
        }
    }
}

#[test]
fn a_slip_is_told_what_was_meant() {
    let folder = Folder::new("slips").with("a.yml", CLEAN).with(
        "b.yml",
        "\
Parameters: {Stage: {Type: String, Default: x}}
Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Stage}}}
",
    );
    let cases: [(&[&str], &str); 10] = [
        (&["chekc"], "'check'"),
        (&["a.yml"], "`a.yml` is no command: to check it, say `ecslint check` before it"),
        (&["check", "--formt", "json"], "'--format'"),
        (&["check", "--format", "jsno"], "'json'"),
        (&["check", "--output", "srif=x"], "`sarif`"),
        (&["check", "a.yaml"], "`a.yml`"),
        (&["explain", "ssh-open-to-wrold"], "`ssh-open-to-world`"),
        (&["explain", "ECS30"], "did you mean `ECS30"),
        (&["check", "b.yml", "-P", "Stgae=y"], "did you mean `Stage`?"),
        (&["check", "b.yml", "--region", "eu-wset-1"], "did you mean `eu-west-1`?"),
    ];
    for (args, expected) in cases {
        let ran = folder.run(args);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
    assert!(folder.run(&["explain", "SSH-open-to-world"]).stdout.starts_with("# ECS303"));
}
