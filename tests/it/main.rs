//! Tests of the whole, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

mod access;
#[cfg(unix)]
mod bash;
mod cli;
mod corpus;
mod docs;
mod faults;
mod fixes;
mod fixtures;
mod formats;
mod gates;
mod hostile;
mod layers;
mod network;
mod picture;
mod policies;
mod policy;
mod readme;
mod report;
mod schema;
mod suppress;
mod syntax;
mod text;
