//! What CloudFormation asks of AWS for each resource type; `src/catalog/permissions.rs` tells the form of the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;

use crate::input::Facts;
use crate::output::Output;
use crate::sources::Sources;

/// The schemas are those of the registry; a project that is made from them has them as files.
const SOURCE: (&str, &str) = (
    "AWS CloudFormation registry schemas, as in pulumi/pulumi-aws-native aws-cloudformation-schema @2915896 (Apache-2.0)",
    "2026-08-03",
);

/// The services whose types stand beside a cluster; those of all others would be three times as much.
const SERVICES: [&str; 39] = [
    "ApiGateway",
    "ApiGatewayV2",
    "ApplicationAutoScaling",
    "AutoScaling",
    "Backup",
    "Batch",
    "CertificateManager",
    "CloudFormation",
    "CloudFront",
    "CloudWatch",
    "CodeBuild",
    "CodeDeploy",
    "CodePipeline",
    "Cognito",
    "DynamoDB",
    "EC2",
    "ECR",
    "ECS",
    "EFS",
    "ElastiCache",
    "ElasticLoadBalancing",
    "ElasticLoadBalancingV2",
    "Events",
    "IAM",
    "KMS",
    "Kinesis",
    "KinesisFirehose",
    "Lambda",
    "Logs",
    "RDS",
    "Route53",
    "S3",
    "SNS",
    "SQS",
    "SSM",
    "SecretsManager",
    "ServiceDiscovery",
    "StepFunctions",
    "WAFv2",
];

/// A stack is not listed: `list` serves the import of resources.
const HANDLERS: [&str; 4] = ["create", "read", "update", "delete"];

/// Writes the table. The file is collected apart from the other facts: where it is missing, the table stays as it is.
pub(crate) fn generate(facts: &Facts, sources: &mut Sources, output: &mut Output) -> Result<()> {
    sources.of_table("permissions", SOURCE)?;
    if !facts.has("type_permissions.tsv") {
        return Ok(());
    }
    let mut known = BTreeSet::new();
    for row in facts.table("iam_actions.tsv")? {
        known.insert(format!("{}:{}", row.text("service")?, row.text("action_lower_case")?));
    }
    // Upper and lower case are the same to IAM, and the schemas write some actions in two ways: the first is kept.
    let mut spelling: BTreeMap<String, String> = BTreeMap::new();
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in facts.table("type_permissions.tsv")? {
        let type_name = row.text("type")?;
        let service = type_name.split("::").nth(1).unwrap_or_default();
        if !SERVICES.contains(&service) || !HANDLERS.contains(&row.text("handler")?) {
            continue;
        }
        for action in row.text("actions")?.split(',') {
            let key = action.to_ascii_lowercase();
            let first = spelling.entry(key.clone()).or_insert_with(|| action.to_owned());
            if action < first.as_str() {
                action.clone_into(first);
            }
            types.entry(type_name.to_owned()).or_default().insert(key);
        }
    }
    let rows = types.into_iter().filter_map(|(type_name, listed)| {
        let kept = listed.iter().filter(|it| can_be_allowed(it, &known));
        let kept: BTreeSet<_> = kept.filter_map(|it| spelling.get(it)).collect();
        // A type most of whose actions IAM does not know is newer than the list of those.
        (kept.len() * 2 > listed.len()).then(|| (type_name, vec![pack(&kept)]))
    });
    output.table("permissions.tsv", rows.collect())
}

/// Whether a policy can have the action, in lower case. The schemas also name services that nobody can call, operations
/// of which the action has another name, and whole services: of patterns only those are kept that describe, since
/// `Get*` reads secrets that no deployment needs.
fn can_be_allowed(action: &str, known: &BTreeSet<String>) -> bool {
    match action.strip_suffix('*') {
        Some(start) => start.ends_with(":describe"),
        None => known.contains(action),
    }
}

/// `ecs:CreateCluster,DeleteCluster kms:DescribeKey`
fn pack(actions: &BTreeSet<&String>) -> String {
    let mut services: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (service, name) in actions.iter().filter_map(|it| it.split_once(':')) {
        services.entry(service.to_ascii_lowercase()).or_default().push(name);
    }
    let words = services.iter().map(|(service, names)| format!("{service}:{}", names.join(",")));
    words.collect::<Vec<_>>().join(" ")
}
