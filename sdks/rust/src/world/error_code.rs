//! Errors of the world's streams.

use wasip2::io::streams::StreamError;

use super::raw;
use crate::TransferError;

/// The error of a stream that has not just ended; `None` if it has.
pub(super) fn of_stream(error: &StreamError) -> Option<TransferError> {
    match error {
        StreamError::Closed => None,
        StreamError::LastOperationFailed(error) => Some(match raw::error_code(error) {
            Some(error) => error,
            None => TransferError::with_detail("internal-error", Some(error.to_debug_string())),
        }),
    }
}
