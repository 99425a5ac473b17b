//! Signals that ask to stop, as a value that is looked at: no handler does anything itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::cli::Exit;

/// The signals that ask to stop; a terminal that closes is one.
const SIGNALS: &[i32] = &[
    SIGINT,
    SIGTERM,
    #[cfg(unix)]
    signal_hook::consts::SIGHUP,
];

/// The last signal that came and was not answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt(Arc<AtomicUsize>);

impl Interrupt {
    /// Listens from now on.
    pub(super) fn listen() -> Interrupt {
        let res = Interrupt::default();
        for signal in SIGNALS {
            // Where it cannot be heard, it does what it always does.
            let _ = signal_hook::flag::register_usize(*signal, Arc::clone(&res.0), *signal as usize);
        }
        res
    }

    /// Whether one waits for an answer.
    pub(super) fn is_pending(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Takes the signal that came: with which code to end for it.
    pub(super) fn take(&self) -> Option<Exit> {
        match self.0.swap(0, Ordering::Relaxed) {
            0 => None,
            it if it == SIGTERM as usize => Some(Exit::Terminated),
            it if it == SIGINT as usize => Some(Exit::Interrupted),
            _ => Some(Exit::HungUp),
        }
    }
}
