//! How money is written.

/// Cents for small sums, whole dollars for large ones.
pub(super) fn usd(amount: f64) -> String {
    if amount < 100.0 { format!("${amount:.2}") } else { format!("${amount:.0}") }
}
