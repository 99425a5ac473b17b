use serde_json::json;

use super::super::events::Event;
use super::*;
use crate::lint::{self, Options, story};

const TEMPLATE: &str = "
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy:
      ResourceSignal:
        Timeout: PT10M
    Properties:
      MinSize: 1
      MaxSize: 1
      LaunchTemplate:
        LaunchTemplateId: !Ref Launch
        Version: !GetAtt Launch.LatestVersionNumber
      VPCZoneIdentifier: [subnet-1]
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: ami-0123456789abcdef0
        InstanceType: g4dn.xlarge
        KeyName: mine
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
            dnf install -y aws-cfn-bootstrap
            /opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}
";

const NO_SIGNAL: &str = "Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement";

fn operation(resource: &str, reason: &str) -> Operation {
    let mut res = Operation::new(false);
    for (second, id, status, reason) in [
        (0, "demo", "CREATE_IN_PROGRESS", ""),
        (1, resource, "CREATE_IN_PROGRESS", ""),
        (600, resource, "CREATE_FAILED", reason),
        (601, "Other", "CREATE_FAILED", "Resource creation cancelled"),
    ] {
        res.take(&Event {
            id: format!("{second}"),
            at: Timestamp::from_second(second).expect("a time"),
            resource: id.to_owned(),
            type_name: "AWS::AutoScaling::AutoScalingGroup".to_owned(),
            physical: "asg-1".to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            token: String::new(),
            of_stack: id == "demo",
        });
    }
    res
}

/// The cause and the words it stands at.
fn told(source: &str, operation: &Operation, evidence: &Evidence) -> (Diagnosis, String) {
    let options = Options::default();
    let outcome = lint::check(source.as_bytes(), &options);
    let stories = story::stories(source.as_bytes(), &options).expect("a template");
    let brief = Brief::of(source.as_bytes(), &BTreeMap::new()).expect("a template");
    let known = Known { source, brief: &brief, outcome: &outcome, stories: &stories };
    let res = diagnose(operation, evidence, Some(known)).expect("a cause");
    let words = res.finding.span.slice(source).to_owned();
    (res, words)
}

#[track_caller]
fn check(operation: &Operation, evidence: &Evidence, cause: &str, words: &str) -> Diagnosis {
    let (res, at) = told(TEMPLATE, operation, evidence);
    assert!(res.finding.message.contains(cause), "{}", res.finding.message);
    assert_eq!(at, words);
    assert!(diagnose(operation, evidence, None).is_some_and(|it| !it.has_place));
    res
}

fn member() -> Evidence {
    let members = BTreeMap::from([("asg-1".to_owned(), vec!["i-1".to_owned()])]);
    let registered = BTreeMap::from([("demo".to_owned(), Vec::new()), ("default".to_owned(), Vec::new())]);
    let instances =
        json!({"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]});
    Evidence { members, registered, instances: Some(instances), ..Evidence::default() }
}

fn with_console(text: &str) -> Evidence {
    let at = Timestamp::from_second(545).expect("a time");
    let consoles = BTreeMap::from([("i-1".to_owned(), (at, json!({ "Output": text })))]);
    Evidence { consoles, ..member() }
}

fn with_activity(message: &str) -> Evidence {
    let answer = json!({"Activities": [
        {"StatusCode": "Failed", "StatusMessage": message, "Description": "Launching a new EC2 instance.  Status Reason: x"},
    ]});
    Evidence { activities: BTreeMap::from([("asg-1".to_owned(), answer)]), ..Evidence::default() }
}

#[test]
fn what_the_group_says() {
    for (message, cause, words) in [
        (
            "We currently do not have sufficient g4dn.xlarge capacity in the Availability Zone you requested (us-east-1a).",
            "no such instance free",
            "g4dn.xlarge",
        ),
        (
            "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket",
            "quota of vCPUs",
            "g4dn.xlarge",
        ),
        ("The key pair 'mine' does not exist. Launching EC2 instance failed.", "no such key pair", "mine"),
        (
            "The image id '[ami-0123456789abcdef0]' does not exist. Launching EC2 instance failed.",
            "image cannot be used",
            "ami-0123456789abcdef0",
        ),
        (
            "You are not authorized to perform this operation. Launching EC2 instance failed.",
            "may not do this",
            "Group",
        ),
    ] {
        let diagnosis = check(&operation("Group", NO_SIGNAL), &with_activity(message), cause, words);
        assert!(diagnosis.evidence[0].contains(message));
    }
}

#[test]
fn what_the_console_says() {
    let signal =
        "/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}";
    let install = "dnf install -y aws-cfn-bootstrap";
    for (text, cause, words) in [
        (
            "x\n/var/lib/cloud/instance/scripts/part-001: line 4: /opt/aws/bin/cfn-signal: No such file or directory\n",
            "cfn-signal is not installed",
            signal,
        ),
        (
            "Curl error (28): Timeout was reached for https://al2023-repos-us-east-1-de612dc2.s3.amazonaws.com [Connection timed out]",
            "no way out",
            install,
        ),
        (
            "/var/lib/cloud/instance/scripts/part-001: line 3: dnf: command not found",
            "a program that the boot calls is not there",
            install,
        ),
    ] {
        let diagnosis = check(&operation("Group", NO_SIGNAL), &with_console(text), cause, words);
        assert!(diagnosis.evidence.iter().any(|it| it.contains("55 s before")), "{:?}", diagnosis.evidence);
        assert_eq!(diagnosis.cancelled, ["Other"]);
    }
}

#[test]
fn who_is_where() {
    let mut evidence = member();
    let is_in = |id: &str| vec![ContainerInstance { instance: id.to_owned(), connected: true }];
    evidence.registered.insert("default".to_owned(), is_in("i-1"));
    let line = "echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config";
    check(&operation("Group", NO_SIGNAL), &evidence, "joined the cluster `default`", line);
    let mut evidence = member();
    evidence.registered.insert("demo".to_owned(), is_in("i-1"));
    let line =
        "/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}";
    check(&operation("Group", NO_SIGNAL), &evidence, "never told the stack", line);
}

#[test]
fn nothing_is_said() {
    check(&operation("Group", NO_SIGNAL), &with_console(""), "time may be too short", "PT10M");
    let empty =
        Evidence { members: BTreeMap::from([("asg-1".to_owned(), Vec::new())]), ..Evidence::default() };
    check(&operation("Group", NO_SIGNAL), &empty, "no instance that could", "1");
    let line =
        "/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}";
    check(&operation("Group", NO_SIGNAL), &Evidence::default(), "no signal of success", line);
    let failed = "Received 1 FAILURE signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement";
    check(&operation("Group", failed), &member(), "told of a failure", line);
}

#[test]
fn what_was_predicted_and_happened() {
    let bad = TEMPLATE.replace("--resource Group", "--resource Cluster");
    let (res, words) = told(&bad, &operation("Group", NO_SIGNAL), &member());
    assert!(res.code.is_some_and(|it| it.starts_with("ECS2")), "{res:?}");
    assert_eq!(words, "Cluster");
}

#[test]
fn reasons_of_other_resources() {
    for (reason, cause, words) in [
        (
            "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups.",
            "cannot create launch configurations",
            "Launch",
        ),
        ("mine already exists in stack arn:aws:x", "has this name already", "Launch"),
        (
            "User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateLaunchTemplate",
            "may not do this",
            "Launch",
        ),
        ("something new", "Launch failed", "Launch"),
    ] {
        check(&operation("Launch", reason), &Evidence::default(), cause, words);
    }
}
