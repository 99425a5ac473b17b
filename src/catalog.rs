//! Facts about AWS, as tables that are compiled in.
//!
//! The tables lie in `src/catalog/data` and are written by `cargo run --example facts`; CONTRIBUTING.md tells how to
//! refresh them. Every figure has a source, a licence and a date, see [`sources`].
//!
//! Invariants: nothing is unpacked at start-up, a table that is not asked for costs nothing; a look-up takes text
//! from a template, so any text is answered; what a table does not know is `None`, never a guess, and the one figure
//! that is reckoned (a price carried over to another region) says so.

pub mod actions;
pub mod agent;
pub mod attributes;
pub mod images;
pub mod instances;
pub mod permissions;
pub mod policies;
pub mod prices;
pub mod regions;
pub mod schema;
pub mod sources;
pub mod units;

mod table;
