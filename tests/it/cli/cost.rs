//! `ecslint cost`, the configuration, and prices that are asked for.

use super::{CLEAN, Folder, Ran};

const CLUSTER: &str = "\
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '2'
      MaxSize: '4'
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: m5.large
        ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
";

fn cluster(name: &str) -> Folder {
    Folder::new(name).with("cluster.yml", CLUSTER)
}

/// The document of `--format json`.
fn cost(ran: &Ran) -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(&ran.stdout).expect("one JSON document")["cost"].clone()
}

#[test]
fn the_table_is_aligned_and_says_where_prices_come_from() {
    let ran = cluster("cost-table").run(&["cost", "cluster.yml", "--region", "eu-west-1"]);
    let old = "note: some prices are of 2022-11-22, more than a year ago: `--prices live` asks AWS\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, old), "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "On-Demand prices in eu-west-1; a month has 730 hours");
    let row = lines.iter().find(|it| it.starts_with("  m5.large")).expect("a row");
    let words: Vec<_> = row.split_whitespace().collect();
    let expected =
        ["m5.large", "0.1070", "2", "0.2140", "156.22", "4", "0.4280", "312.44", "2022-11-22", "[1]"];
    assert_eq!(words, expected);
    assert!(ran.stdout.contains("public IPv4 address: whether they get one is known at deployment only"));
    assert!(ran.stdout.contains("\n[1] tedivm/ec2details "), "{}", ran.stdout);
    assert!(ran.stdout.lines().all(|it| it.trim_end() == it && it.len() <= 110), "{}", ran.stdout);
}

#[test]
fn the_region_is_that_of_the_flag_the_configuration_the_environment_or_said_to_be_assumed() {
    let folder = cluster("cost-region");
    let region = |folder: &Folder, args: &[&str], env: Option<&str>| {
        let mut all = vec!["cost", "cluster.yml", "--format", "json"];
        all.extend(args);
        let mut command = folder.ecslint(&all);
        command.envs(env.map(|it| ("AWS_REGION", it)));
        let cost = cost(&Ran::new(command.output().expect("ecslint starts")));
        (cost["region"].as_str().map(str::to_owned), cost["region_is_given"].as_bool())
    };
    let is = |name: &str, given| (Some(name.to_owned()), Some(given));
    assert_eq!(region(&folder, &[], None), is("us-east-1", false));
    assert_eq!(region(&folder, &[], Some("eu-west-2")), is("eu-west-2", true));
    let folder = folder.with(".ecslint.yaml", "region: eu-west-3\n");
    assert_eq!(region(&folder, &[], Some("eu-west-2")), is("eu-west-3", true));
    assert_eq!(region(&folder, &["--region", "eu-west-1"], Some("eu-west-2")), is("eu-west-1", true));
    let told = cluster("cost-assumed").run(&["cost", "cluster.yml"]);
    assert!(told.stdout.starts_with("On-Demand prices in us-east-1, since no region is given (--region); "));
}

#[test]
fn facts_of_more_than_a_year_ago_are_said_to_be_so() {
    let folder = cluster("cost-old");
    let run_on = |seconds: &str, args: &[&str]| {
        let mut command = folder.ecslint(args);
        Ran::new(command.env("SOURCE_DATE_EPOCH", seconds).output().expect("ecslint starts")).stderr
    };
    // New Year's Eve of 2026, and of 2036.
    let (young, old) = ("1798761599", "2114380799");
    assert_eq!(run_on(young, &["cost", "cluster.yml"]), "");
    assert_eq!(run_on(young, &["check", "cluster.yml"]), "");
    assert!(
        run_on(old, &["cost", "cluster.yml"]).contains(", more than a year ago: `--prices live` asks AWS\n")
    );
    assert!(
        run_on(old, &["check", "cluster.yml"])
            .contains(", more than a year ago: a newer version knows more\n")
    );
    assert_eq!(run_on(old, &["check", "-q", "cluster.yml"]), "");
}

#[test]
fn what_has_no_bill() {
    let folder = cluster("cost-none").with("topic.yml", CLEAN).with("broken.yml", "Resources: [");
    folder.run(&["cost", "topic.yml"]).says(2, "error: `topic.yml` starts no instances");
    let broken =
        "error: `broken.yml` is no CloudFormation template that can be read: `ecslint check` says why";
    folder.run(&["cost", "broken.yml"]).says(2, broken);
    let json = folder.run(&["cost", "broken.yml", "--format", "json"]);
    json.says(2, broken);
    assert!(cost(&json).is_null());
    folder.run(&["cost", "."]).says(2, "error: `.` is a folder: name one template");
}

#[test]
fn a_configuration_counts_for_the_folders_below_it() {
    let folder = Folder::new("config")
        .with("a/b/cluster.yml", CLUSTER)
        .with("a/.ecslint.yaml", "budget: 100\n")
        .with("other/cluster.yml", CLUSTER)
        .with("large.yaml", "budget: 1000\n");
    let codes = |args: &[&str]| {
        let mut all = vec!["check", "--select", "ECS603"];
        all.extend(args);
        let ran = folder.run(&all);
        (ran.code, ran.codes().len())
    };
    assert_eq!(codes(&["a/b/cluster.yml"]), (1, 1));
    assert_eq!(codes(&["a"]), (1, 1));
    assert_eq!(codes(&["."]), (1, 1));
    assert_eq!(codes(&["other"]), (0, 0));
    assert_eq!(codes(&["a", "--config", "large.yaml"]), (0, 0));
    assert_eq!(codes(&["other", "--config", "a/.ecslint.yaml"]), (1, 1));
}

#[test]
fn a_broken_configuration_is_never_half_used() {
    let folder = cluster("config-broken").with(".ecslint.yaml", "budget: 1\nregoin: eu-west-1\n");
    let ran = folder.run_in_both_formats(&["check", "cluster.yml", "--select", "ECS603"]);
    assert_eq!((ran.code, ran.codes().len()), (2, 0), "{ran:?}");
    let words = ".ecslint.yaml`:2:1: unknown key `regoin`; did you mean `region`?\n";
    assert!(ran.stderr.ends_with(words), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
    let ran = folder.run(&["cost", "cluster.yml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let missing = folder.run(&["check", "--config", "none.yaml"]);
    missing.says(2, "error: no such file or folder: `none.yaml`");
}

#[cfg(unix)]
mod live {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const REPLY: &str = include_str!("cost/get-products.json");

    impl Folder {
        /// A program of the name `aws` in the folder `bin`.
        fn with_aws(self, script: &str) -> Folder {
            let res = self.with("bin/aws", format!("#!/bin/sh\n{script}\n")).with("reply.json", REPLY);
            let path = res.0.join("bin/aws");
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a program");
            res
        }

        fn run_live(&self, args: &[&str]) -> Ran {
            let mut command = self.ecslint(args);
            command.args(["--prices", "live", "--region", "eu-west-1"]);
            command.env("PATH", format!("{}:/usr/bin:/bin", self.0.join("bin").display()));
            command.env("XDG_CACHE_HOME", self.0.join("cache")).env("SOURCE_DATE_EPOCH", "1798761599");
            Ran::new(command.output().expect("ecslint starts"))
        }
    }

    /// Price and date of the first line.
    fn price(ran: &Ran) -> (Option<f64>, Option<String>) {
        let line = cost(ran)["fleets"][0]["lines"][0].clone();
        (line["usd_per_hour_each"].as_f64(), line["as_of"].as_str().map(str::to_owned))
    }

    /// The first line on standard error; the next says how old the tables are.
    fn first_note(ran: &Ran) -> String {
        let first = ran.stderr.lines().next().unwrap_or_default();
        first.strip_prefix("note: ").unwrap_or_default().to_owned()
    }

    const COST: [&str; 4] = ["cost", "cluster.yml", "--format", "json"];

    #[test]
    fn aws_is_asked_once_a_day() {
        let folder =
            cluster("live").with_aws("for it in \"$@\"; do echo \"$it\"; done >> asked; cat reply.json");
        let today = (Some(0.2222), Some("2026-12-31".to_owned()));
        let ran = folder.run_live(&COST);
        assert_eq!((price(&ran), ran.stderr.as_str()), (today.clone(), ""));
        assert_eq!(price(&folder.run_live(&COST)), today);
        let check = folder.run_live(&["check", "cluster.yml"]);
        assert!(check.stdout.contains("$0.44/h, up to $0.89/h"), "{}", check.stdout);
        let asked = fs::read_to_string(folder.0.join("asked")).expect("asked");
        assert_eq!(asked.matches("get-products\n").count(), 1, "{asked}");
        assert!(asked.contains("\nType=TERM_MATCH,Field=instanceType,Value=m5.large\n"), "{asked}");
        assert!(asked.contains("\nType=TERM_MATCH,Field=regionCode,Value=eu-west-1\n"), "{asked}");
        let cached: Vec<_> = fs::read_dir(folder.0.join("cache/ecslint")).expect("a cache").collect();
        assert_eq!(cached.len(), 1);
    }

    #[test]
    fn without_an_answer_the_tables_count_and_it_is_said() {
        let table = (Some(0.107), Some("2022-11-22".to_owned()));
        let told = |name: &str, script: &str| {
            let ran = cluster(name).with_aws(script).run_live(&COST);
            assert_eq!((price(&ran), ran.code), (table.clone(), 0), "{ran:?}");
            first_note(&ran)
        };
        let tables = "prices are those of the tables, not of today: ";
        let credentials = told("live-credentials", "echo 'Unable to locate credentials.' >&2; exit 253");
        assert!(credentials.starts_with(&format!("{tables}the aws CLI has no valid credentials")));
        let refused = told("live-refused", "echo >&2; printf 'AccessDenied \\033[31m\\n' >&2; exit 254");
        assert_eq!(refused, format!("{tables}the aws CLI failed: AccessDenied \\u{{1b}}[31m"));
        let broken = told("live-broken", "echo '<html>'");
        assert_eq!(broken, format!("{tables}the answer of the aws CLI is not understood"));
        let other = told("live-other", "sed s/m5.large/m5.huge/g reply.json");
        assert_eq!(other, "AWS names no price of m5.large in eu-west-1: that of the tables is used");
        let folder = cluster("live-missing");
        let mut command = folder.ecslint(&COST);
        command.args(["--prices", "live", "--region", "eu-west-1"]).env("PATH", "/nowhere:.");
        let ran = Ran::new(command.output().expect("ecslint starts"));
        assert_eq!(price(&ran), table);
        assert_eq!(first_note(&ran), format!("{tables}the aws CLI is not on PATH"));
    }
}
