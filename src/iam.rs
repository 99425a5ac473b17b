//! Who may do what: policy documents in all their forms, the roles they are attached to, and the roles that a fleet
//! and its tasks play.
//!
//! Invariants: an answer is decided only when the template decides it; a policy that is elsewhere can only make an
//! answer unknown. Nothing here knows rules or boot scripts.

mod allow;
mod document;
mod parts;
mod policy;
mod roles;
mod wanted;

pub use allow::{Rights, Ruling};
pub use parts::{InstanceRole, Part, Played, instance_roles, played};
pub use policy::{Actions, Effect, Resources, Statement, Words};
pub use roles::{Role, attached, role_of, statements};
pub use wanted::{CREATE_GROUP, JOIN, LOGS, METRICS, PULL, SESSION, may, registers, trusts, writes_logs};
