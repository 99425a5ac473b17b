//! What a value is before deployment: known, symbolic or unknown, in one scenario; and where each piece of it
//! was written.
//!
//! Invariants: nothing fails, what cannot be told is [`Value::Unknown`]; the work is bounded by [`MAX_TEXT`],
//! [`MAX_SCENARIOS`], [`MAX_STEPS`] and [`MAX_EFFORT`], above which the answer is unknown.

mod condition;
mod eval;
mod scenario;
mod text;

pub use condition::Assumed;
pub use scenario::{Explored, Facet, Found, Scenario, World, assumptions, by_default, explore};
pub use text::{Piece, PieceKind, Place, SYMBOL, Symbol, Text, Value};

/// The longest text that is worked out, in bytes; user data itself ends at 16 KB.
pub const MAX_TEXT: usize = 1 << 20;

/// How many scenarios one question may have.
pub const MAX_SCENARIOS: usize = 64;

/// How many steps the search for parameter values behind a condition may take.
pub const MAX_STEPS: usize = 2_000;

/// How much work all the answers about one template may take together: a value that is looked at, a condition that is
/// tried and eight bytes of text are one step each, a command of a boot script is many. Templates that AWS would take
/// need less than a tenth of it.
pub const MAX_EFFORT: u64 = 2_500_000;
