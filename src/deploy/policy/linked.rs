//! The services that make a role for themselves when they are used for the first time in an account.

use super::place::Place;
use crate::catalog::permissions;
use crate::resolve::Scenario;
use crate::template::Entry;

/// Which service does when the first resource of a type is made (service-linked roles in the services' user guides).
const OF_TYPES: [(&str, &str); 9] = [
    ("AWS::AutoScaling::AutoScalingGroup", "autoscaling"),
    ("AWS::ECS::CapacityProvider", "ecs"),
    ("AWS::ECS::Cluster", "ecs"),
    ("AWS::ECS::Service", "ecs"),
    ("AWS::EC2::SpotFleet", "spotfleet"),
    ("AWS::EFS::FileSystem", "elasticfilesystem"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "elasticloadbalancing"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "elasticloadbalancing"),
    ("AWS::RDS::DBInstance", "rds"),
];

/// Properties that ask for Spot, at whatever depth.
const SPOT: [&str; 3] = ["InstanceMarketOptions", "InstancesDistribution", "SpotPrice"];

/// The services that do so for a resource, as in the ARN of the role; `*` for what only deployment can tell.
pub(super) fn services<'t>(
    scenario: &Scenario<'_, 't>,
    place: &Place<'_>,
    resource: &Entry<'t>,
) -> Vec<String> {
    let type_name = resource.type_name();
    let text = |key| scenario.property_text(resource, &[key]).map_or("*".to_owned(), |it| place.pattern(&it));
    let mut res = Vec::new();
    let asks = || permissions::of(type_name)?.find(|it| it == "iam:CreateServiceLinkedRole");
    if type_name == "AWS::IAM::ServiceLinkedRole" {
        res.push(text("AWSServiceName"));
    } else if type_name == "AWS::ApplicationAutoScaling::ScalableTarget" {
        res.push(format!("{}.application-autoscaling.amazonaws.com", text("ServiceNamespace")));
    } else if let Some((_, service)) = OF_TYPES.iter().find(|it| it.0 == type_name) {
        res.push(format!("{service}.amazonaws.com"));
    } else if asks().is_some() {
        res.push("*".to_owned());
    }
    let mut words = resource.node.descendants();
    if words.any(|it| SPOT.contains(&it.text())) {
        res.push("spot.amazonaws.com".to_owned());
    }
    res
}
