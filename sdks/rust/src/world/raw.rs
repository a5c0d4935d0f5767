//! The world's functions that give an `error-code`, by hand. The generated
//! bindings take all 39 kinds of it apart at each of these calls, which makes a
//! sixth of a small component; here it is one table.

use wasip2::http::types::{
    Fields, FutureIncomingResponse, FutureTrailers, IncomingResponse, OutgoingBody,
    OutgoingRequest, RequestOptions,
};
use wasip2::io::error::Error as IoError;

use crate::TransferError;

/// What the world calls its errors, in the order of its `error-code`.
const NAMES: [&str; 39] = [
    "dns-timeout",
    "dns-error",
    "destination-not-found",
    "destination-unavailable",
    "destination-ip-prohibited",
    "destination-ip-unroutable",
    "connection-refused",
    "connection-terminated",
    "connection-timeout",
    "connection-read-timeout",
    "connection-write-timeout",
    "connection-limit-reached",
    "tls-protocol-error",
    "tls-certificate-error",
    "tls-alert-received",
    "http-request-denied",
    "http-request-length-required",
    "http-request-body-size",
    "http-request-method-invalid",
    "http-request-uri-invalid",
    "http-request-uri-too-long",
    "http-request-header-section-size",
    "http-request-header-size",
    "http-request-trailer-section-size",
    "http-request-trailer-size",
    "http-response-incomplete",
    "http-response-header-section-size",
    "http-response-header-size",
    "http-response-body-size",
    "http-response-trailer-section-size",
    "http-response-trailer-size",
    "http-response-transfer-coding",
    "http-response-content-coding",
    "http-response-timeout",
    "http-upgrade-failed",
    "http-protocol-error",
    "loop-detected",
    "configuration-error",
    "internal-error",
];

/// The kind that carries a text which is worth showing.
const INTERNAL_ERROR: usize = 38;

/// Where a result is written by the host: aligned for the largest of its
/// numbers, and as large as the largest result below (56 bytes).
#[repr(C, align(8))]
struct Result([u8; 64]);

impl Result {
    fn new() -> Result {
        Result([0; 64])
    }

    fn pointer(&mut self) -> *mut u8 {
        self.0.as_mut_ptr()
    }

    fn byte(&self, offset: usize) -> u8 {
        self.0[offset]
    }

    fn word(&self, offset: usize) -> u32 {
        let mut word = [0; 4];
        word.copy_from_slice(&self.0[offset..offset + 4]);
        u32::from_le_bytes(word)
    }

    /// The `error-code` at `offset`. Texts in it other than that of an internal
    /// error are left where they are; they are short and few.
    fn error(&self, offset: usize) -> TransferError {
        let kind = usize::from(self.byte(offset));
        let Some(name) = NAMES.get(kind) else {
            return TransferError::new(NAMES[INTERNAL_ERROR]);
        };
        // option<string>: a flag, then the pointer and the length.
        let payload = offset + 8;
        let has_text = kind == INTERNAL_ERROR && self.byte(payload) == 1;
        let detail = has_text.then(|| {
            let (start, length) = (self.word(payload + 4), self.word(payload + 8));
            // The host has put the text where our own allocator told it to.
            text(start, length)
        });
        TransferError::with_detail(name, detail)
    }
}

fn text(start: u32, length: u32) -> String {
    let length = length as usize;
    let pointer = std::ptr::with_exposed_provenance_mut(start as usize);
    // SAFETY: by the canonical ABI a string that is returned lies in memory
    // that `cabi_realloc` gave, is valid UTF-8, and is the callee's to keep.
    unsafe { String::from_raw_parts(pointer, length, length) }
}

/// Declares functions of the world as they are in a module; elsewhere, where
/// this crate is only checked and tested, they cannot be called.
macro_rules! world_functions {
    ($($module:literal $name:literal fn $function:ident($($type:ty),*);)*) => {$(
        #[cfg(target_arch = "wasm32")]
        #[link(wasm_import_module = $module)]
        unsafe extern "C" {
            #[link_name = $name]
            fn $function($(_: $type),*);
        }
        #[cfg(not(target_arch = "wasm32"))]
        unsafe fn $function($(_: $type),*) {
            unreachable!("the world is only there in a component")
        }
    )*};
}

world_functions! {
    "wasi:http/types@0.2.12" "[static]outgoing-body.finish"
        fn outgoing_body_finish(u32, u32, u32, *mut u8);
    "wasi:http/types@0.2.12" "[method]future-trailers.get"
        fn future_trailers_get(u32, *mut u8);
    "wasi:http/types@0.2.12" "[method]future-incoming-response.get"
        fn future_incoming_response_get(u32, *mut u8);
    "wasi:http/types@0.2.12" "http-error-code"
        fn http_error_code(u32, *mut u8);
    "wasi:http/outgoing-handler@0.2.12" "handle"
        fn outgoing_handler_handle(u32, u32, u32, *mut u8);
}

/// Ends the body. If nobody wants it any more, nobody wants to know either.
pub(super) fn finish(body: OutgoingBody, trailers: Option<Fields>) {
    let mut result = Result::new();
    let (some, trailers) = match trailers {
        Some(trailers) => (1, trailers.take_handle()),
        None => (0, 0),
    };
    // SAFETY: as the world declares it; both handles are given away.
    unsafe { outgoing_body_finish(body.take_handle(), some, trailers, result.pointer()) }
}

/// What came of the trailers: `None` as long as nothing has.
pub(super) fn trailers(
    future: &FutureTrailers,
) -> Option<std::result::Result<Option<Fields>, TransferError>> {
    let mut result = Result::new();
    // SAFETY: as the world declares it: option<result<result<option<own>, error>>>,
    // each with its flag 8 bytes after the one around it.
    unsafe { future_trailers_get(future.handle(), result.pointer()) }
    match (result.byte(0), result.byte(8), result.byte(16), result.byte(24)) {
        (0, ..) => None,
        // They were asked for twice, or there are none.
        (_, 1, ..) | (_, 0, 0, 0) => Some(Ok(None)),
        // SAFETY: the handle is ours from now on.
        (_, 0, 0, _) => Some(Ok(Some(unsafe { Fields::from_handle(result.word(28)) }))),
        _ => Some(Err(result.error(24))),
    }
}

/// What came of a request: `None` as long as nothing has.
pub(super) fn response(
    future: &FutureIncomingResponse,
) -> Option<std::result::Result<IncomingResponse, TransferError>> {
    let mut result = Result::new();
    // SAFETY: as the world declares it: option<result<result<own, error>>>.
    unsafe { future_incoming_response_get(future.handle(), result.pointer()) }
    match (result.byte(0), result.byte(8), result.byte(16)) {
        (0, ..) => None,
        // It was asked for twice.
        (_, 1, _) => Some(Err(TransferError::new(NAMES[INTERNAL_ERROR]))),
        // SAFETY: the handle is ours from now on.
        (_, 0, 0) => Some(Ok(unsafe { IncomingResponse::from_handle(result.word(24)) })),
        _ => Some(Err(result.error(24))),
    }
}

/// The HTTP error behind an error of a stream, if there is one.
pub(super) fn error_code(error: &IoError) -> Option<TransferError> {
    let mut result = Result::new();
    // SAFETY: as the world declares it: option<error>.
    unsafe { http_error_code(error.handle(), result.pointer()) }
    (result.byte(0) == 1).then(|| result.error(8))
}

/// Sends a request.
pub(super) fn handle(
    request: OutgoingRequest,
    options: Option<RequestOptions>,
) -> std::result::Result<FutureIncomingResponse, TransferError> {
    let mut result = Result::new();
    let (some, options) = match options {
        Some(options) => (1, options.take_handle()),
        None => (0, 0),
    };
    // SAFETY: as the world declares it: result<own, error>; both handles are
    // given away.
    unsafe { outgoing_handler_handle(request.take_handle(), some, options, result.pointer()) }
    match result.byte(0) {
        // SAFETY: the handle is ours from now on.
        0 => Ok(unsafe { FutureIncomingResponse::from_handle(result.word(8)) }),
        _ => Err(result.error(8)),
    }
}
