//! A body on its way in, behind the interface of a `std.Io.Reader`.

const std = @import("std");
const Context = @import("context.zig");
const Headers = @import("headers.zig").Headers;
const codes = @import("wasi/http_error_code.zig");
const memory = @import("wasi/memory.zig");
const streams = @import("wasi/streams.zig");
const http = @import("wasi/http_incoming.zig");
const Fields = @import("wasi/http_fields.zig").Fields;
const error_code = @import("error_code.zig");

const Case = codes.Case;

const IncomingBody = @This();

const buffer_size = 16 * 1024;

context: *Context,
interface: std.Io.Reader,
resource: Context.Resource = .{ .close = closeResource },
body: ?http.IncomingBody,
stream: ?streams.InputStream,
/// Why reading failed, if it did. Not an error: the names of all HTTP errors
/// would then be in every handler.
failure: ?Case = null,

pub const vtable: std.Io.Reader.VTable = .{ .stream = streamTo };

/// Takes `body`. The result stays where it is, for the host's resources hang
/// on it.
pub fn create(context: *Context, body: http.IncomingBody) *IncomingBody {
    const incoming = context.allocator().create(IncomingBody) catch @panic("out of memory");
    incoming.* = .{
        .context = context,
        .interface = .{
            .vtable = &vtable,
            .buffer = context.mustAllocate(buffer_size),
            .seek = 0,
            .end = 0,
        },
        .body = body,
        .stream = body.stream(),
    };
    context.addResource(&incoming.resource);
    return incoming;
}

/// The body behind `reader`, if it is one.
pub fn from(reader: *std.Io.Reader) ?*IncomingBody {
    if (reader.vtable != &vtable) return null;
    return @alignCast(@fieldParentPtr("interface", reader));
}

pub fn close(incoming: *IncomingBody) void {
    incoming.endStream();
    if (incoming.body) |body| body.drop();
    incoming.body = null;
}

/// What there is now; 0 if nothing is there yet.
pub fn tryRead(incoming: *IncomingBody, buffer: []u8) std.Io.Reader.Error!usize {
    const stream = incoming.stream orelse return incoming.ended();
    var failure: streams.StreamFailure = undefined;
    return stream.read(buffer, &failure) catch |err| return incoming.fail(err, failure);
}

/// What to wait for when `tryRead` gave nothing.
pub fn subscribe(incoming: *IncomingBody) @import("wasi/poll.zig").Pollable {
    return incoming.stream.?.subscribe();
}

/// Reads what is left and gives the trailers: none if there were none.
pub fn trailers(incoming: *IncomingBody) error_code.Error!Headers {
    _ = incoming.interface.discardRemaining() catch return incoming.reason();
    const body = incoming.body orelse return .none(incoming.context);
    incoming.endStream();
    incoming.body = null;
    const future = body.finish();
    defer future.drop();
    while (true) {
        switch (future.get(incoming.context.allocator())) {
            .pending => incoming.context.wait(future.subscribe()),
            .none => return .none(incoming.context),
            .trailers => |fields| return .ofFields(incoming.context, fields),
            .failed => |code| return error_code.fromCase(code.case),
        }
    }
}

/// The error behind an `error.ReadFailed`.
pub fn reason(incoming: *const IncomingBody) error_code.Error {
    return error_code.fromCase(incoming.failure orelse .internal_error);
}

fn streamTo(r: *std.Io.Reader, w: *std.Io.Writer, limit: std.Io.Limit) std.Io.Reader.StreamError!usize {
    const incoming: *IncomingBody = @alignCast(@fieldParentPtr("interface", r));
    while (true) {
        // Asked for anew each time: waiting may empty the writer's buffer.
        const room = limit.slice(try w.writableSliceGreedy(1));
        if (room.len == 0) return 0;
        const count = if (incoming.context.isQuiet())
            try incoming.blockingRead(room)
        else
            try incoming.tryRead(room);
        if (count > 0) {
            w.advance(count);
            return count;
        }
        incoming.context.wait(incoming.subscribe());
    }
}

fn blockingRead(incoming: *IncomingBody, buffer: []u8) std.Io.Reader.Error!usize {
    const stream = incoming.stream orelse return incoming.ended();
    var failure: streams.StreamFailure = undefined;
    return stream.blockingRead(buffer, &failure) catch |err| return incoming.fail(err, failure);
}

fn ended(incoming: *const IncomingBody) std.Io.Reader.Error {
    return if (incoming.failure == null) error.EndOfStream else error.ReadFailed;
}

fn fail(incoming: *IncomingBody, err: streams.Error, failure: streams.StreamFailure) std.Io.Reader.Error {
    if (err == error.Broken) {
        defer failure.drop();
        memory.landIn(incoming.context.allocator());
        defer memory.leave();
        incoming.failure = codes.ofStream(failure) orelse .internal_error;
    }
    incoming.endStream();
    return incoming.ended();
}

fn endStream(incoming: *IncomingBody) void {
    if (incoming.stream) |stream| stream.drop();
    incoming.stream = null;
}

fn closeResource(resource: *Context.Resource) void {
    const incoming: *IncomingBody = @alignCast(@fieldParentPtr("resource", resource));
    incoming.close();
}
