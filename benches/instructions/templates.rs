//! The templates that are measured: of the project, and made in any size.

use std::fmt::Write as _;

/// What everybody starts with.
pub const SMALL: &str = "\
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
      InstanceType: t3.micro
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
";

/// A cluster of GPU instances in a VPC of its own.
pub const USUAL: &str = include_str!("../../fixtures/ecs-cluster-def.yml");

/// A template by its name: `small`, `usual`, `megabyte`, `megabyte-json`, `worst`, or `WHAT-N` of what grows.
///
/// # Panics
/// When there is no such template.
#[must_use]
pub fn named(name: &str) -> String {
    match name {
        "small" => SMALL.to_owned(),
        "usual" => USUAL.to_owned(),
        "megabyte" => megabyte(),
        "megabyte-json" => megabyte_json(),
        "worst" => worst(),
        _ => {
            let (what, size) = name.split_once('-').expect("a name");
            let size: usize = size.parse().expect("a size");
            match what {
                "bytes" => bytes(size),
                "resources" => resources(size),
                "fleets" => fleets(size),
                "conditions" => conditions(size),
                _ => panic!("no template `{name}`"),
            }
        }
    }
}

/// What grows, in sizes of 1 to 64.
pub const GROWING: [&str; 4] = ["bytes", "resources", "fleets", "conditions"];

/// The usual template, and alarms with long descriptions up to a megabyte: as much as CloudFormation takes.
fn megabyte() -> String {
    let mut res = USUAL.replace("Outputs:", "X-Outputs:");
    let at = res.find("\nX-Outputs:").map_or(res.len(), |it| it + 1);
    let mut more = String::new();
    let mut number = 0;
    while res.len() + more.len() < 1_000_000 {
        alarm(number, &mut more);
        number += 1;
    }
    res.insert_str(at, &more);
    res.replace("X-Outputs:", "Outputs:")
}

fn alarm(number: usize, res: &mut String) {
    let words =
        "Somebody has to look at this before the next morning, whatever else is to be done. ".repeat(4);
    let _ = write!(
        res,
        "  Alarm{number}:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmDescription: {words}\n      \
         Namespace: AWS/ECS\n      MetricName: CPUUtilization\n      Dimensions:\n        - Name: ClusterName\n          \
         Value: !Ref ECSCluster\n      Statistic: Average\n      Period: 300\n      EvaluationPeriods: {number}\n      \
         Threshold: 90\n      ComparisonOperator: GreaterThanThreshold\n"
    );
}

/// Topics without end on one line.
fn megabyte_json() -> String {
    let mut res = String::from("{\"Resources\":{\"Cluster\":{\"Type\":\"AWS::ECS::Cluster\"}");
    let mut number = 0;
    while res.len() < 1_000_000 {
        let _ = write!(
            res,
            ",\"Topic{number}\":{{\"Type\":\"AWS::SNS::Topic\",\"Properties\":{{\"DisplayName\":\"a \\\"topic\\\" \\u00fc\",\
             \"Tags\":[{{\"Key\":\"n\",\"Value\":{number}}},{{\"Key\":\"c\",\"Value\":{{\"Ref\":\"Cluster\"}}}}]}}}}"
        );
        number += 1;
    }
    res + "}}\n"
}

/// Reaches the bound on the work for one template: each condition compares texts of all the parameters.
fn worst() -> String {
    let all: String = (0..40).map(|it| format!("${{P{it}}}")).collect();
    let mut res = "Parameters:\n".to_owned();
    for it in 0..40 {
        let _ = writeln!(res, "  P{it}: {{Type: String, Default: x}}");
    }
    res += "Conditions:\n";
    for it in 0..40 {
        let _ = writeln!(res, "  C{it}: !Not [!Equals [!Sub '{all}', !Sub '${{P{it}}}y']]");
    }
    res += "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n";
    for it in 0..40 {
        fleet(it, &format!("    Condition: C{it}\n"), &mut res);
    }
    res
}

/// An instance with a script that joins the cluster.
fn fleet(number: usize, more: &str, res: &mut String) {
    let _ = write!(
        res,
        "  Node{number}:\n    Type: AWS::EC2::Instance\n{more}    Properties:\n      ImageId: '{{{{resolve:ssm:/aws/service/ecs/\
         optimized-ami/amazon-linux-2023/recommended/image_id}}}}'\n      InstanceType: t3.micro\n      UserData:\n        \
         Fn::Base64: !Sub |\n          #!/bin/bash\n          echo ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config\n"
    );
}

/// One fleet, and `size` times 16 KB of descriptions.
fn bytes(size: usize) -> String {
    let mut res = SMALL.to_owned();
    for number in 0..40 * size {
        let words = "word ".repeat(50);
        let _ = write!(
            res,
            "  Topic{number}:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: {words}\n      FifoTopic: false\n      \
             TopicName: \"topic number {number}\"\n"
        );
    }
    res
}

/// One fleet, and `size` times 16 other resources.
fn resources(size: usize) -> String {
    let mut res = SMALL.to_owned();
    for number in 0..16 * size {
        let _ = write!(res, "  Topic{number}:\n    Type: AWS::SNS::Topic\n    DependsOn: Cluster\n");
    }
    res
}

/// `size` times 4 fleets.
fn fleets(size: usize) -> String {
    let mut res = "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n".to_owned();
    (0..4 * size).for_each(|it| fleet(it, "", &mut res));
    res
}

/// `size` times 2 conditions, each on a parameter and on a fleet of its own.
fn conditions(size: usize) -> String {
    let mut res = "Parameters:\n".to_owned();
    for it in 0..2 * size {
        let _ = writeln!(res, "  P{it}: {{Type: String, Default: x}}");
    }
    res += "Conditions:\n";
    for it in 0..2 * size {
        let _ = writeln!(res, "  C{it}: !Equals [!Ref P{it}, x]");
    }
    res += "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n";
    (0..2 * size).for_each(|it| fleet(it, &format!("    Condition: C{it}\n"), &mut res));
    res
}
