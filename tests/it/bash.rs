//! The abstract machine against the machine's own bash.
//!
//! Generated scripts, whose only effects are writes below a temporary folder, are run by bash with stub commands on
//! the path. What the machine said for certain has to be so; that it does not know is always right. Where there is
//! no bash, nothing is compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecslint::boot::{Boot, ExitCode, Setting, Signal};
use ecslint::model::{Answer, Fleet, Image, ImageFamily, ImageSource, Launch};
use ecslint::resolve::{World, explore};
use ecslint::syntax::parse;
use ecslint::template::Template;

const IMAGE: Image = Image {
    source: ImageSource::Ssm,
    family: Some(ImageFamily::AmazonLinux2),
    variant: None,
    architecture: None,
    ecs: Answer::Yes,
};

/// How many scripts are compared.
const SCRIPTS: u64 = 250;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.roll(of.len() as u64);
        of[usize::try_from(at).expect("internal error: a small number")]
    }
}

/// A script of a few statements.
fn script(dice: &mut Dice) -> String {
    let mut res = String::from("#!/bin/bash\nyum install -y aws-cfn-bootstrap\n");
    if dice.roll(4) == 0 {
        res.push_str("set -e\n");
    }
    for _ in 0..=dice.roll(6) {
        statement(dice, 3, &mut res);
    }
    res
}

fn word(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "a",
        "b",
        "\"$A\"",
        "$A",
        "$B",
        "${B:-c}",
        "\"x $A\"",
        "'$A'",
        "a\\ b",
        "$(echo a)",
        "\"$(cat /tmp/x)\"",
        "$?",
        "${A}b",
        "\"\"",
        "`echo b`",
        "${B:+d}",
    ])
}

fn target(dice: &mut Dice) -> &'static str {
    dice.pick(&["/etc/ecs/ecs.config", "/etc/ecs/ecs.config", "/tmp/x", "/tmp/y"])
}

fn line(dice: &mut Dice) -> String {
    format!("{}={}", dice.pick(&["ECS_CLUSTER", "ECS_CLUSTER", "OTHER"]), word(dice))
}

fn statement(dice: &mut Dice, depth: u32, res: &mut String) {
    let kinds = if depth == 0 { 12 } else { 22 };
    let written = match dice.roll(kinds) {
        0 | 1 => format!("echo {} {} {}", line(dice), dice.pick(&[">", ">>", ">>"]), target(dice)),
        2 => format!("{}={}", dice.pick(&["A", "B"]), word(dice)),
        3 => format!("echo {} | tee {} {} > /dev/null", line(dice), dice.pick(&["", "-a"]), target(dice)),
        4 => {
            let end = dice.pick(&["EOF", "'EOF'"]);
            let line = dice.pick(&[
                "ECS_CLUSTER=$A",
                "ECS_CLUSTER=b",
                "OTHER=$B",
                "ECS_CLUSTER=\\$A",
                "ECS_CLUSTER=${B}",
            ]);
            format!("cat {} {} <<{end}\n{line}\nEOF", dice.pick(&[">", ">>"]), target(dice))
        }
        5 => format!(
            "printf '{}=%s\\n' {} >> {}",
            dice.pick(&["ECS_CLUSTER", "OTHER"]),
            word(dice),
            target(dice)
        ),
        6 => format!("cfn-signal -e {} --stack s --resource Group", dice.pick(&["$?", "0", "1", "$RC"])),
        7 => "RC=$?".to_owned(),
        8 => dice
            .pick(&[
                "true",
                "false",
                "mkdir /etc/ecs",
                "yum install x",
                "cp /tmp/x /etc/ecs/ecs.config",
                "rm -f /tmp/x",
            ])
            .to_owned(),
        9 => dice
            .pick(&[
                "sed -i 's/^ECS_CLUSTER=.*/ECS_CLUSTER=z/' /etc/ecs/ecs.config",
                "sed -i '/ECS_CLUSTER/d' /etc/ecs/ecs.config",
                "sed -i 's/b/q/g' /etc/ecs/ecs.config",
                "cat /tmp/x >> /etc/ecs/ecs.config",
                "mv /tmp/x /tmp/y",
            ])
            .to_owned(),
        10 => format!("{} {}", dice.pick(&["grep -q ECS_CLUSTER", "test -f", "[ -s"]), "/etc/ecs/ecs.config")
            .replace("[ -s /etc/ecs/ecs.config", "[ -s /etc/ecs/ecs.config ]"),
        11 => dice.pick(&["exit 0", "exit 1", "set +e", "unset A", "cd /etc/ecs", "cd /tmp"]).to_owned(),
        12 | 13 => {
            let (mut yes, mut no) = (String::new(), String::new());
            statement(dice, depth - 1, &mut yes);
            statement(dice, depth - 1, &mut no);
            format!("if {}; then\n{yes}else\n{no}fi", condition(dice))
        }
        14 => {
            let mut right = String::new();
            statement(dice, 0, &mut right);
            if right.contains('\n') && right.trim_end().contains('\n') {
                right = "true\n".to_owned();
            }
            format!("{} {} {}", condition(dice), dice.pick(&["&&", "||"]), right.trim_end())
        }
        15 => {
            let mut body = String::new();
            statement(dice, depth - 1, &mut body);
            format!(
                "for B in {} {}; do\n{body}{}done",
                word(dice),
                word(dice),
                dice.pick(&["", "break\n", "continue\n"])
            )
        }
        16 => {
            let mut body = String::new();
            statement(dice, depth - 1, &mut body);
            format!("f() {{\n{body}{}true\n}}\nf {}", dice.pick(&["", "return\n", "A=$1\n"]), word(dice))
        }
        17 => {
            let mut body = String::new();
            statement(dice, depth - 1, &mut body);
            format!("(\n{body})")
        }
        18 => {
            let (mut one, mut two) = (String::new(), String::new());
            statement(dice, depth - 1, &mut one);
            statement(dice, depth - 1, &mut two);
            format!("case {} in a|x*)\n{one};;\n{})\n{two};;\nesac", word(dice), dice.pick(&["*", "b", "?"]))
        }
        19 => {
            let mut body = String::new();
            statement(dice, depth - 1, &mut body);
            format!("{{\n{body}}} {} {}", dice.pick(&[">", ">>"]), target(dice))
        }
        20 => format!(
            "bash -c 'echo ECS_CLUSTER=$1{} >> /etc/ecs/ecs.config' x {}",
            dice.pick(&["", "k"]),
            word(dice)
        ),
        _ => {
            let trap = dice.pick(&["EXIT", "ERR"]);
            format!("trap 'cfn-signal -e $? --stack s --resource Group' {trap}")
        }
    };
    let _ = writeln!(res, "{written}");
}

fn condition(dice: &mut Dice) -> String {
    match dice.roll(9) {
        0 => format!("[ \"$A\" = {} ]", dice.pick(&["a", "\"$B\"", "b"])),
        1 => format!("[[ $A == {} ]]", dice.pick(&["a*", "b", "?"])),
        2 => format!("[ -z \"{}\" ]", dice.pick(&["$A", "$B", "x"])),
        3 => format!("[ -f {} ]", target(dice)),
        4 => "[ -e /tmp/flag ]".to_owned(),
        5 => format!("grep -q ECS_CLUSTER {}", target(dice)),
        6 => dice.pick(&["true", "false", "! true", "! [ -e /tmp/flag ]"]).to_owned(),
        7 => "[[ -n $A && $A != b ]]".to_owned(),
        _ => "test 1 -lt 2".to_owned(),
    }
}

/// What is known for certain.
struct Told {
    setting: Option<Option<String>>,
    /// The signals in order and what each reports; `None` when it is not known which ones are sent.
    signals: Option<Vec<Option<i32>>>,
    /// It is told that a command fails and ends the script.
    stops: bool,
    text: String,
}

fn tell(script: &str) -> Told {
    let indented: String = script.lines().map(|it| format!("            {it}\n")).collect();
    let source = format!(
        "Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{LaunchTemplate: {{LaunchTemplateId: !Ref Nodes, Version: '1'}}}}
  Nodes:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData:
          Fn::Base64: |
{indented}"
    );
    let parsed = parse(&source);
    let root = parsed.tree.roots().next().expect("a template");
    let world = World::new(Template::new(root), BTreeMap::new(), None);
    let told = explore(&world, |scenario| {
        let fleet = scenario.template().resource("Group").and_then(Fleet::of).expect("a group");
        let launch = Launch::of(scenario, &fleet);
        let boot = Boot::of(scenario, &launch.sources[0], IMAGE);
        let setting = match boot.setting("ECS_CLUSTER") {
            Setting::Unknown => None,
            Setting::Unset => Some(None),
            Setting::Set(line) => line.value.known().map(|it| Some(it.to_owned())),
        };
        let code = |it: &ExitCode<'_>| match it {
            ExitCode::Constant(code) => Some(*code),
            ExitCode::Of { .. } | ExitCode::Unknown(_) => None,
        };
        // What `-e` gets from a variable that is not known may be no number, which is refused.
        let unclear = |it: &Signal<'_>| matches!(it.exit_code, ExitCode::Unknown(Some(_)));
        let told = |it: &Signal<'_>| it.certain && it.is_sent() && !unclear(it);
        let open = boot.anything || boot.bounded || !boot.signals.iter().all(told);
        let signals = (!open).then(|| boot.signals.iter().map(|it| code(&it.exit_code)).collect());
        Told {
            setting,
            signals,
            stops: boot.stops.iter().any(|it| it.by == ecslint::boot::StopBy::Failure),
            text: shown(&boot),
        }
    });
    told.answers.into_iter().next().expect("a scenario").1
}

/// For the message of a failure.
fn shown(boot: &Boot<'_>) -> String {
    let signals: Vec<_> = boot.signals.iter().map(|it| (&it.exit_code, it.certain)).collect();
    let setting = match boot.setting("ECS_CLUSTER") {
        Setting::Set(line) => line.value.display(),
        other => format!("{other:?}"),
    };
    format!("{setting} {signals:?}")
}

/// A folder that is gone in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn stub(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::write(&path, text).expect("a stub");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a stub that runs");
}

/// What a script did: its success, the value of the cluster, and what each signal reported.
type Done = (bool, Option<String>, Vec<Option<i32>>);

/// Runs a script below `root`; its success, the value of the cluster and what was signalled.
fn run(root: &Path, script: &str, flag: bool) -> Option<Done> {
    let at = |path: &str| root.join(path);
    let _ = fs::remove_dir_all(root);
    for folder in ["etc/ecs", "tmp", "bin"] {
        fs::create_dir_all(at(folder)).expect("a folder");
    }
    fs::write(at("etc/ecs/ecs.config"), "").expect("an empty file");
    if flag {
        fs::write(at("tmp/flag"), "").expect("a flag");
    }
    stub(&at("bin"), "yum", "#!/bin/sh\nexit 0\n");
    // It refuses what is no number, as the real one does.
    let signals = at("signals").display().to_string();
    let refuse = "case \"$2\" in ''|*[!0-9]*) exit 2;; esac";
    stub(&at("bin"), "cfn-signal", &format!("#!/bin/sh\n{refuse}\necho \"$2\" >> {signals}\n"));
    let below = root.display().to_string();
    // The folder itself may lie in `/tmp`: that goes first.
    let moved = script.replace("/tmp", &format!("{below}/tmp"));
    let moved = moved.replace("/etc/ecs", &format!("{below}/etc/ecs"));
    let file = at("script");
    fs::write(&file, moved).expect("a script");
    let path = format!("{}:/usr/bin:/bin", at("bin").display());
    let mut command = Command::new("bash");
    command.arg(&file).env_clear().env("PATH", path).current_dir(at("tmp"));
    let success = command.output().ok()?.status.success();
    let config = fs::read_to_string(at("etc/ecs/ecs.config")).unwrap_or_default();
    let mut cluster = None;
    for line in config.lines() {
        if let Some(("ECS_CLUSTER", value)) = line.trim().split_once('=') {
            cluster = Some(value.trim().to_owned());
        }
    }
    let signals = fs::read_to_string(at("signals")).unwrap_or_default();
    Some((success, cluster, signals.lines().map(|it| it.trim().parse().ok()).collect()))
}

#[test]
fn what_is_certain_is_so() {
    let root = Folder(std::env::temp_dir().join(format!("ecslint-bash-{}", std::process::id())));
    let (mut wrong, mut decided, mut count) = (String::new(), 0, 0);
    for seed in 0..SCRIPTS {
        let script = script(&mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let told = tell(&script);
        for flag in [false, true] {
            // No bash here.
            let Some((success, cluster, signals)) = run(&root.0, &script, flag) else { return };
            // That a command may fail, on which the script gives up, is true of every command and not told.
            if !success && !told.stops {
                continue;
            }
            count += 1;
            let setting = told.setting.as_ref().is_none_or(|it| *it == cluster);
            // How often a loop runs is not told: each signal that was sent has to be one that is told.
            let same = |told: &Vec<Option<i32>>| {
                let fits = |code: &Option<i32>| told.iter().any(|it| it.is_none() || it == code);
                told.is_empty() == signals.is_empty() && signals.iter().all(fits)
            };
            let signalled = told.signals.as_ref().is_none_or(same);
            decided += usize::from(told.setting.is_some());
            if !setting || !signalled {
                let _ = writeln!(wrong, "{script}\nbash: {cluster:?} {signals:?}\ntold: {}\n", told.text);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    // An answer that never commits itself proves nothing.
    assert!(decided * 2 > count, "only {decided} of {count} decided");
}
