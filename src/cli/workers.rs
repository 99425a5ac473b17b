//! Threads on which files are checked.
//!
//! A hook names one file. A pool asks the system how many processors a container may use, and wakes threads that have
//! nothing to do: a third of the time that one file takes. A single thread beside the first one is a fifteenth more.

use std::thread;

use rayon::prelude::*;

/// The depth of a template is bounded, but not to what the stack of a thread usually is.
const STACK_BYTES: usize = 16 << 20;

/// What the first thread has on most systems.
#[cfg(unix)]
const MAIN_STACK_BYTES: u64 = 8 << 20;

/// What works through a list.
pub(super) enum Workers {
    /// The thread that is there for a single item, or another one if its stack is small.
    One,
    /// As many as there are processors.
    Pool(rayon::ThreadPool),
    /// Where no threads are to be had, it takes longer.
    Here,
}

impl Workers {
    /// For lists of no more than `n` items.
    pub(super) fn new(n: usize) -> Workers {
        if n <= 1 {
            return Workers::One;
        }
        rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build().map_or(Workers::Here, Workers::Pool)
    }

    /// What `work` makes of each item, in their order.
    pub(super) fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
        match self {
            Workers::One if has_room() => items.iter().map(work).collect(),
            Workers::One => beside(items, &work).unwrap_or_else(|| items.iter().map(&work).collect()),
            Workers::Pool(pool) => pool.install(|| items.par_iter().map(work).collect()),
            Workers::Here => items.iter().map(work).collect(),
        }
    }
}

/// Whether the stack of the first thread, where commands run, has room for a deep template: it grows up to what the
/// system allows. Scripts nested as deep as they are followed need less than 2 MB of it.
#[cfg(unix)]
fn has_room() -> bool {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Stack).current;
    limit.is_none_or(|it| it >= MAIN_STACK_BYTES)
}

/// Whether the stack of the first thread has room for a deep template: it is of one megabyte.
#[cfg(not(unix))]
fn has_room() -> bool {
    false
}

/// On a thread with room for a deep template; `None` where none is to be had.
fn beside<T: Sync, R: Send>(items: &[T], work: &(impl Fn(&T) -> R + Sync)) -> Option<Vec<R>> {
    thread::scope(|scope| {
        let run = || items.iter().map(work).collect();
        let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run).ok()?;
        match thread.join() {
            Ok(done) => Some(done),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept() {
        for n in [0, 1, 2, 1000] {
            let items: Vec<usize> = (0..n).collect();
            let expected: Vec<usize> = items.iter().map(|it| it * 2).collect();
            for workers in [Workers::new(n), Workers::One, Workers::Here] {
                assert_eq!(workers.map(&items, |it| it * 2), expected);
            }
        }
    }
}
