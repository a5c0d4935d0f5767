//! The response to a request that the handler sent.

const std = @import("std");
const Context = @import("context.zig");
const Headers = @import("headers.zig").Headers;
const IncomingBody = @import("incoming_body.zig");
const error_code = @import("error_code.zig");
const incoming = @import("wasi/http_incoming.zig");
const Fields = @import("wasi/http_fields.zig").Fields;

pub const ClientResponse = struct {
    status: std.http.Status,
    headers: Headers,

    // For the SDK alone.
    context: *Context,
    handle: ?incoming.IncomingResponse,
    body: ?*IncomingBody = null,

    /// Takes `handle`.
    pub fn create(context: *Context, handle: incoming.IncomingResponse) *ClientResponse {
        const response = context.allocator().create(ClientResponse) catch @panic("out of memory");
        response.* = .{
            .status = @fromBackingInt(@intCast(handle.status())),
            .headers = .{
                .context = context,
                .source = .{ .owner = @backingInt(handle), .open = openHeaders },
            },
            .context = context,
            .handle = handle,
        };
        return response;
    }

    /// The body, as it comes. What has been written and not sent is sent before
    /// more is awaited.
    pub fn reader(response: *ClientResponse) *std.Io.Reader {
        const body = response.openBody() orelse return .ending;
        return &body.interface;
    }

    /// The whole body, if it has no more than `limit` bytes.
    pub fn readAll(response: *ClientResponse, limit: usize) ![]u8 {
        return response.reader().allocRemaining(response.context.allocator(), .limited(limit));
    }

    /// Why reading the body failed, after an `error.ReadFailed`.
    pub fn readError(response: *const ClientResponse) error_code.Error {
        const body = response.body orelse return error.InternalError;
        return body.reason();
    }

    /// The fields that came after the body; what is left of the body is read.
    pub fn trailers(response: *ClientResponse) error_code.Error!Headers {
        const body = response.openBody() orelse return .none(response.context);
        return body.trailers();
    }

    /// Ends the exchange; what was not read is given up. Without it, that is
    /// done when the handler returns.
    pub fn close(response: *ClientResponse) void {
        if (response.body) |body| body.close();
        if (response.handle) |handle| handle.drop();
        response.handle = null;
        response.headers.loaded = response.headers.loaded orelse &.{};
    }

    fn openBody(response: *ClientResponse) ?*IncomingBody {
        if (response.body) |body| return body;
        const handle = response.handle orelse return null;
        const body = handle.consume() orelse unreachable; // nobody else has it
        response.body = .create(response.context, body);
        return response.body;
    }

    fn openHeaders(owner: i32) Fields {
        const handle: incoming.IncomingResponse = @fromBackingInt(owner);
        return handle.headers();
    }
};
