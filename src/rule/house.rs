//! The rules of the house: what a project allows, and wants, beyond what AWS does.

use ipnet::IpNet;

use crate::text::glob;

/// What the configuration allows; an empty list says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    /// From where port 22 may be open.
    pub ssh_networks: Vec<IpNet>,
    /// What instances may be; `*` stands for anything.
    pub instance_types: Vec<String>,
    /// The tags that instances must have.
    pub required_tags: Vec<String>,
}

/// The house that says nothing.
pub(super) static OPEN: House =
    House { ssh_networks: Vec::new(), instance_types: Vec::new(), required_tags: Vec::new() };

impl House {
    /// Whether port 22 may be open to a range.
    #[must_use]
    pub fn lets_in(&self, range: &IpNet) -> bool {
        self.ssh_networks.iter().any(|it| it.contains(range))
    }

    /// Whether port 22 may be open to a world: to all addresses of IPv4 or of IPv6.
    #[must_use]
    pub fn lets_in_the_world(&self) -> bool {
        self.ssh_networks.iter().any(|it| it.prefix_len() == 0)
    }

    /// Whether instances may be of a type.
    #[must_use]
    pub fn allows_type(&self, name: &str) -> bool {
        self.instance_types.is_empty() || self.instance_types.iter().any(|it| glob(it, name))
    }
}
