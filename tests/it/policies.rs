//! The engine for policies against a second one that knows nothing of the first: all small sets of statements of a
//! small world.
//!
//! The second one has no rules of evaluation. It tries each statement on the names of real resources, lets every
//! statement in doubt hit and miss, and looks at what comes out.

use std::fmt::Write as _;

use ecslint::iam::{Actions, Effect, Resources, Rights, Statement, Words};
use ecslint::lint::{Options, check};
use ecslint::model::Answer;

/// What is asked, and the resources it may be about. What cannot be limited to a resource is about `*`.
const ASKED: [(&str, &[&str]); 4] = [
    (
        "ecs:RegisterContainerInstance",
        &[
            "arn:aws:ecs:us-east-1:111122223333:cluster/shop",
            "arn:aws:ecs:us-east-1:111122223333:cluster/other",
        ],
    ),
    ("ecs:Poll", &["arn:aws:ecs:us-east-1:111122223333:container-instance/shop/0f9d"]),
    ("ecs:DiscoverPollEndpoint", &["*"]),
    ("logs:PutLogEvents", &["arn:aws:logs:us-east-1:111122223333:log-group:web:log-stream:web/1"]),
];

const PATTERNS: [&str; 6] = ["*", "ecs:*", "ECS:p?ll", "logs:Put*", "ecs:*Poll*", "s3:GetObject"];

const RESOURCES: [&str; 9] = [
    "*",
    "arn:*",
    "arn:aws:*",
    "arn:aws:ecs:*",
    "arn:aws:logs:*:*:*",
    "arn:aws:ecs:*:*:cluster/*",
    "arn:aws:ecs:*:*:cluster/shop",
    "arn:aws:ecs:*:111122223333:*",
    "arn:aws:s3:::bucket/*",
];

/// A statement: allows, all but the pattern, pattern, resource, has a condition.
type Said = (bool, bool, &'static str, &'static str, bool);

fn world(patterns: &[&'static str], resources: &[&'static str], conditions: &[bool]) -> Vec<Said> {
    let mut res = Vec::new();
    for pattern in patterns {
        for resource in resources {
            for conditional in conditions {
                for (allow, but) in [(true, false), (true, true), (false, false), (false, true)] {
                    res.push((allow, but, *pattern, *resource, *conditional));
                }
            }
        }
    }
    res
}

fn rights(said: &[Said]) -> Rights {
    let words = |text: &str| vec![Words { text: text.to_owned(), span: None }];
    let statement = |(allow, but, pattern, resource, conditional): &Said| Statement {
        effect: if *allow { Effect::Allow } else { Effect::Deny },
        actions: if *but { Actions::AllBut(words(pattern)) } else { Actions::Only(words(pattern)) },
        resources: Resources::Only(words(resource)),
        services: Vec::new(),
        other_principals: false,
        conditional: *conditional,
        span: None,
    };
    Rights { statements: said.iter().map(statement).collect(), unknown: false, boundary: None }
}

/// Matches by trying every way in which a star can be used up.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|n| fits(rest, &text[n..])),
        ([b'?', rest @ ..], [_, text @ ..]) => fits(rest, text),
        ([left, rest @ ..], [right, text @ ..]) => left.eq_ignore_ascii_case(right) && fits(rest, text),
        _ => false,
    }
}

/// Whether a statement can hit, and whether it can miss.
fn hits(said: &Said, asked: (&str, &[&str])) -> (bool, bool) {
    let (allow, but, pattern, resource, conditional) = *said;
    let (action, names) = asked;
    if fits(pattern.as_bytes(), action.as_bytes()) == but {
        return (false, true);
    }
    if resource == "*" {
        return (true, conditional);
    }
    // That of a short name and what has no name, nothing is told.
    if names == ["*"] {
        return (resource.split(':').count() < 6, true);
    }
    let hit = names.iter().any(|it| fits(resource.as_bytes(), it.as_bytes()));
    // A name is meant where something is allowed; where it is denied, it may be that of another.
    (hit, !hit || !allow || conditional)
}

/// What comes out where each statement in doubt hits, or misses.
fn naive(said: &[Said], asked: (&str, &[&str])) -> Answer {
    let mut outcomes: Vec<(bool, bool)> = vec![(false, false)];
    for it in said {
        let (can_hit, can_miss) = hits(it, asked);
        let before = std::mem::take(&mut outcomes);
        for (allowed, denied) in before {
            if can_hit {
                outcomes.push((allowed || it.0, denied || !it.0));
            }
            if can_miss {
                outcomes.push((allowed, denied));
            }
        }
    }
    let mut ends = outcomes.iter().map(|(allowed, denied)| *allowed && !denied);
    let first = ends.next().expect("an outcome");
    match (ends.all(|it| it == first), first) {
        (false, _) => Answer::Unknown,
        (true, true) => Answer::Yes,
        (true, false) => Answer::No,
    }
}

fn compare(said: &[Said]) {
    let rights = rights(said);
    for asked in ASKED {
        assert_eq!(rights.may(asked.0).answer, naive(said, asked), "{}: {said:?}", asked.0);
    }
}

#[test]
fn one_and_two_statements() {
    let all = world(&PATTERNS[..5], &RESOURCES, &[false, true]);
    for (idx, left) in all.iter().enumerate() {
        compare(&[*left]);
        // Every statement meets every third one, in either order.
        for right in all.iter().skip(idx % 3).step_by(3) {
            compare(&[*left, *right]);
        }
    }
}

#[test]
fn three_statements() {
    let all =
        world(&["ecs:*", "ecs:*Poll*"], &["*", "arn:aws:*", "arn:aws:ecs:*:*:cluster/shop"], &[false, true]);
    for first in &all {
        for second in &all {
            for third in all.iter().filter(|it| !it.4) {
                compare(&[*first, *second, *third]);
            }
        }
    }
}

/// A boundary and the rights within it: both have to allow.
#[test]
fn a_boundary_takes_away() {
    let all = world(&PATTERNS, &["*", "arn:aws:ecs:*"], &[false, true]);
    for inner in &all {
        for outer in &all {
            let boundary = Some(Box::new(rights(&[*outer])));
            let both = Rights { boundary, ..rights(&[*inner]) };
            for asked in ASKED {
                let expected = naive(&[*inner], asked).max(naive(&[*outer], asked));
                assert_eq!(both.may(asked.0).answer, expected, "{}: {inner:?} within {outer:?}", asked.0);
            }
        }
    }
}

/// Each statement in a template, as a mapping or as text, in the policy of the role or beside it.
#[test]
fn statements_in_templates() {
    for (idx, said) in world(&PATTERNS, &RESOURCES, &[false, true]).iter().enumerate() {
        let source = template(said, idx % 2 == 0, idx % 3 == 0);
        let mut outcome = check(source.as_bytes(), &Options::default());
        let verdicts = outcome.fleets.pop().and_then(|it| it.verdicts).expect("a fleet");
        // In the order of answers the worst comes last.
        let expected = ASKED[..3].iter().map(|it| naive(&[*said], *it)).max();
        assert_eq!(Some(verdicts.registers.verdict), expected, "{source}");
    }
}

fn template((allow, but, pattern, resource, conditional): &Said, as_text: bool, beside: bool) -> String {
    let effect = if *allow { "Allow" } else { "Deny" };
    let key = if *but { "NotAction" } else { "Action" };
    let condition =
        if *conditional { ", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"true\"}}" } else { "" };
    let document = format!(
        "{{\"Statement\": {{\"Effect\": \"{effect}\", \"{key}\": \"{pattern}\", \"Resource\": \"{resource}\"{condition}}}}}"
    );
    let document = if as_text { format!("'{document}'") } else { document };
    let mut res = String::from(
        "
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Properties:
      IamInstanceProfile: !Ref Profile
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties:
      Roles: [!Ref Role]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              Service: ec2.amazonaws.com
            Action: sts:AssumeRole
",
    );
    let _ = if beside {
        write!(
            res,
            "  Policy:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: x\n      Roles: [!Ref Role]\n      PolicyDocument: {document}\n"
        )
    } else {
        write!(res, "      Policies:\n        - PolicyName: x\n          PolicyDocument: {document}\n")
    };
    res
}
