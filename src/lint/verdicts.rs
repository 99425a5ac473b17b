//! The answers about each fleet, over all its scenarios.

use crate::model::FleetReport;
use crate::rule::Facts;

/// One report for each fleet, in the order of the text.
pub(super) fn fleets(facts: &Facts<'_, '_>) -> Vec<FleetReport> {
    let _ = facts;
    Vec::new()
}
