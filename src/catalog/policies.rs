//! The policies that AWS manages, as far as roles of ECS use them.

use super::sources::{self, Source};
use super::table::{Row, Table};

const POLICIES: Table = Table(include_str!("data/policies.tsv"));

/// A policy of AWS in its default version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Such as `AmazonECSTaskExecutionRolePolicy`.
    pub name: &'static str,
    /// What stands before the name in the ARN, such as `service-role/`, where it is known.
    pub path: Option<&'static str>,
    /// Such as `v10`.
    pub version: &'static str,
    /// When AWS made this version, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The policy document as JSON, without the `Sid`s.
    pub document: &'static str,
}

/// The policy of this ARN or bare name.
///
/// The path of an ARN is not compared. A policy of an account is no policy of AWS, whatever its name.
#[must_use]
pub fn find(arn_or_name: &str) -> Option<ManagedPolicy> {
    let name = match arn_or_name.strip_prefix("arn:") {
        None => arn_or_name,
        Some(rest) => {
            // `aws`, `aws-cn` or `aws-us-gov`; or what stands in a template for it.
            let (_, path) = rest.split_once(":iam::aws:policy/")?;
            path.rsplit('/').next()?
        }
    };
    POLICIES.find(name).map(read)
}

/// All of them, sorted by name.
pub fn all() -> impl Iterator<Item = ManagedPolicy> {
    POLICIES.rows().map(read)
}

/// Where they come from, and the date of the list.
#[must_use]
pub fn source() -> Source {
    sources::of_table("policies")
}

fn read(row: Row) -> ManagedPolicy {
    let mut fields = row.fields();
    ManagedPolicy {
        name: row.key,
        path: Some(fields.text()).filter(|it| !it.is_empty()),
        version: fields.text(),
        date: fields.text(),
        document: fields.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_arn_and_by_name() {
        let name = "AmazonEC2ContainerServiceforEC2Role";
        let policy = find(name).expect("the policy is in the table");
        assert_eq!((policy.version, policy.date), ("v10", "2026-02-12"));
        assert_eq!(policy.path, Some("service-role/"));
        assert!(policy.document.contains(r#""ecs:RegisterContainerInstance""#));
        for partition in ["aws", "aws-cn", "aws-us-gov", "${AWS::Partition}"] {
            let arn = format!("arn:{partition}:iam::aws:policy/service-role/{name}");
            assert_eq!(find(&arn), Some(policy), "{arn}");
        }
    }

    #[test]
    fn what_is_no_policy_of_aws() {
        assert_eq!(find("arn:aws:iam::123456789012:policy/AdministratorAccess"), None);
        assert_eq!(find("arn:aws:iam::aws:policy/NoSuchPolicy"), None);
        assert_eq!(find("arn:aws:iam::aws:policy/"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn every_document_is_json() {
        for policy in all() {
            let document: serde_json::Value = serde_json::from_str(policy.document).expect(policy.name);
            assert_eq!(document["Version"], "2012-10-17", "{}", policy.name);
            assert!(document["Statement"].is_array() || document["Statement"].is_object(), "{}", policy.name);
        }
    }
}
