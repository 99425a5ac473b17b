//! The engines for security groups and policies against second ones that know nothing of the first: every rule and
//! every pair of rules of a small world.

use std::fmt::Write as _;

use ecslint::lint::{Options, check};
use ecslint::model::{Answer, Port22, Verdicts};

const NODE: &str = "
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Properties:
      SecurityGroupIds: [!Ref Group]
      IamInstanceProfile: !Ref Profile
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
";

fn verdicts(source: &str) -> Verdicts {
    let mut outcome = check(source.as_bytes(), &Options::default());
    outcome.fleets.pop().and_then(|it| it.verdicts).unwrap_or_else(|| panic!("no fleet in\n{source}"))
}

/// A rule of a security group.
#[derive(Clone, Copy)]
struct Rule {
    protocol: &'static str,
    ports: (u32, u32),
    source: (&'static str, &'static str),
    /// In a resource of its own.
    separate: bool,
}

fn rules() -> Vec<Rule> {
    let mut res = Vec::new();
    for protocol in ["tcp", "6", "udp", "icmp", "-1"] {
        for ports in [(22, 22), (0, 65535), (0, 21), (23, 443), (21, 22), (22, 23)] {
            for source in [
                ("CidrIp", "0.0.0.0/0"),
                ("CidrIp", "192.168.1.0/0"),
                ("CidrIp", "10.0.0.0/8"),
                ("CidrIp", "128.0.0.0/1"),
                ("CidrIpv6", "::/0"),
                ("CidrIpv6", "fd00::/8"),
                ("SourceSecurityGroupId", "sg-0123456789abcdef0"),
            ] {
                for separate in [false, true] {
                    res.push(Rule { protocol, ports, source, separate });
                }
            }
        }
    }
    res
}

fn with_rules(rules: &[Rule]) -> String {
    let mut inline = String::new();
    let mut separate = String::new();
    for (idx, rule) in rules.iter().enumerate() {
        let Rule { protocol, ports: (from, to), source: (key, value), .. } = rule;
        let body = format!("IpProtocol: \"{protocol}\", FromPort: {from}, ToPort: {to}, {key}: \"{value}\"");
        if rule.separate {
            let _ = write!(
                separate,
                "  Rule{idx}:\n    Type: AWS::EC2::SecurityGroupIngress\n    \
                 Properties: {{GroupId: !GetAtt Group.GroupId, {body}}}\n"
            );
        } else {
            let _ = writeln!(inline, "        - {{{body}}}");
        }
    }
    let ingress = if inline.is_empty() { inline } else { format!("      SecurityGroupIngress:\n{inline}") };
    format!(
        "{NODE}  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n{ingress}{separate}"
    )
}

/// Tries one packet after another: addresses of all kinds, to port 22 over TCP.
fn naive_port_22(rules: &[Rule]) -> Port22 {
    let lets_in = |it: &&Rule| match it.protocol {
        "-1" => true,
        "tcp" | "6" => (it.ports.0..=it.ports.1).any(|port| port == 22),
        _ => false,
    };
    let sources: Vec<&str> = rules.iter().filter(lets_in).map(|it| it.source.1).collect();
    let world = ["0.0.0.0/0", "192.168.1.0/0", "::/0"];
    if sources.iter().any(|it| world.contains(it)) {
        Port22::World
    } else if sources.is_empty() {
        Port22::Closed
    } else {
        Port22::Restricted
    }
}

#[test]
fn every_rule_of_a_small_world() {
    for rule in rules() {
        let source = with_rules(&[rule]);
        assert_eq!(verdicts(&source).port_22.verdict, naive_port_22(&[rule]), "{source}");
    }
}

#[test]
fn pairs_of_rules() {
    let all = rules();
    // A step that shares no factor with the number of rules meets every rule in both places.
    for (idx, left) in all.iter().enumerate() {
        let right = all[(idx * 11 + 5) % all.len()];
        let source = with_rules(&[*left, right]);
        assert_eq!(verdicts(&source).port_22.verdict, naive_port_22(&[*left, right]), "{source}");
    }
}

/// A statement of a policy.
#[derive(Clone, Copy)]
struct Statement {
    allow: bool,
    /// `NotAction` instead of `Action`.
    but: bool,
    pattern: &'static str,
}

const WANTED: [&str; 3] = ["ecs:registercontainerinstance", "ecs:discoverpollendpoint", "ecs:poll"];

fn statements() -> Vec<Statement> {
    let patterns = [
        "*",
        "ecs:*",
        "ecs:Poll",
        "ECS:p?ll",
        "logs:*",
        "ecs:Submit*",
        "ecs:*Poll*",
        "ecs:Register*Instance",
    ];
    let mut res = Vec::new();
    for allow in [true, false] {
        for but in [false, true] {
            res.extend(patterns.map(|pattern| Statement { allow, but, pattern }));
        }
    }
    res
}

fn with_statements(statements: &[Statement], as_text: bool) -> String {
    let mut list = String::new();
    for (idx, it) in statements.iter().enumerate() {
        let effect = if it.allow { "Allow" } else { "Deny" };
        let key = if it.but { "NotAction" } else { "Action" };
        let comma = if idx > 0 { ", " } else { "" };
        let _ = write!(
            list,
            "{comma}{{\"Effect\": \"{effect}\", \"{key}\": [\"{}\"], \"Resource\": \"*\"}}",
            it.pattern
        );
    }
    let document = format!("{{\"Statement\": [{list}]}}");
    let document = if as_text { format!("'{document}'") } else { document };
    format!(
        "{NODE}  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x}}}}
  Profile: {{Type: AWS::IAM::InstanceProfile, Properties: {{Roles: [!Ref Role]}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: \"sts:AssumeRole\"}}}}
      Policies:
        - PolicyName: x
          PolicyDocument: {document}
"
    )
}

/// Matches by trying every way in which a star can be used up.
fn naive_match(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|n| naive_match(rest, &text[n..])),
        ([b'?', rest @ ..], [_, text @ ..]) => naive_match(rest, text),
        ([left, rest @ ..], [right, text @ ..]) => left == right && naive_match(rest, text),
        _ => false,
    }
}

fn naive_registers(statements: &[Statement]) -> Answer {
    let speaks = |it: &Statement, action: &str| {
        naive_match(it.pattern.to_lowercase().as_bytes(), action.as_bytes()) != it.but
    };
    let may = |action: &&str| {
        let mut speaking = statements.iter().filter(|it| speaks(it, action));
        let allowed = speaking.clone().any(|it| it.allow);
        allowed && speaking.all(|it| it.allow)
    };
    if WANTED.iter().all(may) { Answer::Yes } else { Answer::No }
}

#[test]
fn every_statement_and_every_pair() {
    let all = statements();
    for left in &all {
        let source = with_statements(&[*left], true);
        assert_eq!(verdicts(&source).registers.verdict, naive_registers(&[*left]), "{source}");
        for (idx, right) in all.iter().enumerate() {
            let source = with_statements(&[*left, *right], idx % 2 == 0);
            assert_eq!(verdicts(&source).registers.verdict, naive_registers(&[*left, *right]), "{source}");
        }
    }
}
