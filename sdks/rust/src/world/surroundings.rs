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

pub(crate) fn environment() -> Vec<(String, String)> {
    wasip2::cli::environment::get_environment()
}
