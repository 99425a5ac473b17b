//! What CloudFormation asks of AWS, in the caller's name, to create, read, update and delete resources of a type.
//!
//! A row of the table is a type, then `service:Action,Action` for each service. An action may end with `*`.

use super::sources::{self, Source};
use super::table::Table;

const PERMISSIONS: Table = Table(include_str!("data/permissions.tsv"));

/// The actions that a type needs, such as `ecs:CreateCluster`; `None` when the type is not listed.
pub fn of(type_name: &str) -> Option<impl Iterator<Item = String>> {
    let services = PERMISSIONS.find(type_name)?.fields().text().split(' ');
    Some(
        services
            .filter_map(|it| it.split_once(':'))
            .flat_map(|(service, names)| names.split(',').map(move |name| format!("{service}:{name}"))),
    )
}

/// The resource types that are listed, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    PERMISSIONS.rows().map(|it| it.key)
}

/// Where the list comes from, and its date.
#[must_use]
pub fn source() -> Source {
    sources::of_table("permissions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::actions;

    fn has(type_name: &str, action: &str) -> bool {
        of(type_name).expect(type_name).any(|it| it == action)
    }

    #[test]
    fn what_types_need() {
        assert!(has("AWS::ECS::Cluster", "ecs:CreateCluster"));
        assert!(has("AWS::ECS::Cluster", "ecs:DeleteCluster"));
        assert!(has("AWS::AutoScaling::AutoScalingGroup", "ec2:RunInstances"));
        assert!(has("AWS::AutoScaling::AutoScalingGroup", "autoscaling:Describe*"));
        assert!(!has("AWS::AutoScaling::AutoScalingGroup", "ssm:Get*"));
        assert!(!has("AWS::ECS::Cluster", "ec2:RunInstances"));
        assert!(of("AWS::ECS::Clusters").is_none() && of("Custom::Thing").is_none() && of("").is_none());
    }

    #[test]
    fn every_action_exists() {
        assert!(types().count() > 350);
        for type_name in types() {
            let mut actions = of(type_name).expect("the type is listed").peekable();
            assert!(actions.peek().is_some(), "{type_name}");
            for action in actions {
                assert_eq!(actions::exists(&action), Some(true), "{type_name} {action}");
            }
        }
    }

    /// The lists have different dates; most types stand in both.
    #[test]
    fn the_types_are_those_of_the_other_tables() {
        let known = types().filter(|it| crate::catalog::attributes::of(it).is_some()).count();
        assert!(known * 10 > types().count() * 8, "{known}");
    }
}
