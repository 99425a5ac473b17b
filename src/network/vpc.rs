//! The VPC in which something stands.

use crate::model::named_resource;
use crate::resolve::{Found, Scenario};
use crate::template::Entry;

/// The VPC of a subnet, a security group or a target group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vpc<'t> {
    /// One of the template, by logical id.
    Own(&'t str),
    /// None is named: the default VPC of the account.
    Default,
    /// Only deployment can tell.
    Unknown,
}

impl<'t> Vpc<'t> {
    /// The VPC that a resource names under `VpcId`.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Vpc<'t> {
        let node = match scenario.property(resource, &["VpcId"]) {
            Found::Node(node) => node,
            Found::Absent => return Vpc::Default,
            Found::Unknown => return Vpc::Unknown,
        };
        let text = scenario.text(node);
        let own = text.as_ref().and_then(|it| named_resource(scenario, it, &["VpcId"]));
        match own {
            Some(own) if own.type_name() == "AWS::EC2::VPC" => Vpc::Own(own.id),
            _ => Vpc::Unknown,
        }
    }

    /// Whether both are known, and are two.
    #[must_use]
    pub fn differs(self, other: Vpc<'t>) -> bool {
        self != Vpc::Unknown && other != Vpc::Unknown && self != other
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Vpc::Own(id) => format!("`{id}`"),
            Vpc::Default => "the default VPC".to_owned(),
            Vpc::Unknown => "another VPC".to_owned(),
        }
    }
}
