//! Shapes that are known by heart.

use super::*;

fn check(type_name: &str, path: &[&str], expected: Option<bool>) {
    assert_eq!(wants_string(type_name, path), expected, "{type_name} {path:?}");
}

#[test]
fn scalars_that_are_strings() {
    let group = "AWS::AutoScaling::AutoScalingGroup";
    check(group, &["MinSize"], Some(true));
    check(group, &["HealthCheckGracePeriod"], Some(false));
    check(group, &["NewInstancesProtectedFromScaleIn"], Some(false));
    check("AWS::EC2::LaunchTemplate", &["LaunchTemplateData", "InstanceType"], Some(true));
    check("AWS::EC2::LaunchTemplate", &["LaunchTemplateData", "EbsOptimized"], Some(false));
    check("AWS::EC2::LaunchTemplate", &["LaunchTemplateData", "IamInstanceProfile", "Name"], Some(true));
}

#[test]
fn lists_do_not_count() {
    let group = "AWS::AutoScaling::AutoScalingGroup";
    check(group, &["VPCZoneIdentifier"], Some(true));
    check(group, &["VPCZoneIdentifier", "0"], Some(true));
    check(group, &["Tags", "Value"], Some(true));
    check(group, &["Tags", "1", "PropagateAtLaunch"], Some(false));
    check("AWS::EC2::SecurityGroup", &["SecurityGroupIngress", "FromPort"], Some(false));
    check(
        "AWS::ECS::TaskDefinition",
        &["ContainerDefinitions", "PortMappings", "ContainerPort"],
        Some(false),
    );
    check("AWS::ECS::TaskDefinition", &["ContainerDefinitions", "Environment", "Value"], Some(true));
}

#[test]
fn mappings_of_any_names() {
    check("AWS::ECS::TaskDefinition", &["ContainerDefinitions", "DockerLabels", "any"], Some(true));
    // The parameters of a nested stack may be numbers.
    check("AWS::CloudFormation::Stack", &["Parameters", "Port"], Some(false));
    check("AWS::CloudFormation::CustomResource", &["ServiceToken"], Some(true));
}

#[test]
fn what_is_not_listed() {
    check("AWS::NoSuch::Type", &["Name"], None);
    check("AWS::ECS::Cluster", &["NoSuchProperty"], None);
    check("AWS::ECS::Cluster", &["ClusterName", "Deeper"], None);
    check("AWS::ECS::Cluster", &[], None);
    check("AWS::ECS::Cluster", &["Tags", "Key", "Deeper", "Still"], None);
    // A policy document has no shape of its own here.
    check("AWS::IAM::Role", &["AssumeRolePolicyDocument", "Statement"], None);
    check("AWS::ECS::Cluster#Tag", &["Key"], None);
}

#[test]
fn kinds_of_properties() {
    let document = kinds("AWS::IAM::Role", &["AssumeRolePolicyDocument"]).expect("it is listed");
    assert!(document.structure && document.string && !document.number);
    let tags = kinds("AWS::ECS::Cluster", &["Tags"]).expect("it is listed");
    assert!(tags.structure && !tags.string);
}

#[test]
fn required_properties() {
    assert_eq!(required("AWS::EC2::LaunchTemplate", &[]), Some(vec!["LaunchTemplateData"]));
    assert_eq!(required("AWS::AutoScaling::AutoScalingGroup", &[]), Some(vec!["MaxSize", "MinSize"]));
    assert_eq!(required("AWS::AutoScaling::AutoScalingGroup", &["LaunchTemplate"]), Some(vec!["Version"]));
    assert_eq!(required("AWS::ECS::Cluster", &["ClusterName"]), None);
    assert_eq!(required("AWS::NoSuch::Type", &[]), None);
}

#[test]
fn every_kind_leads_somewhere() {
    assert!(types().count() > 80);
    for row in SCHEMAS.rows() {
        let type_name = row.key.split('#').next().expect("a first part");
        for property in row.fields().text().split(' ').filter(|it| !it.is_empty()) {
            let (_, kind) = property.split_once('=').expect("a property has a kind");
            if let Some((_, mapping)) = kind.split_once('@') {
                assert!(SCHEMAS.find(&format!("{type_name}#{mapping}")).is_some(), "{type_name} {mapping}");
            }
        }
    }
}
