//! The log, randomness and variables.

use wasip2::cli::stderr::get_stderr;

/// The most that one blocking write may take.
const WRITE_AT_ONCE: usize = 4096;

/// Writes to the log. There is nobody to tell if that fails.
pub(crate) fn write_stderr(text: &[u8]) {
    let stderr = get_stderr();
    for piece in text.chunks(WRITE_AT_ONCE) {
        if stderr.blocking_write_and_flush(piece).is_err() {
            return;
        }
    }
}

/// Bytes from the secure source of randomness.
///
/// ```no_run
/// let token: [u8; 16] = isospin::random_bytes();
/// ```
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&wasip2::random::random::get_random_bytes(N as u64));
    bytes
}

/// Fills `length` bytes from `start` with randomness.
///
/// # Safety
/// They must be memory that may be written.
#[cfg(target_arch = "wasm32")]
pub(super) unsafe fn fill_randomly(start: *mut u8, length: usize) {
    let bytes = wasip2::random::random::get_random_bytes(length as u64);
    // SAFETY: the caller's, and the world gives as many bytes as were asked for.
    unsafe { start.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len().min(length)) }
}

pub(crate) fn environment() -> Vec<(String, String)> {
    wasip2::cli::environment::get_environment()
}
