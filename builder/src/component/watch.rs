//! Ends code that runs too long, or when the user interrupts the builder.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use wasmtime::Engine;

/// How soon an interruption by the user is seen.
const GLANCE: Duration = Duration::from_millis(50);

/// Moves the engine's epoch when the time is over; the store's deadline must be
/// one epoch away.
pub struct Watch {
    done: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watch {
    pub fn start(engine: &Engine, limit: Duration) -> Watch {
        let (done, wait) = mpsc::channel();
        let engine = engine.clone();
        let thread = std::thread::spawn(move || {
            let end = Instant::now() + limit;
            loop {
                let rest = end.saturating_duration_since(Instant::now());
                match wait.recv_timeout(rest.min(GLANCE)) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return false,
                }
                let expired = Instant::now() >= end;
                if expired || crate::process::interrupted() {
                    engine.increment_epoch();
                    return expired;
                }
            }
        });
        Watch { done, thread }
    }

    /// Whether the time was over.
    pub fn stop(self) -> bool {
        drop(self.done);
        self.thread.join().unwrap_or(false)
    }
}
