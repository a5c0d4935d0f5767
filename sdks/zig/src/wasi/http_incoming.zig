//! `wasi:http/types`: what comes in. Requests to the component, and responses
//! to what it asked of others.

const std = @import("std");
const memory = @import("memory.zig");
const streams = @import("streams.zig");
const Fields = @import("http_fields.zig").Fields;
const ErrorCode = @import("http_error_code.zig").ErrorCode;
const Method = @import("http_method.zig").Method;
const Scheme = @import("http_method.zig").Scheme;
const Pollable = @import("poll.zig").Pollable;

pub const IncomingRequest = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.method"(IncomingRequest, *Method) void;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.path-with-query"(IncomingRequest, *memory.OptionalBytes) void;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.scheme"(IncomingRequest, *Scheme.Optional) void;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.authority"(IncomingRequest, *memory.OptionalBytes) void;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.headers"(IncomingRequest) Fields;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-request.consume"(IncomingRequest, *memory.OwnResult(IncomingBody)) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]incoming-request"(IncomingRequest) void;

    pub const headers = @"[method]incoming-request.headers";
    pub const drop = @"[resource-drop]incoming-request";

    pub fn method(request: IncomingRequest, allocator: std.mem.Allocator) Method {
        var result: Method = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]incoming-request.method"(request, &result);
        return result;
    }

    pub fn pathWithQuery(request: IncomingRequest, allocator: std.mem.Allocator) ?[]const u8 {
        var result: memory.OptionalBytes = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]incoming-request.path-with-query"(request, &result);
        return result.slice();
    }

    pub fn scheme(request: IncomingRequest, allocator: std.mem.Allocator) ?[]const u8 {
        var result: Scheme.Optional = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]incoming-request.scheme"(request, &result);
        return if (result.present) result.scheme.text() else null;
    }

    pub fn authority(request: IncomingRequest, allocator: std.mem.Allocator) ?[]const u8 {
        var result: memory.OptionalBytes = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]incoming-request.authority"(request, &result);
        return result.slice();
    }

    /// Null at the second call.
    pub fn consume(request: IncomingRequest) ?IncomingBody {
        var result: memory.OwnResult(IncomingBody) = undefined;
        @"[method]incoming-request.consume"(request, &result);
        return result.get();
    }
};

pub const IncomingResponse = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[method]incoming-response.status"(IncomingResponse) u16;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-response.headers"(IncomingResponse) Fields;
    extern "wasi:http/types@0.2.12" fn @"[method]incoming-response.consume"(IncomingResponse, *memory.OwnResult(IncomingBody)) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]incoming-response"(IncomingResponse) void;

    pub const status = @"[method]incoming-response.status";
    pub const headers = @"[method]incoming-response.headers";
    pub const drop = @"[resource-drop]incoming-response";

    /// Null at the second call.
    pub fn consume(response: IncomingResponse) ?IncomingBody {
        var result: memory.OwnResult(IncomingBody) = undefined;
        @"[method]incoming-response.consume"(response, &result);
        return result.get();
    }
};

pub const IncomingBody = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[method]incoming-body.stream"(IncomingBody, *memory.OwnResult(streams.InputStream)) void;
    extern "wasi:http/types@0.2.12" fn @"[static]incoming-body.finish"(IncomingBody) FutureTrailers;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]incoming-body"(IncomingBody) void;

    /// Takes the body. Its stream has to be dropped before.
    pub const finish = @"[static]incoming-body.finish";
    pub const drop = @"[resource-drop]incoming-body";

    /// Null at the second call.
    pub fn stream(body: IncomingBody) ?streams.InputStream {
        var result: memory.OwnResult(streams.InputStream) = undefined;
        @"[method]incoming-body.stream"(body, &result);
        return result.get();
    }
};

pub const FutureTrailers = enum(i32) {
    _,

    /// `option<result<result<option<trailers>, error-code>>>`.
    const Outcome = extern struct {
        present: bool,
        taken: bool align(8),
        failed: bool align(8),
        value: extern union {
            trailers: extern struct { present: bool, fields: Fields },
            code: ErrorCode,
        },
    };

    extern "wasi:http/types@0.2.12" fn @"[method]future-trailers.subscribe"(FutureTrailers) Pollable;
    extern "wasi:http/types@0.2.12" fn @"[method]future-trailers.get"(FutureTrailers, *Outcome) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]future-trailers"(FutureTrailers) void;

    pub const subscribe = @"[method]future-trailers.subscribe";
    pub const drop = @"[resource-drop]future-trailers";

    pub const Result = union(enum) { pending, none, trailers: Fields, failed: ErrorCode };

    pub fn get(future: FutureTrailers, allocator: std.mem.Allocator) Result {
        var outcome: Outcome = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]future-trailers.get"(future, &outcome);
        if (!outcome.present) return .pending;
        if (outcome.taken) return .none;
        if (outcome.failed) return .{ .failed = outcome.value.code };
        if (!outcome.value.trailers.present) return .none;
        return .{ .trailers = outcome.value.trailers.fields };
    }
};

pub const FutureIncomingResponse = enum(i32) {
    _,

    /// `option<result<result<incoming-response, error-code>>>`.
    const Outcome = extern struct {
        present: bool,
        taken: bool align(8),
        failed: bool align(8),
        value: extern union {
            response: IncomingResponse,
            code: ErrorCode,
        },
    };

    extern "wasi:http/types@0.2.12" fn @"[method]future-incoming-response.subscribe"(FutureIncomingResponse) Pollable;
    extern "wasi:http/types@0.2.12" fn @"[method]future-incoming-response.get"(FutureIncomingResponse, *Outcome) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]future-incoming-response"(FutureIncomingResponse) void;

    pub const subscribe = @"[method]future-incoming-response.subscribe";
    pub const drop = @"[resource-drop]future-incoming-response";

    pub const Result = union(enum) { pending, taken, response: IncomingResponse, failed: ErrorCode };

    pub fn get(future: FutureIncomingResponse, allocator: std.mem.Allocator) Result {
        var outcome: Outcome = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]future-incoming-response.get"(future, &outcome);
        if (!outcome.present) return .pending;
        if (outcome.taken) return .taken;
        if (outcome.failed) return .{ .failed = outcome.value.code };
        return .{ .response = outcome.value.response };
    }
};
