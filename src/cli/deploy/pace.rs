//! The clock of a deployment: what time it is, and waiting that a signal ends.
//!
//! `ECSLINT_CLOCK_SPEED` makes it run that many times faster than the wall, so that a signal that does not come for
//! fourteen minutes is tested in seconds.

use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;

use super::interrupt::Interrupt;
use crate::cli::variable;

/// How often a wait looks whether it is over.
const TICK: Duration = Duration::from_millis(25);

/// A clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    began: Timestamp,
    started: Instant,
    speed: f64,
}

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
    pub(super) fn new() -> Pace {
        let speed = variable("ECSLINT_CLOCK_SPEED").and_then(|it| it.parse().ok());
        let began = Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
        Pace {
            began,
            started: Instant::now(),
            speed: speed.filter(|it| (1.0..=10_000.0).contains(it)).unwrap_or(1.0),
        }
    }

    /// What time it is.
    pub(super) fn now(&self) -> Timestamp {
        self.began.checked_add(self.since_start()).unwrap_or(self.began)
    }

    /// How long the command has run.
    pub(super) fn since_start(&self) -> Duration {
        self.started.elapsed().mul_f64(self.speed)
    }

    /// Waits; ends early when a signal comes.
    pub(super) fn sleep(&self, time: Duration, interrupt: &Interrupt) {
        let until = Instant::now() + time.div_f64(self.speed);
        while !interrupt.is_pending() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(TICK));
        }
    }
}
