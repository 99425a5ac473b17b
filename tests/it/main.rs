//! Tests of the whole, in one binary.

#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

mod access;
mod fixtures;
mod layers;
mod readme;
mod report;
mod schema;
