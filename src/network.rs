//! Who can reach what: the security groups of a fleet and its way out.
//!
//! Invariants: what comes from parameters, imports or other stacks is unknown, never guessed; an answer that is
//! decided has the words that decide beside it. Nothing here knows rules or boot scripts.

mod acl;
mod address;
mod barriers;
mod cidr;
mod endpoints;
mod groups;
mod key;
mod public;
mod routes;
mod topology;
mod vpc;

pub use address::Origin;
pub use cidr::{Block, Family, blocks, ranges, subnets};
pub use groups::{Groups, Opening, SSH, port_22};
pub use key::key;
pub use routes::{Hop, Missing, Way};
pub use topology::{Path, egress, paths, public_addresses};
pub use vpc::{Home, Member, neighbours, neighbours_of_fleet};
