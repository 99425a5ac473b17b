use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

static NONE: BTreeMap<String, String> = BTreeMap::new();

fn caller(parameters: &BTreeMap<String, String>) -> Caller<'_> {
    Caller { stack: "web", region: Some("eu-west-1"), bucket: None, role: None, tags: false, parameters }
}

fn policy_for(template: &str, caller: &Caller<'_>) -> (Value, Least) {
    let least = least(template.as_bytes(), caller).expect("a template");
    (serde_json::from_str(&least.text).expect("JSON"), least)
}

/// The actions and resources of a statement, a space between, and its condition; empty where there is none.
fn statement(policy: &Value, sid: &str) -> (String, String, String) {
    let list = policy["Statement"].as_array().expect("statements");
    let Some(found) = list.iter().find(|it| it["Sid"] == sid) else { return Default::default() };
    let words = |key: &str| {
        let words = found[key].as_array().expect("a list").iter().map(|it| it.as_str().expect("a text"));
        words.collect::<Vec<_>>().join(" ")
    };
    let condition = found.get("Condition").map(Value::to_string).unwrap_or_default();
    (words("Action"), words("Resource"), condition)
}

/// `describe-stacks` is `DescribeStacks`.
fn action(service: &str, operation: &str) -> String {
    let service = if service == "s3api" { "s3" } else { service };
    format!("{service}:{}", statement::sid(operation))
}

/// Whatever module makes a call: with it the policy grows.
#[test]
fn every_call_of_ours_is_allowed() {
    let template = "
Resources:
  Group: {Type: AWS::AutoScaling::AutoScalingGroup}
Parameters:
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}
  Key: {Type: AWS::EC2::KeyPair::KeyName}
";
    let role = Some("arn:aws:iam::123456789012:role/deployer");
    let caller = Caller { bucket: Some("mine"), role, tags: true, ..caller(&NONE) };
    let (policy, _) = policy_for(template, &caller);
    let text = policy.to_string();
    let source = include_str!("../cloud.rs");
    let mut n_calls = 0;
    for call in source.split("Call::new(").skip(1) {
        let mut words = call.split('"').skip(1).step_by(2);
        let action = action(words.next().expect("a service"), words.next().expect("an operation"));
        // Asking who one is needs no permission.
        assert!(action == "sts:GetCallerIdentity" || text.contains(&format!("\"{action}\"")), "{action}");
        n_calls += 1;
    }
    assert!(n_calls > 15, "{n_calls}");
    assert_eq!(statement(&policy, "NeededUpload").1, "arn:aws:s3:::mine/ecslint/*");
}

#[test]
fn the_stack_alone() {
    let template = "Resources: {Topic: {Type: AWS::SNS::Topic}}";
    let check = |stack, region, expected: &str| {
        let (policy, _) = policy_for(template, &Caller { stack, region, ..caller(&NONE) });
        let (actions, resources, _) = statement(&policy, "NeededStack");
        assert!(actions.contains("cloudformation:CreateChangeSet") && !actions.contains("TagResource"));
        assert_eq!(resources.split(' ').next_back(), Some(expected));
    };
    check("web", Some("eu-west-1"), "arn:aws:cloudformation:eu-west-1:*:stack/web/*");
    check("web", None, "arn:aws:cloudformation:*:*:stack/web/*");
    check("web", Some("cn-north-1"), "arn:aws-cn:cloudformation:cn-north-1:*:stack/web/*");
    check("web", Some("us-gov-west-1"), "arn:aws-us-gov:cloudformation:us-gov-west-1:*:stack/web/*");
    let arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/web/0a1b";
    check(arn, Some("eu-west-1"), "arn:aws:cloudformation:eu-west-1:*:stack/web/*");

    let (policy, least) = policy_for(template, &caller(&NONE));
    assert!(statement(&policy, "NeededSns").0.contains("sns:CreateTopic"));
    assert_eq!(statement(&policy, "OptionalWatching").0, "", "there is nothing to watch");
    assert_eq!(statement(&policy, "NeededDestroy").0, "");
    let without_blanks: String = least.text.split_whitespace().collect();
    assert_eq!((least.characters, least.open), (without_blanks.len(), false));
}

#[test]
fn roles_are_those_of_the_stack() {
    let template = "
Parameters:
  Prefix: {Type: String, Default: shop}
  Later: {Type: String}
Resources:
  Own:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
  Named:
    Type: AWS::IAM::Role
    Properties:
      Path: /teams/
      RoleName: !Sub '${Prefix}-${AWS::StackName}-${AWS::Region}-${Later}'
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Principal: {Service: [!Sub 'ecs-tasks.${AWS::URLSuffix}']}
          Action: sts:AssumeRole
  Abroad:
    Type: AWS::IAM::Role
    Properties:
      RoleName: partner
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '123456789012'}, Action: sts:AssumeRole}]}
  Unclear:
    Type: AWS::IAM::Role
    Properties:
      RoleName: unclear
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: !Ref Later}, Action: sts:AssumeRole}]}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Own]}
  Extra:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: extra, PolicyDocument: {}, Roles: [!Ref Own, visitor]}
";
    let (policy, _) = policy_for(template, &caller(&NONE));
    let (actions, resources, _) = statement(&policy, "NeededIamRole");
    assert!(actions.contains("iam:CreateRole") && actions.contains("iam:PutRolePolicy"), "{actions}");
    assert!(!actions.contains("iam:PassRole") && !actions.contains("User"), "{actions}");
    let role = |name: &str| format!("arn:aws:iam::*:role/{name}");
    let names = ["*visitor", "partner", "teams/shop-web-eu-west-1-*", "unclear", "web-*"];
    assert_eq!(resources, names.map(role).join(" "));
    let profiles = statement(&policy, "NeededIamInstanceProfile");
    assert_eq!(profiles.1, "arn:aws:iam::*:instance-profile/web-*");
    // No group and no user is made or named.
    assert_eq!(statement(&policy, "NeededIamGroup").0, "");

    let passed = |idx: usize| {
        let (_, resources, condition) = statement(&policy, &format!("NeededPassRole{idx}"));
        (resources, condition)
    };
    let to = |service: &str| {
        format!(r#"{{"StringEquals":{{"iam:PassedToService":["{service}.amazonaws.com"]}}}}"#)
    };
    assert_eq!(passed(1), (role("unclear"), String::new()));
    assert_eq!(passed(2), (role("web-*"), to("ec2")));
    assert_eq!(passed(3), (role("teams/shop-web-eu-west-1-*"), to("ecs-tasks")));
    assert_eq!(passed(4), Default::default(), "nobody takes `partner`");

    let given = BTreeMap::from([("Prefix".to_owned(), "${aws:username}\u{1b}".to_owned())]);
    let china = Caller { region: Some("cn-north-1"), ..caller(&given) };
    let (policy, _) = policy_for(template, &china);
    let all = policy.to_string();
    assert!(all.contains("arn:aws-cn:iam::*:role/teams/*aws:username*-web-cn-north-1-*"), "{all}");
    assert!(all.contains(r#"["ec2.amazonaws.com","ec2.amazonaws.com.cn"]"#), "{all}");
}

#[test]
fn long_names_are_cut() {
    let template = "Resources: {TheRoleOfTheInstancesOfTheCluster: {Type: AWS::IAM::Role}}";
    let check = |stack, expected: &str| {
        let (policy, _) = policy_for(template, &Caller { stack, ..caller(&NONE) });
        assert_eq!(statement(&policy, "NeededIamRole").1, format!("arn:aws:iam::*:role/{expected}"));
    };
    check("web", "web-*");
    check("a-stack-of-twenty-four-c", "a-stack-of-twenty-four-c-*");
    check("a-stack-of-many-more-characters", "a-stack-of-many-more-cha*");
}

#[test]
fn roles_from_elsewhere() {
    let template = "
Parameters:
  Role: {Type: String}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !Ref Role
      ExecutionRoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {IamInstanceProfile: {Name: ecsInstanceRole}}}
  Topic:
    Type: AWS::SNS::Subscription
    Properties: {SubscriptionRoleArn: arn:aws:iam::123456789012:role/firehose}
  Table:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Role: nothing}
";
    let (policy, _) = policy_for(template, &caller(&NONE));
    let (_, resources, condition) = statement(&policy, "NeededPassRole3");
    assert_eq!(resources, "arn:aws:iam::*:role/* arn:aws:iam::*:role/ecsTaskExecutionRole");
    assert!(condition.contains("ecs-tasks.amazonaws.com"), "{condition}");
    // A task definition only looks at its roles: none of them may be changed.
    let (actions, looked_at, _) = statement(&policy, "NeededGetRole");
    assert_eq!((actions.as_str(), looked_at.contains(&resources)), ("iam:GetRole", true), "{looked_at}");
    assert_eq!(statement(&policy, "NeededIamRole").0, "");
    let (_, resources, condition) = statement(&policy, "NeededPassRole2");
    assert_eq!(
        (resources.as_str(), condition.contains("ec2.amazonaws.com")),
        ("arn:aws:iam::*:role/*", true)
    );
    assert_eq!(statement(&policy, "NeededPassRole1").1, "arn:aws:iam::123456789012:role/firehose");
    assert!(!policy.to_string().contains("nothing"), "a parameter takes no role");
}

#[test]
fn roles_that_services_make() {
    let check = |resource: &str, expected: &[&str]| {
        let (policy, _) = policy_for(&format!("Resources: {{A: {resource}}}"), &caller(&NONE));
        let expected: Vec<_> =
            expected.iter().map(|it| format!("arn:aws:iam::*:role/aws-service-role/{it}/*")).collect();
        assert_eq!(statement(&policy, "NeededServiceRoles").1, expected.join(" "), "{resource}");
    };
    check("{Type: AWS::ECS::Cluster}", &["ecs.amazonaws.com"]);
    check("{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}", &["elasticloadbalancing.amazonaws.com"]);
    check(
        "{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MixedInstancesPolicy: {InstancesDistribution: {}}}}",
        &["autoscaling.amazonaws.com", "spot.amazonaws.com"],
    );
    check(
        "{Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {ServiceNamespace: ecs}}",
        &["ecs.application-autoscaling.amazonaws.com"],
    );
    check("{Type: AWS::ElastiCache::ParameterGroup}", &["*"]);
    check("{Type: AWS::SNS::Topic}", &[]);
}

#[test]
fn what_is_looked_up() {
    let template = "
Parameters:
  Key: {Type: AWS::EC2::KeyPair::KeyName}
  Nets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/image}
  Own: {Type: 'AWS::SSM::Parameter::Value<String>', Default: settings}
  Stage: {Type: String}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub '{{resolve:ssm:/shop/${AWS::Region}/${Stage}/name:3}}'
      TopicName: '{{resolve:secretsmanager:shop/key:SecretString:user}}'
      KmsMasterKeyId: '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-x1y2z3:SecretString}}'
      Zone: !Select [0, !GetAZs '']
";
    let (policy, _) = policy_for(template, &caller(&NONE));
    let (actions, resources, _) = statement(&policy, "NeededLookups");
    for action in ["DescribeKeyPairs", "DescribeSubnets", "DescribeImages", "DescribeAvailabilityZones"] {
        assert!(actions.contains(action), "{action}");
    }
    assert_eq!(resources, "*");
    let parameter = |name: &str| format!("arn:aws:ssm:eu-west-1:*:parameter/{name}");
    let names = ["aws/service/image", "settings", "shop/*/*/name"];
    assert_eq!(statement(&policy, "NeededParameters").1, names.map(parameter).join(" "));
    let secrets = "arn:aws:secretsmanager:eu-west-1:*:secret:shop/key-* arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-x1y2z3";
    assert_eq!(statement(&policy, "NeededSecrets").1, secrets);
    let given = BTreeMap::from([("Image".to_owned(), "/mine/image".to_owned())]);
    let (policy, _) = policy_for(template, &caller(&given));
    assert!(statement(&policy, "NeededParameters").1.contains("parameter/mine/image"));
}

#[test]
fn a_role_of_cloudformation_does_the_rest() {
    let template = "
Parameters: {Key: {Type: AWS::EC2::KeyPair::KeyName}}
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Group: {Type: AWS::AutoScaling::AutoScalingGroup}
  Record: {Type: AWS::Route53::RecordSet}
";
    let role = "arn:aws:iam::123456789012:role/deployer";
    let (policy, least) = policy_for(template, &Caller { role: Some(role), ..caller(&NONE) });
    let (actions, resources, condition) = statement(&policy, "NeededPassRole");
    assert_eq!((actions.as_str(), resources.as_str()), ("iam:PassRole", role));
    assert!(condition.contains("cloudformation.amazonaws.com"), "{condition}");
    assert_eq!(statement(&policy, "NeededDestroy").0, "autoscaling:UpdateAutoScalingGroup");
    assert_eq!(statement(&policy, "OptionalLookups").0, "ec2:DescribeKeyPairs");
    assert!(statement(&policy, "OptionalWatching").0.contains("ec2:GetConsoleOutput"));
    assert!(!policy.to_string().contains("CreateCluster"));
    assert_eq!(least.uncovered, [""; 0], "that is the role's matter");
}

#[test]
fn what_it_cannot_promise() {
    let least_of = |template| policy_for(template, &caller(&NONE));
    let (_, least) = least_of(
        "Resources: {A: {Type: AWS::Route53::RecordSet}, B: {Type: Custom::Thing}, C: {Type: AWS::CloudFormation::WaitCondition}}",
    );
    assert_eq!(
        (least.uncovered, least.open),
        (vec!["AWS::Route53::RecordSet".to_owned(), "Custom::Thing".to_owned()], false)
    );
    let (policy, least) = least_of("Transform: Mine\nResources: {A: {Type: AWS::SNS::Topic}}");
    assert!(least.open);
    assert_eq!(statement(&policy, "NeededTransforms").1, "arn:aws:cloudformation:eu-west-1:*:transform/*");
    let (policy, least) = least_of("Resources: {A: {Type: AWS::CloudFormation::Stack}}");
    assert!(least.open);
    let (actions, resources, _) = statement(&policy, "NeededNestedStacks");
    assert!(actions.contains("cloudformation:CreateStack"));
    assert_eq!(resources, "arn:aws:cloudformation:eu-west-1:*:stack/web-*");
    assert!(super::least(b"a: b", &caller(&NONE)).is_none());
    assert!(super::least(b"\xff\xfe\x00", &caller(&NONE)).is_none());
}

#[test]
fn nothing_stands_twice() {
    let template = "
Parameters: {Key: {Type: AWS::EC2::KeyPair::KeyName}}
Resources:
  Group: {Type: AWS::AutoScaling::AutoScalingGroup}
  Vpc: {Type: AWS::EC2::VPC}
";
    let (policy, _) = policy_for(template, &caller(&NONE));
    let (actions, _, _) = statement(&policy, "NeededEc2");
    assert!(actions.contains("ec2:Describe*") && !actions.contains("ec2:DescribeVpcs"), "{actions}");
    assert_eq!(statement(&policy, "NeededLookups").0, "", "`ec2:Describe*` has it");
    assert_eq!(policy.to_string().matches("autoscaling:UpdateAutoScalingGroup").count(), 1);
}
