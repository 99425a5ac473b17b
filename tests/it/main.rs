//! Tests of the whole, in one binary.

mod layers;
mod report;
mod schema;
