//! What can go wrong between this component and others: the error codes of
//! HTTP components as a Zig error set, and their names.

const std = @import("std");
const codes = @import("wasi/http_error_code.zig");

pub const Error = error{
    DnsTimeout,
    DnsError,
    DestinationNotFound,
    DestinationUnavailable,
    DestinationIpProhibited,
    DestinationIpUnroutable,
    ConnectionRefused,
    ConnectionTerminated,
    ConnectionTimeout,
    ConnectionReadTimeout,
    ConnectionWriteTimeout,
    ConnectionLimitReached,
    TlsProtocolError,
    TlsCertificateError,
    TlsAlertReceived,
    HttpRequestDenied,
    HttpRequestLengthRequired,
    HttpRequestBodySize,
    HttpRequestMethodInvalid,
    HttpRequestUriInvalid,
    HttpRequestUriTooLong,
    HttpRequestHeaderSectionSize,
    HttpRequestHeaderSize,
    HttpRequestTrailerSectionSize,
    HttpRequestTrailerSize,
    HttpResponseIncomplete,
    HttpResponseHeaderSectionSize,
    HttpResponseHeaderSize,
    HttpResponseBodySize,
    HttpResponseTrailerSectionSize,
    HttpResponseTrailerSize,
    HttpResponseTransferCoding,
    HttpResponseContentCoding,
    HttpResponseTimeout,
    HttpUpgradeFailed,
    HttpProtocolError,
    LoopDetected,
    ConfigurationError,
    InternalError,
};

/// The code's name as `wasi:http` spells it, in lower case:
/// `error.ConnectionRefused` is `connection-refused`.
pub fn name(err: Error) []const u8 {
    for (table) |row| {
        if (row.err == err) return row.name;
    }
    unreachable;
}

pub fn fromCase(case: codes.Case) Error {
    return table[@backingInt(case)].err;
}

const Row = struct { name: []const u8, err: Error };

/// One row for each case of `codes.Case`, in its order.
const table = rows: {
    @setEvalBranchQuota(20_000);
    const tags = std.meta.tags(codes.Case);
    var result: [tags.len]Row = undefined;
    for (tags, &result) |case, *row| row.* = .{
        .name = kebab(@tagName(case)),
        .err = @field(Error, pascal(@tagName(case))),
    };
    break :rows result;
};

fn kebab(comptime snake: []const u8) []const u8 {
    var text: [snake.len]u8 = snake[0..snake.len].*;
    std.mem.replaceScalar(u8, &text, '_', '-');
    const fixed = text;
    return &fixed;
}

fn pascal(comptime snake: []const u8) []const u8 {
    var text: []const u8 = "";
    var words = std.mem.splitScalar(u8, snake, '_');
    while (words.next()) |word| {
        text = text ++ [_]u8{std.ascii.toUpper(word[0])} ++ word[1..];
    }
    return text;
}
