//! `wasi:http/types`: `error-code`. Its payloads are left out; the SDK hands
//! on names alone.

const streams = @import("streams.zig");

/// The cases of `error-code` in their order.
pub const Case = enum(u8) {
    dns_timeout,
    dns_error,
    destination_not_found,
    destination_unavailable,
    destination_ip_prohibited,
    destination_ip_unroutable,
    connection_refused,
    connection_terminated,
    connection_timeout,
    connection_read_timeout,
    connection_write_timeout,
    connection_limit_reached,
    tls_protocol_error,
    tls_certificate_error,
    tls_alert_received,
    http_request_denied,
    http_request_length_required,
    http_request_body_size,
    http_request_method_invalid,
    http_request_uri_invalid,
    http_request_uri_too_long,
    http_request_header_section_size,
    http_request_header_size,
    http_request_trailer_section_size,
    http_request_trailer_size,
    http_response_incomplete,
    http_response_header_section_size,
    http_response_header_size,
    http_response_body_size,
    http_response_trailer_section_size,
    http_response_trailer_size,
    http_response_transfer_coding,
    http_response_content_coding,
    http_response_timeout,
    http_upgrade_failed,
    http_protocol_error,
    loop_detected,
    configuration_error,
    internal_error,
};

/// The `error-code` variant in memory: 32 bytes, of which the first tells the
/// case. Strings in the payload are allocated where the call lands.
pub const ErrorCode = extern struct {
    case: Case,
    payload: [3]u64,
};

/// `option<error-code>`.
const OptionalErrorCode = extern struct {
    present: bool,
    code: ErrorCode,
};

extern "wasi:http/types@0.2.12" fn @"http-error-code"(streams.StreamFailure, *OptionalErrorCode) void;

/// The HTTP error that broke a stream, if it was one. The call has to land in
/// an allocator.
pub fn ofStream(failure: streams.StreamFailure) ?Case {
    var result: OptionalErrorCode = undefined;
    @"http-error-code"(failure, &result);
    return if (result.present) result.code.case else null;
}
