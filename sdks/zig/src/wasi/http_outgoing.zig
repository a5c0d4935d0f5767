//! `wasi:http/types` and `wasi:http/outgoing-handler`: what goes out. The
//! component's response, and requests to others.

const std = @import("std");
const memory = @import("memory.zig");
const streams = @import("streams.zig");
const Fields = @import("http_fields.zig").Fields;
const error_code = @import("http_error_code.zig");
const FutureIncomingResponse = @import("http_incoming.zig").FutureIncomingResponse;
const method = @import("http_method.zig");

/// What a function without value or reason returns: 0 is well.
const Plain = enum(i32) { ok, failed };

pub const ResponseOutparam = enum(i32) {
    _,

    // The flattened `result<outgoing-response, error-code>`: its first case
    // needs one value, the rest are those of the longest error's payload.
    extern "wasi:http/types@0.2.12" fn @"[static]response-outparam.set"(ResponseOutparam, i32, OutgoingResponse, i32, i64, i32, i32, i32, i32) void;

    /// Takes both.
    pub fn set(out: ResponseOutparam, response: OutgoingResponse) void {
        @"[static]response-outparam.set"(out, 0, response, 0, 0, 0, 0, 0, 0);
    }
};

pub const OutgoingResponse = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[constructor]outgoing-response"(Fields) OutgoingResponse;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-response.set-status-code"(OutgoingResponse, u16) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-response.body"(OutgoingResponse, *memory.OwnResult(OutgoingBody)) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]outgoing-response"(OutgoingResponse) void;

    /// Takes the headers.
    pub const init = @"[constructor]outgoing-response";
    pub const drop = @"[resource-drop]outgoing-response";

    /// False if the host does not know such a status.
    pub fn setStatus(response: OutgoingResponse, status: u16) bool {
        return @"[method]outgoing-response.set-status-code"(response, status) == .ok;
    }

    /// Null at the second call.
    pub fn body(response: OutgoingResponse) ?OutgoingBody {
        var result: memory.OwnResult(OutgoingBody) = undefined;
        @"[method]outgoing-response.body"(response, &result);
        return result.get();
    }
};

pub const OutgoingRequest = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[constructor]outgoing-request"(Fields) OutgoingRequest;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-request.set-method"(OutgoingRequest, method.Method.Case, [*]const u8, usize) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-request.set-path-with-query"(OutgoingRequest, bool, [*]const u8, usize) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-request.set-scheme"(OutgoingRequest, bool, method.Scheme.Case, [*]const u8, usize) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-request.set-authority"(OutgoingRequest, bool, [*]const u8, usize) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-request.body"(OutgoingRequest, *memory.OwnResult(OutgoingBody)) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]outgoing-request"(OutgoingRequest) void;
    extern "wasi:http/outgoing-handler@0.2.12" fn handle(OutgoingRequest, bool, RequestOptions, *HandleResult) void;

    const HandleResult = extern struct {
        failed: bool,
        value: extern union {
            future: FutureIncomingResponse,
            code: error_code.ErrorCode,
        },
    };

    /// Takes the headers.
    pub const init = @"[constructor]outgoing-request";
    pub const drop = @"[resource-drop]outgoing-request";

    pub fn setMethod(request: OutgoingRequest, value: method.Method) bool {
        return @"[method]outgoing-request.set-method"(request, value.case, value.other.ptr, value.other.len) == .ok;
    }

    pub fn setPathWithQuery(request: OutgoingRequest, value: []const u8) bool {
        return @"[method]outgoing-request.set-path-with-query"(request, true, value.ptr, value.len) == .ok;
    }

    pub fn setScheme(request: OutgoingRequest, value: method.Scheme) bool {
        return @"[method]outgoing-request.set-scheme"(request, true, value.case, value.other.ptr, value.other.len) == .ok;
    }

    pub fn setAuthority(request: OutgoingRequest, value: []const u8) bool {
        return @"[method]outgoing-request.set-authority"(request, true, value.ptr, value.len) == .ok;
    }

    /// Null at the second call.
    pub fn body(request: OutgoingRequest) ?OutgoingBody {
        var result: memory.OwnResult(OutgoingBody) = undefined;
        @"[method]outgoing-request.body"(request, &result);
        return result.get();
    }

    pub const Sent = union(enum) { future: FutureIncomingResponse, failed: error_code.ErrorCode };

    /// Takes the request and the options.
    pub fn send(request: OutgoingRequest, options: RequestOptions, allocator: std.mem.Allocator) Sent {
        var result: HandleResult = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        handle(request, true, options, &result);
        if (result.failed) return .{ .failed = result.value.code };
        return .{ .future = result.value.future };
    }
};

pub const RequestOptions = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[constructor]request-options"() RequestOptions;
    extern "wasi:http/types@0.2.12" fn @"[method]request-options.set-connect-timeout"(RequestOptions, bool, u64) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]request-options.set-first-byte-timeout"(RequestOptions, bool, u64) Plain;
    extern "wasi:http/types@0.2.12" fn @"[method]request-options.set-between-bytes-timeout"(RequestOptions, bool, u64) Plain;

    pub const init = @"[constructor]request-options";

    // A host may not know a timeout; then there is none, and nothing to do.

    pub fn setConnectTimeout(options: RequestOptions, nanoseconds: u64) void {
        _ = @"[method]request-options.set-connect-timeout"(options, true, nanoseconds);
    }

    pub fn setFirstByteTimeout(options: RequestOptions, nanoseconds: u64) void {
        _ = @"[method]request-options.set-first-byte-timeout"(options, true, nanoseconds);
    }

    pub fn setBetweenBytesTimeout(options: RequestOptions, nanoseconds: u64) void {
        _ = @"[method]request-options.set-between-bytes-timeout"(options, true, nanoseconds);
    }
};

pub const OutgoingBody = enum(i32) {
    _,

    const FinishResult = extern struct {
        failed: bool,
        code: error_code.ErrorCode,
    };

    extern "wasi:http/types@0.2.12" fn @"[method]outgoing-body.write"(OutgoingBody, *memory.OwnResult(streams.OutputStream)) void;
    extern "wasi:http/types@0.2.12" fn @"[static]outgoing-body.finish"(OutgoingBody, bool, Fields, *FinishResult) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]outgoing-body"(OutgoingBody) void;

    /// Without `finish` before, the body counts as cut off.
    pub const drop = @"[resource-drop]outgoing-body";

    /// Null at the second call.
    pub fn stream(body: OutgoingBody) ?streams.OutputStream {
        var result: memory.OwnResult(streams.OutputStream) = undefined;
        @"[method]outgoing-body.write"(body, &result);
        return result.get();
    }

    /// Takes the body and the trailers. Its stream has to be dropped before.
    /// Null if it went well.
    pub fn finish(body: OutgoingBody, trailers: ?Fields, allocator: std.mem.Allocator) ?error_code.Case {
        var result: FinishResult = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[static]outgoing-body.finish"(body, trailers != null, trailers orelse @fromBackingInt(0), &result);
        return if (result.failed) result.code.case else null;
    }
};
