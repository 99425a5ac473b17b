//! Policies of a project: what each operator finds, where, and that nothing is found which is not proved.

use ecslint::config::policies;
use ecslint::lint::{Options, Outcome, check};
use ecslint::policy::{FIELDS, Kind};

use super::schema::valid_report;

/// A group whose size comes through a parameter, and what is known of other values.
const SOURCE: &str = "\
Parameters:
  Size:
    Type: Number
    Default: 20
  Env:
    Type: String
  Key:
    Type: String
    NoEcho: true
    Default: hunter2
  Zones:
    Type: CommaDelimitedList
    Default: a, b
Conditions:
  Big: !Equals [!Ref Env, prod]
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: !Ref Size
      DesiredCapacity: !If [Big, 8, 2]
      AutoScalingGroupName: !Sub '${Env}-web'
      PlacementGroup: !Ref Key
      Context: !Ref AWS::NoValue
      AvailabilityZones: !Ref Zones
      VPCZoneIdentifier: [!Ref Topic, subnet-1]
      Tags:
        - Key: Name
          Value: web
          PropagateAtLaunch: true
        - {Key: Team, PropagateAtLaunch: false}
";

fn outcome(policies: &str, source: &str) -> Outcome {
    let policies = policies::parse(policies).unwrap_or_else(|it| panic!("{it:?}\n{policies}"));
    let options = Options { policies: policies.into(), ignore: vec!["ECS".to_owned()], ..Options::default() };
    check(source.as_bytes(), &options)
}

/// What a policy about groups says that claims this: the words under the caret, and the value.
fn found(claim: &str) -> Vec<(String, String)> {
    let policy =
        format!("[{{code: T1, resources: 'AWS::AutoScaling::*', assert: {claim}, message: '{{value}}'}}]");
    let told = outcome(&policy, SOURCE).diagnostics;
    assert!(told.iter().all(|it| it.code == "T1" && it.finding.resource.as_deref() == Some("Group")));
    told.iter().map(|it| (it.finding.span.slice(SOURCE).to_owned(), it.finding.message.clone())).collect()
}

#[track_caller]
fn holds(claim: &str) {
    assert_eq!(found(claim), [], "{claim}");
}

#[track_caller]
fn fails(claim: &str, words: &str, value: &str) {
    assert_eq!(found(claim), [(words.to_owned(), value.to_owned())], "{claim}");
}

#[test]
fn each_operator() {
    let path = |rest: &str| format!("{{path: Properties.MaxSize, {rest}}}");
    for rest in ["exists: true", "equals: 20", "in: [10, 20]", "not-in: [10]", "not-equals: 2"] {
        holds(&path(rest));
    }
    for rest in ["matches: '^20$'", "not-matches: '^2$'", "contains: 0", "not-contains: 1", "absent: false"] {
        holds(&path(rest));
    }
    for rest in
        ["less-than: 20.5", "at-most: 20", "more-than: 19", "at-least: 20", "at-least: 1, at-most: 20"]
    {
        holds(&path(rest));
    }
    for rest in ["exists: false", "absent: true", "equals: 2", "in: [10]", "not-in: [20]", "not-equals: 20"] {
        fails(&path(rest), "20", "20");
    }
    for rest in ["matches: '^2$'", "not-matches: 2", "contains: 1", "not-contains: 0"] {
        fails(&path(rest), "20", "20");
    }
    for rest in ["less-than: 20", "at-most: 19", "more-than: 20", "at-least: 21", "at-least: 1, at-most: 2"] {
        fails(&path(rest), "20", "20");
    }
}

/// What is absent equals nothing and is of no size; `AWS::NoValue` is absent.
#[test]
fn what_is_absent() {
    for name in
        ["Properties.Cooldown", "Properties.Context", "UpdatePolicy.X", "Properties.MixedInstancesPolicy.A.B"]
    {
        let place = if name == "Properties.Context" { "Context" } else { "Group" };
        let path = |rest: &str| format!("{{path: {name}, {rest}}}");
        for rest in [
            "absent: true",
            "exists: false",
            "not-equals: a",
            "not-in: [a]",
            "not-matches: a",
            "not-contains: a",
        ] {
            holds(&path(rest));
        }
        for rest in [
            "exists: true",
            "equals: a",
            "in: [a]",
            "matches: a",
            "contains: a",
            "less-than: 1",
            "at-most: 1",
        ] {
            fails(&path(rest), place, "nothing");
        }
    }
    fails("{path: 'Properties.Tags[1].Value', exists: true}", "Key", "nothing");
    fails("{path: 'Properties.Tags[2].Key', exists: true}", "Tags", "nothing");
}

/// What only deployment can tell proves nothing; what is known of it does.
#[test]
fn what_is_unknown_says_nothing() {
    let path = |rest: &str| format!("{{path: Properties.AutoScalingGroupName, {rest}}}");
    for rest in [
        "exists: true",
        "equals: prod-web",
        "not-equals: prod-web",
        "matches: '^prod'",
        "not-matches: '^prod'",
    ] {
        holds(&path(rest));
    }
    for rest in ["in: [prod-web, a]", "less-than: 1", "contains: prod", "not-contains: prod"] {
        holds(&path(rest));
    }
    // It ends with `-web` for certain.
    fails(&path("equals: prod-db"), "${Env}-web", "${Env}-web");
    fails(&path("in: [a, b]"), "${Env}-web", "${Env}-web");
    fails(&path("not-contains: web"), "${Env}-web", "${Env}-web");
    fails(&path("absent: true"), "${Env}-web", "${Env}-web");
    // A macro may add what is not there.
    let policy = "[{code: T1, resources: 'AWS::*', assert: {path: Properties.X, exists: true}, message: x}]";
    assert_eq!(outcome(policy, SOURCE).diagnostics.len(), 2);
    assert!(outcome(policy, &format!("Transform: Mine\n{SOURCE}")).diagnostics.is_empty());
}

#[test]
fn all_any_and_none() {
    holds("{all: 'Properties.Tags[*].Key', in: [Name, Team]}");
    fails("{all: 'Properties.Tags[*].Key', in: [Name]}", "Team", "Team");
    fails("{path: 'Properties.Tags[*].Value', exists: true}", "Key", "nothing");
    holds("{any: 'Properties.Tags[*].Key', equals: Team}");
    fails("{any: 'Properties.Tags[*].Key', equals: Owner}", "Tags", "Name, Team");
    holds("{none: 'Properties.Tags[*].Key', equals: Owner}");
    fails("{none: 'Properties.Tags[*].Key', equals: Name}", "Name", "Name");
    // Where there is none, all are and none is.
    holds("{all: 'Properties.LoadBalancerNames[*]', equals: a}");
    holds("{none: 'Properties.LoadBalancerNames[*]', equals: a}");
    fails("{any: 'Properties.LoadBalancerNames[*]', equals: a}", "Group", "nothing");
    // One of the list is known, the other is not.
    holds("{any: 'Properties.VPCZoneIdentifier[*]', equals: subnet-2}");
    fails("{none: 'Properties.VPCZoneIdentifier[*]', equals: subnet-1}", "subnet-1", "subnet-1");
    fails("{all: 'Properties.VPCZoneIdentifier[*]', equals: subnet-2}", "subnet-1", "subnet-1");
    holds("{path: Properties.VPCZoneIdentifier, contains: subnet-2}");
    fails(
        "{path: Properties.VPCZoneIdentifier, not-contains: subnet-1}",
        "VPCZoneIdentifier",
        "[${Topic}, subnet-1]",
    );
    // A list through a parameter.
    fails("{none: 'Properties.AvailabilityZones[*]', equals: b}", "b", "b");
    fails("{path: 'Properties.AvailabilityZones[0]', equals: b}", "a", "a");
    // One stands for a list of one, and each key has a value.
    fails("{all: 'Properties.MinSize[*]', equals: 2}", "1", "1");
    assert_eq!(found("{none: 'Properties.Tags[*].*', matches: '^(true|Team)$'}").len(), 2);
}

#[test]
fn places_scenarios_and_secrets() {
    let policy = "
- code: T1
  severity: error
  resources: [AWS::SNS::Topic, AWS::AutoScaling::AutoScalingGroup]
  when: {path: Type, matches: Group$}
  assert:
    - {path: Properties.MaxSize, at-most: 10}
    - {path: Properties.DesiredCapacity, at-most: 4}
    - {path: Properties.PlacementGroup, equals: other}
  message: '{resource} ({type}): {path} is {value} {{sic}}'
  help: take less than {value}
";
    let outcome = outcome(policy, SOURCE);
    let [size, secret, desired] = outcome.diagnostics.as_slice() else { panic!("{outcome:?}") };
    let used = size.finding.because.first().expect("where it is used");
    assert_eq!((used.0.slice(SOURCE), used.1.as_str()), ("!Ref Size", "used here"));
    let group = "Group (AWS::AutoScaling::AutoScalingGroup)";
    assert_eq!(size.finding.message, format!("{group}: Properties.MaxSize is 20 {{sic}}"));
    assert_eq!(size.finding.help.as_deref(), Some("take less than 20"));
    assert_eq!(
        (desired.finding.span.slice(SOURCE), desired.severity),
        ("8", ecslint::diagnostic::Severity::Error)
    );
    let scenario = desired.scenarios.as_ref().and_then(|it| it.first()).expect("only when Big");
    assert_eq!(scenario.get("Big"), Some(&true));
    assert!(size.scenarios.is_none());
    assert!(secret.finding.message.contains("****") && !format!("{outcome:?}").contains("is hunter2"));
}

/// Each field says what the report says, under the same name.
#[test]
fn fields_are_those_of_the_report() {
    use ecslint::report::{FileReport, Format, Report, Summary};
    use ecslint::text::Lines;

    let mut known = std::collections::BTreeSet::new();
    for path in ["fixtures/ecs-cluster-def.yml", "fixtures/good-cluster.yml", "fixtures/clean/join.yaml"] {
        let source = std::fs::read_to_string(path).expect("a fixture");
        let outcome = check(source.as_bytes(), &Options::default());
        let lines = Lines::new(&source);
        let mut report = Report::new(Format::Json);
        let piece = report.format().file(&FileReport { path, lines: &lines, outcome: &outcome, views: None });
        let text = report.head() + &report.add(piece) + &report.tail(&Summary::of(&outcome));
        let json = valid_report(&text);
        for fleet in json["files"][0]["fleets"].as_array().expect("a list") {
            let id = fleet["id"].as_str().expect("text");
            for field in FIELDS {
                let value = field.name.split('.').fold(fleet, |at, key| &at[key]);
                let (name, value) = match (field.kind, value.as_array()) {
                    (Kind::Texts, Some(list)) => {
                        (format!("{}[*]", field.name), list.first().cloned().unwrap_or_default())
                    }
                    _ => (field.name.to_owned(), value.clone()),
                };
                let number = value.as_f64().map(|it| it.to_string());
                let value = number.unwrap_or_else(|| value.as_str().unwrap_or("null").to_owned());
                if value == "null" || value == "unknown" {
                    continue;
                }
                known.insert(field.name);
                let told = |claim: &str| {
                    let when = format!("{{path: id, equals: {id}}}");
                    let assert = format!("{{any: '{name}', {claim}: '{value}'}}");
                    let policy = format!(
                        "[{{code: T1, fleets: '*', when: {when}, assert: {assert}, message: '{{value}}'}}]"
                    );
                    super::policy::outcome(&policy, &source)
                        .diagnostics
                        .into_iter()
                        .map(|it| it.finding.message)
                        .collect::<Vec<_>>()
                };
                assert_eq!(told("equals"), [""; 0], "{path} {name}");
                assert!(told("not-equals").iter().all(|it| it.contains(&value)), "{path} {name}");
                assert_eq!(told("not-equals").len(), 1, "{path} {name} {value}");
            }
        }
    }
    assert!(known.len() > 20, "{known:?}");
}

/// A policy is ignored, chosen and weighed like a rule.
#[test]
fn codes_work_like_those_of_rules() {
    let policy =
        "[{code: T1, resources: 'AWS::SNS::*', assert: {path: Properties, exists: true}, message: x}]";
    let policies: std::sync::Arc<[_]> = policies::parse(policy).expect("a policy").into();
    let run = |source: &str, options: Options| {
        let options = Options { policies: std::sync::Arc::clone(&policies), ..options };
        let outcome = check(source.as_bytes(), &options);
        outcome.diagnostics.iter().map(|it| format!("{} {:?}", it.code, it.severity)).collect::<Vec<_>>()
    };
    let source = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
    let list = |text: &str| vec![text.to_owned()];
    assert_eq!(run(source, Options::default()), ["T1 Warning"]);
    assert_eq!(run(source, Options { ignore: list("T"), ..Options::default() }), [""; 0]);
    assert_eq!(run(source, Options { select: list("ECS"), ..Options::default() }), [""; 0]);
    let severities = [("T".to_owned(), ecslint::diagnostic::Severity::Info)].into();
    assert_eq!(run(source, Options { severities, ..Options::default() }), ["T1 Info"]);
    let ignored = source.replace("Topic:", "Topic: # ecslint: ignore[T1] a test");
    assert_eq!(run(&ignored, Options::default()), [""; 0]);
    // One that ignores nothing, and one that nobody has.
    let unused = source.replace("::Topic\n", "::Topic\n    Properties: {} # ecslint: ignore[T1] a test\n");
    assert_eq!(run(&unused, Options::default()), ["ECS019 Warning"]);
    let unknown = source.replace("Topic:", "Topic: # ecslint: ignore[U1] a test");
    assert_eq!(run(&unknown, Options::default()), ["T1 Warning", "ECS018 Warning"]);
}

/// Policies of the greatest number on a large template take time that grows with both, and no more.
#[test]
fn many_policies_are_bounded() {
    let policy = |idx: usize| {
        format!(
            "- {{code: T{idx}, resources: 'AWS::*', assert: {{all: 'Properties.*', matches: '^(a|b)*$'}}, message: '{{value}}'}}\n"
        )
    };
    let policies: String = (0..ecslint::policy::MAX_POLICIES).map(policy).collect();
    let resource =
        |idx: usize| format!("  R{idx}: {{Type: 'AWS::SNS::Topic', Properties: {{DisplayName: x}}}}\n");
    let source: String = "Resources:\n".to_owned() + &(0..500).map(resource).collect::<String>();
    let outcome = outcome(&policies, &source);
    assert!(outcome.effort <= ecslint::resolve::MAX_EFFORT + 1_000_000, "{}", outcome.effort);
    let mut of_first = outcome.diagnostics.iter().filter(|it| it.code == "T0");
    assert_eq!(of_first.by_ref().count(), ecslint::rule::MAX_FINDINGS);
    assert!(outcome.notes.iter().any(|it| it.contains("T0 (policy): 200 findings are told")));
}

/// Whatever is left of a file with policies, or stands in it besides, nothing panics, and what is broken has a place.
#[test]
fn no_text_is_too_broken() {
    let page = include_str!("../../docs/policies.md");
    let whole = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).expect("an example");
    let broken = |text: &str| {
        for problem in policies::parse(text).err().unwrap_or_default() {
            assert!(
                problem.span.end as usize <= text.len() && !problem.message.is_empty(),
                "{problem:?}\n{text}"
            );
        }
    };
    for (at, _) in whole.char_indices().step_by(3) {
        broken(&whole[..at]);
        for extra in ["[", "{", "*x", "!Sub ", "- ", ": ", "\u{0}", "'"] {
            broken(&format!("{}{extra}{}", &whole[..at], &whole[at..]));
        }
    }
    let deep = format!("{}{}", "[".repeat(400), "]".repeat(400));
    broken(&deep);
    broken(&format!("- assert: {deep}"));
}
