//! The least policy that who deploys a template needs.

use serde_json::{Value, json};

/// What ecslint itself asks of CloudFormation.
const STACKS: [&str; 14] = [
    "cloudformation:CancelUpdateStack",
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:GetTemplateSummary",
    "cloudformation:ListStackResources",
    "cloudformation:TagResource",
    "cloudformation:ValidateTemplate",
];

/// What it asks to see why instances do not come: it does without what is denied.
const LOOKING: [&str; 10] = [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeScalingActivities",
    "autoscaling:UpdateAutoScalingGroup",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeKeyPairs",
    "ec2:GetConsoleOutput",
    "ecs:DescribeContainerInstances",
    "ecs:ListContainerInstances",
    "ssm:GetParameters",
];

/// The policy as JSON, with a line break at its end.
#[must_use]
pub fn least(bytes: &[u8], bucket: Option<&str>) -> String {
    let _ = bytes;
    let mut statements: Vec<Value> = vec![
        json!({ "Sid": "Stacks", "Effect": "Allow", "Action": STACKS, "Resource": "*" }),
        json!({ "Sid": "Looking", "Effect": "Allow", "Action": LOOKING, "Resource": "*" }),
    ];
    if let Some(bucket) = bucket {
        statements.push(json!({
            "Sid": "Template", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": format!("arn:aws:s3:::{bucket}/ecslint/*"),
        }));
    }
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    format!("{policy:#}\n")
}
