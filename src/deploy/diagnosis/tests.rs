//! Recorded failures, and what is said of them.

mod harmless;
mod reasons;
mod scripts;
mod show;
mod signals;
mod starts;

use std::fmt::Write as _;

use super::*;
use crate::deploy::events::Event;
use crate::lint;

/// A cluster whose instances are launched, install the helpers, join and signal.
pub(super) const TEMPLATE: &str = "\
Parameters:
  Key: {Type: 'AWS::EC2::KeyPair::KeyName', Default: my-key}
  Secret: {Type: String, NoEcho: true, Default: hunter2-by-default}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Cluster:
    Type: AWS::ECS::Cluster
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /ecs/demo}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: demo-role
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Role]}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    DependsOn: [Route, Association]
    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT10M}}
    Properties:
      VPCZoneIdentifier: [!Ref Subnet]
      LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}
      MinSize: 0
      MaxSize: 2
      DesiredCapacity: 1
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
        InstanceType: t3.micro
        KeyName: !Ref Key
        IamInstanceProfile: {Arn: !GetAtt Profile.Arn}
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
            yum install -y aws-cfn-bootstrap
            /opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}
";

pub(super) const NO_SIGNAL: &str = "Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement";

/// The stack's own row of an event has no type.
pub(super) fn event(second: i64, resource: &str, type_name: &str, status: &str, reason: &str) -> Event {
    let of_stack = type_name.is_empty();
    Event {
        id: format!("{second}-{resource}-{status}"),
        at: jiff::Timestamp::from_second(1_764_000_000 + second).expect("a time"),
        resource: resource.to_owned(),
        type_name: if of_stack { "AWS::CloudFormation::Stack".to_owned() } else { type_name.to_owned() },
        physical: if of_stack {
            "arn:stack".to_owned()
        } else {
            format!("{}-physical", resource.to_lowercase())
        },
        status: status.to_owned(),
        reason: reason.to_owned(),
        token: String::new(),
        of_stack,
    }
}

/// One resource fails with a reason, and the stack is rolled back.
pub(super) fn fails(resource: &str, type_name: &str, reason: &str) -> Evidence {
    Evidence::of(vec![
        event(0, "demo", "", "CREATE_IN_PROGRESS", "User Initiated"),
        event(1, resource, type_name, "CREATE_IN_PROGRESS", ""),
        event(2, resource, type_name, "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        event(604, "Other", "AWS::X::Y", "CREATE_FAILED", "Resource creation cancelled"),
        event(605, resource, type_name, "CREATE_FAILED", reason),
        event(
            606,
            "demo",
            "",
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [X]. Rollback requested by user.",
        ),
    ])
}

/// The group gets no signal.
pub(super) fn no_signal() -> Evidence {
    fails("Group", "AWS::AutoScaling::AutoScalingGroup", NO_SIGNAL)
}

pub(super) fn diagnosed(template: &str, evidence: &Evidence) -> Diagnosis {
    let options = Options::default();
    let outcome = lint::check(template.as_bytes(), &options);
    let checked = Checked { bytes: template.as_bytes(), options: &options, outcome: &outcome };
    diagnose(evidence, Some(&checked)).expect("something failed")
}

/// The kind, the cause and the code, and below them each place: its words and what is said of them.
pub(super) fn told(template: &str, it: &Diagnosis) -> String {
    let code = it.code.map(|it| format!(" [{it}]")).unwrap_or_default();
    let sure = if it.certainty == Certainty::Known { "" } else { "?" };
    let mut res = format!("{:?}{sure}: {}{code}\n", it.kind, it.cause);
    for place in &it.places {
        let _ = writeln!(res, "  {:?} {}", place.span.slice(template), place.label);
    }
    res
}

/// What is told of a failure.
#[track_caller]
pub(super) fn check(template: &str, evidence: &Evidence, expected: &str) {
    let it = diagnosed(template, evidence);
    expect(&told(template, &it), expected, &format!("ev {:?}\n   next {}", it.evidence, it.next));
    assert!(!it.next.is_empty(), "nothing to do");
}

#[track_caller]
pub(super) fn expect(told: &str, expected: &str, what: &str) {
    assert_eq!(told, expected, "{what}");
}

/// The template with one text in the place of another.
#[track_caller]
pub(super) fn with(from: &str, to: &str) -> String {
    assert!(TEMPLATE.contains(from), "{from}");
    TEMPLATE.replace(from, to)
}
