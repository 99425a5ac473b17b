//! The attributes that `Fn::GetAtt` takes, by resource type.

use super::sources::{self, Source};
use super::table::Table;
use crate::text::glob;

const ATTRIBUTES: Table = Table(include_str!("data/attributes.tsv"));

/// Whether resources of a type have an attribute; `None` when the type is not listed.
///
/// Outputs of nested stacks and answers of custom resources may have any name.
#[must_use]
pub fn has(type_name: &str, attribute: &str) -> Option<bool> {
    Some(of(type_name)?.any(|it| glob(it, attribute)))
}

/// The attributes of a type; `*` in one stands for any text. `None` when the type is not listed.
pub fn of(type_name: &str) -> Option<impl Iterator<Item = &'static str>> {
    let list = ATTRIBUTES.find(type_name)?.fields().text();
    Some(list.split(',').filter(|it| !it.is_empty()))
}

/// The resource types that are listed, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    ATTRIBUTES.rows().map(|it| it.key)
}

/// Where the list comes from, and its date.
#[must_use]
pub fn source() -> Source {
    sources::of_table("attributes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_a_type() {
        let check =
            |type_name, name, expected| assert_eq!(has(type_name, name), expected, "{type_name} {name}");
        check("AWS::ECS::Cluster", "Arn", Some(true));
        check("AWS::ECS::Cluster", "ARN", Some(false));
        check("AWS::ECS::Cluster", "", Some(false));
        check("AWS::EC2::LaunchTemplate", "LatestVersionNumber", Some(true));
        check("AWS::EC2::Instance", "PublicIp", Some(true));
        check("AWS::ElasticLoadBalancing::LoadBalancer", "SourceSecurityGroup.GroupName", Some(true));
        // A type that has none.
        check("AWS::ACMPCA::Permission", "Arn", Some(false));
        check("AWS::ECS::Clusters", "Arn", None);
        check("Custom::Thing", "Arn", None);
        check("", "", None);
    }

    #[test]
    fn attributes_with_patterns() {
        assert_eq!(has("AWS::CloudFormation::Stack", "Outputs.VpcId"), Some(true));
        assert_eq!(has("AWS::CloudFormation::Stack", "Outputs"), Some(false));
        assert_eq!(has("AWS::CloudFormation::CustomResource", "Anything.At.All"), Some(true));
    }

    #[test]
    fn every_listed_type_is_found() {
        assert!(types().count() > 1500);
        for type_name in types() {
            assert!(of(type_name).is_some(), "{type_name}");
        }
    }
}
