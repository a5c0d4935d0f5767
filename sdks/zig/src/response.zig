//! The response that a handler gives.

const std = @import("std");
const Context = @import("context.zig");
const OutgoingBody = @import("outgoing_body.zig");
const HeaderError = @import("headers.zig").HeaderError;
const OutgoingHeaders = @import("headers.zig").OutgoingHeaders;
const decimal = @import("decimal.zig");
const http = @import("wasi/http_outgoing.zig");

pub const Response = struct {
    status: std.http.Status = .ok,
    /// They leave with the first part of the body.
    headers: OutgoingHeaders = .{},
    /// Fields that are sent after the body.
    trailers: OutgoingHeaders = .{},

    // For the SDK alone.
    out: http.ResponseOutparam,
    body: OutgoingBody,

    /// Takes `out`. The result must not be moved once it is written to.
    pub fn init(context: *Context, out: http.ResponseOutparam) Response {
        return .{ .out = out, .body = .{ .context = context, .open = openBody } };
    }

    /// Where the body is written. What is written leaves when the buffer is
    /// full, when it is flushed, before more input is awaited, and at the end.
    pub fn writer(response: *Response) *std.Io.Writer {
        return response.body.writer();
    }

    /// Gives `bytes` as the whole body, its length known to the client.
    pub fn send(response: *Response, bytes: []const u8) (std.Io.Writer.Error || HeaderError)!void {
        var digits: [decimal.most]u8 = undefined;
        try response.headers.set("content-length", decimal.write(&digits, bytes.len));
        try response.writer().writeAll(bytes);
    }

    /// Sends what is left of it. A body that fits into the buffer gets its
    /// length.
    pub fn finish(response: *Response, is_head: bool) (OutgoingBody.FinishError || HeaderError)!void {
        if (!response.body.isOpened()) {
            if (response.mayHaveLength(is_head)) {
                var digits: [decimal.most]u8 = undefined;
                const len = response.body.interface.end;
                try response.headers.append("content-length", decimal.write(&digits, len));
            }
        }
        try response.body.finish(response.trailers.takeUnlessEmpty());
    }

    /// Makes it an empty 500; a response that was begun is cut off instead.
    pub fn fail(response: *Response) void {
        response.trailers.discard();
        if (response.body.isOpened()) return response.body.cut();
        response.body.interface.end = 0;
        response.headers.discard();
        response.status = .internal_server_error;
        response.finish(false) catch response.body.abort();
    }

    fn mayHaveLength(response: *const Response, is_head: bool) bool {
        const len = response.body.interface.end;
        if (is_head and len == 0) return false;
        const status = @backingInt(response.status);
        if (status < 200 or status == 204 or status == 304) return false;
        if (response.trailers.state != .empty) return false;
        return !response.headers.has("content-length");
    }

    fn openBody(body: *OutgoingBody) OutgoingBody.OpenError!http.OutgoingBody {
        const response: *Response = @alignCast(@fieldParentPtr("body", body));
        const handle: http.OutgoingResponse = .init(response.headers.take());
        if (!handle.setStatus(@backingInt(response.status))) {
            handle.drop();
            response.headers.state = .empty;
            return error.InvalidStatus;
        }
        const opened = handle.body() orelse unreachable; // nobody else has it
        response.out.set(handle);
        return opened;
    }
};
