//! `ecslint deploy --print-iam-policy`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{CLEAN, Folder};
use ecslint::catalog::actions;

fn printed(folder: &Folder, args: &[&str]) -> (Value, String) {
    let mut command = folder.ecslint(&[&["deploy", "--print-iam-policy"], args].concat());
    // Nothing is sent: there is nothing to send it with.
    let output = command.env("PATH", "").env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION").output();
    let output = output.expect("it runs");
    let err = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(0), "{err}");
    (serde_json::from_slice(&output.stdout).expect("JSON"), err)
}

fn good_cluster(name: &str) -> Folder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/good-cluster.yml");
    Folder::new(name).with("good-cluster.yml", fs::read(path).expect("the fixture"))
}

/// All actions of statements whose `Sid` begins so.
fn actions_of<'p>(policy: &'p Value, start: &str) -> Vec<&'p str> {
    let statements = policy["Statement"].as_array().expect("statements").iter();
    let named = statements.filter(|it| it["Sid"].as_str().expect("a Sid").starts_with(start));
    named
        .flat_map(|it| it["Action"].as_array().expect("actions"))
        .map(|it| it.as_str().expect("a text"))
        .collect()
}

#[test]
fn the_policy_of_the_good_cluster() {
    let folder = good_cluster("rights-good");
    let (policy, err) = printed(&folder, &["--region", "eu-west-1"]);
    assert_eq!(err, "", "all of its types are known, and it is small enough");
    assert_eq!(policy["Version"], "2012-10-17");
    let needed = actions_of(&policy, "Needed");
    for action in [
        "cloudformation:ExecuteChangeSet",
        "ec2:CreateVpc",
        "ec2:DeleteVpc",
        "ec2:CreateLaunchTemplate",
        "ec2:RunInstances",
        "ecs:CreateCluster",
        "autoscaling:CreateAutoScalingGroup",
        "iam:CreateRole",
        "iam:PassRole",
        "iam:CreateServiceLinkedRole",
        "ssm:GetParameters",
    ] {
        assert!(needed.contains(&action), "{action}");
    }
    for statement in policy["Statement"].as_array().expect("statements") {
        let sid = statement["Sid"].as_str().expect("a Sid");
        assert!(sid.chars().all(|it| it.is_ascii_alphanumeric()), "{sid}");
        assert_eq!(statement["Effect"], "Allow");
        for action in statement["Action"].as_array().expect("actions") {
            let action = action.as_str().expect("a text");
            assert_eq!(actions::exists(action), Some(true), "{action}");
            // Who may write any role may do anything.
            let is_wide = statement["Resource"].as_array().is_some_and(|it| it.iter().any(|it| it == "*"));
            assert!(!(is_wide && action.starts_with("iam:")), "{action}");
        }
    }
    assert_eq!(actions_of(&policy, "Optional")[0], "cloudformation:DescribeEvents");
}

#[test]
fn stack_bucket_and_role_count() {
    let folder = good_cluster("rights-flags");
    let role = "arn:aws-cn:iam::123456789012:role/deployer";
    let (policy, _) = printed(
        &folder,
        &[
            "--stack",
            "shop",
            "--region",
            "cn-north-1",
            "--s3-bucket",
            "mine",
            "--role-arn",
            role,
            "--tag",
            "a=b",
        ],
    );
    let text = policy.to_string();
    for part in [
        "arn:aws-cn:cloudformation:cn-north-1:*:stack/shop/*",
        "arn:aws-cn:s3:::mine/ecslint/*",
        role,
        "cloudformation:TagResource",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("ec2:CreateVpc") && !text.contains("good-cluster"), "{text}");
}

#[test]
fn what_it_cannot_promise_is_said() {
    let folder = Folder::new("rights-open").with(
        "t.yml",
        "Resources:\n  A: {Type: AWS::Route53::RecordSet}\n  B: {Type: AWS::CloudFormation::Stack}\n",
    );
    let (_, err) = printed(&folder, &["t.yml"]);
    assert!(err.contains("no table tells what they need: AWS::Route53::RecordSet;"), "{err}");
    assert!(err.contains("nested stacks"), "{err}");
}

#[test]
fn a_policy_that_is_too_large_is_told() {
    let types =
        ["S3::Bucket", "RDS::DBInstance", "EC2::Instance", "ECS::Service", "Lambda::Function", "EC2::VPC"];
    let resources = types.iter().enumerate().map(|(idx, it)| format!("  R{idx}: {{Type: 'AWS::{it}'}}\n"));
    let folder =
        Folder::new("rights-large").with("t.yml", format!("Resources:\n{}", resources.collect::<String>()));
    let (policy, err) = printed(&folder, &["t.yml"]);
    assert!(err.contains("6144"), "{err}");
    // Shared out by statements, each policy is small enough.
    for statement in policy["Statement"].as_array().expect("statements") {
        assert!(statement.to_string().len() < 6_000, "{}", statement["Sid"]);
    }
}

#[test]
fn mistakes() {
    let folder = Folder::new("rights-bad").with("t.yml", CLEAN).with("k.yml", super::KUBERNETES);
    let check = |args: &[&str], code: i32, part: &str| {
        let output =
            folder.ecslint(&[&["deploy", "--print-iam-policy"], args].concat()).output().expect("it runs");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(code), true), "{err}");
        assert!(err.contains(part), "{err}");
    };
    check(&["k.yml"], 1, "is no CloudFormation template");
    check(&["t.yml", "-P", "Nmae=x"], 2, "the template has no parameter `Nmae`");
    check(&["missing.yml"], 2, "missing.yml");
}
