//! The log of a host, as it grows.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

/// A growing text that can be waited for. Clones are the same log.
#[derive(Clone, Debug, Default)]
pub struct LogBuffer(Arc<(Mutex<Vec<u8>>, Condvar)>);

/// More than this is not kept: a guest may flood its log.
const LIMIT: usize = 64 << 20;

impl LogBuffer {
    /// Adds what was printed.
    pub fn append(&self, bytes: &[u8]) {
        let mut text = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = LIMIT.saturating_sub(text.len());
        text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.0.1.notify_all();
    }

    /// How much there is.
    pub fn length(&self) -> usize {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits until the text after `from` has these bytes, and gives that text.
    ///
    /// # Errors
    /// If the deadline passes; with the text that there is.
    pub fn wait_for(
        &self,
        wanted: &[u8],
        from: usize,
        deadline: Instant,
    ) -> Result<Vec<u8>, Vec<u8>> {
        let mut text = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let after = text.get(from..).unwrap_or_default();
            if after.windows(wanted.len().max(1)).any(|window| window == wanted) {
                return Ok(after.to_vec());
            }
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return Err(after.to_vec());
            }
            text = self.0.1.wait_timeout(text, remaining).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The last lines, for a message.
    pub fn tail(&self) -> String {
        let text = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&text[text.len().saturating_sub(2000)..]).into_owned()
    }
}
