//! Tests of the whole, in one binary.
//!
//! `fuzz/` builds the same file as a library, for its targets: what they need is not for tests alone.

#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

#[cfg(test)]
mod access;
#[cfg(all(test, unix))]
mod bash;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod docs;
mod faults;
#[cfg(test)]
mod fixes;
#[cfg(test)]
mod fixtures;
mod formats;
pub mod fuzz;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod network;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod readme;
mod report;
mod schema;
#[cfg(test)]
mod suppress;
mod syntax;
#[cfg(test)]
mod text;
