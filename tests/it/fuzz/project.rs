//! What a project says: its configuration, what it does not want to hear, what it knew before.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ecslint::config::{self, baseline as before};
use ecslint::lint::{ALWAYS_TOLD, Means, Options, Outcome, check};
use ecslint::text::Lines;

use super::{text, whole};

const MAX: usize = 4 << 10;

/// A template with findings of some rules; small, since a check of it is most of the work.
const TEMPLATE: &str = "\
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: anybody
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      InstanceType: p2.xlarge
      SecurityGroupIds: [!Ref Group]
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=other >> /etc/ecs/ecs.config
";

/// What is found in it.
static PLAIN: LazyLock<Outcome> = LazyLock::new(|| check(TEMPLATE.as_bytes(), &Options::default()));

/// What is shown of a configuration is the configuration.
pub(super) fn config(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    match config::parse(source) {
        Ok(config) => {
            let shown = |config: &config::Config| {
                let lines = config.show();
                let line = |it: &config::Line| format!("{}{}\n", "  ".repeat(it.depth), it.text);
                lines.iter().map(line).collect::<String>()
            };
            let first = shown(&config);
            let again = config::parse(&first).unwrap_or_else(|it| panic!("{it:?} in\n{first}"));
            assert_eq!(shown(&again), first);
            let (left, right) = (config.options(), again.options());
            assert_eq!(format!("{left:?}"), format!("{right:?}"));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for it in problems {
                assert!(source.get(it.span.start as usize..it.span.end as usize).is_some(), "{it:?}");
            }
        }
    }
}

/// A comment changes what is told and nothing else: what it keeps is still known, and who keeps it.
pub(super) fn suppress(input: &[u8]) {
    let Some(comment) = text(input, MAX) else { return };
    // One line, above what has most findings, behind it, or in its script.
    let mut lines = comment.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\0']);
    let place = comment.len() % 4;
    let Some(comment) = lines.next() else { return };
    // Whatever is no comment would be another template.
    if comment.chars().any(|it| (it.is_control() && it != '\t') || it == '\u{feff}' || it == '$') {
        return;
    }
    let lines: Vec<_> = TEMPLATE.split_inclusive('\n').collect();
    let count = |word: &str| lines.iter().position(|it| it.contains(word)).unwrap_or(0);
    let with = match place {
        0 => format!("# ecslint: {comment}\n{TEMPLATE}"),
        1 => insert(&lines, count("AWS::EC2::SecurityGroup"), &format!("# ecslint: {comment}\n")),
        2 => insert(&lines, count("#!/bin/bash") + 1, &format!("          # ecslint: {comment}\n")),
        _ => {
            let at = count("InstanceType");
            let line = format!("{} # ecslint: {comment}\n", lines[at].trim_end());
            [lines[..at].concat(), line, lines[at + 1..].concat()].concat()
        }
    };
    let outcome = whole::holds(&with, &Options::default());
    let mut all: Vec<_> =
        outcome.diagnostics.iter().map(|it| (it.code.clone(), it.finding.message.clone())).collect();
    for it in &outcome.suppressed {
        assert!(!ALWAYS_TOLD.contains(&&*it.diagnostic.code) && it.by.means == Means::Comment);
        let span = it.by.span.expect("a comment has a place");
        let line = with[..span.end as usize].lines().next_back().unwrap_or_default();
        assert!(line.contains("ecslint"), "{line:?}");
        // Without a reason it works as well, and ECS018 asks for one.
        assert!(it.by.reason.as_ref().is_none_or(|it| !it.trim().is_empty()));
        all.push((it.diagnostic.code.clone(), it.diagnostic.finding.message.clone()));
    }
    all.retain(|it| !["ECS018", "ECS019"].contains(&&*it.0));
    all.sort();
    let mut wanted: Vec<_> =
        PLAIN.diagnostics.iter().map(|it| (it.code.clone(), it.finding.message.clone())).collect();
    wanted.sort();
    assert_eq!(all, wanted);
}

fn insert(lines: &[&str], at: usize, line: &str) -> String {
    [lines[..at].concat(), line.to_owned(), lines[at..].concat()].concat()
}

/// Any baseline can be applied; one that is read is written as it was.
pub(super) fn baseline(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    let mut outcome = PLAIN.clone();
    let n_all = outcome.diagnostics.len();
    match before::parse(source) {
        Ok(baseline) => {
            let paths: Vec<String> = baseline.paths().map(str::to_owned).collect();
            let known: Vec<_> = paths.iter().flat_map(|it| baseline.of(it).to_vec()).collect();
            let written = before::render(known);
            let again = before::parse(&written).unwrap_or_else(|it| panic!("{it:?} in {written}"));
            let all: BTreeMap<_, _> = again.paths().map(|it| (it, again.of(it).len())).collect();
            assert_eq!(all, baseline.paths().map(|it| (it, baseline.of(it).len())).collect());
            for path in paths.iter().map(String::as_str).chain(["a.yml"]) {
                let gone = baseline.apply(path, TEMPLATE, &mut outcome, |_| true);
                assert!(gone.len() <= baseline.of(path).len());
            }
            assert_eq!(outcome.diagnostics.len() + outcome.suppressed.len(), n_all);
        }
        Err(broken) => {
            let lines = Lines::new(source);
            assert!(broken.line <= lines.count() + 1 && !broken.message.is_empty(), "{broken:?}");
        }
    }
}

pub(super) fn config_seeds() -> Vec<Vec<u8>> {
    let seeds = [
        "include: ['*.yml', \"!x\"]\nexclude: [a/**]\nselect: [ECS1, ECS203]\nignore:\n- ECS6\n",
        "per-file-ignores:\n  'a/*': [ECS1]\nseverities: {ECS601: info, ECS6: error}\nfail-on: error\nregion: eu-west-1\n",
        "parameters: {A: b, C: 3, D: true, E: ~, F: 'x, y', G: \"\\n\"}\nbudget: 12.50\npackaged: true\n",
        "ssh-networks: [10.0.0.0/8, \"::1/128\"]\ninstance-types: ['t3.*', m5.large]\nrequired-tags: [team, 'a b', \"#\"]\n",
        "# nothing\n",
        "regoin: x\nbudget: -1\nfail-on: never\n",
    ];
    seeds.map(|it| it.as_bytes().to_vec()).to_vec()
}

pub(super) fn suppress_seeds() -> Vec<Vec<u8>> {
    let seeds = [
        "ignore[ECS303] open on purpose",
        "ignore[ECS303, ECS6] why  ",
        "ignore-file[ECS1] the whole",
        "ignore-file[ECS101,ECS203] the whole of it",
        "ignore[ECS999] no rule",
        "ignore[] x",
        "ignore[ECS303]",
        "ignore ECS303 x",
        "ignroe[ECS303] x",
        "ignore[ECS303] x # ecslint: ignore[ECS6] y",
    ];
    seeds.map(|it| it.as_bytes().to_vec()).to_vec()
}

pub(super) fn baseline_seeds() -> Vec<Vec<u8>> {
    let known = before::known("a.yml", TEMPLATE, &PLAIN);
    let one = known.first().cloned().into_iter().collect();
    let twice = [known.clone(), before::known("b/ä.yml", TEMPLATE, &PLAIN)].concat();
    [one, known, twice, Vec::new()].map(|it| before::render(it).into_bytes()).to_vec()
}
