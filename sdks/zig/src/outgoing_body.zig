//! A body on its way out, behind the interface of a `std.Io.Writer`.

const std = @import("std");
const Context = @import("context.zig");
const clocks = @import("wasi/clocks.zig");
const streams = @import("wasi/streams.zig");
const http = @import("wasi/http_outgoing.zig");
const Fields = @import("wasi/http_fields.zig").Fields;

const OutgoingBody = @This();

/// Large enough that sending is rare, small enough to be had per request.
const buffer_size = 16 * 1024;

/// Nanoseconds for which a response that has failed is held before it is cut.
const before_cut = std.time.ns_per_ms;

context: *Context,
interface: std.Io.Writer = .{ .vtable = &vtable, .buffer = &.{} },
sink: Context.Sink = .{ .flush = flushSink, .is_dirty = isSinkDirty },
state: State = .unopened,
/// Opens the body when the first byte is to leave.
open: *const fn (*OutgoingBody) OpenError!http.OutgoingBody,
/// Why it could not be opened, if it could not.
failure: ?OpenError = null,
/// Set while bytes are being sent: waiting for room must not send them again.
is_sending: bool = false,

const State = union(enum) {
    unopened,
    open: struct { body: http.OutgoingBody, stream: streams.OutputStream },
    closed,
};

/// Why the host did not take the head.
pub const OpenError = error{ InvalidStatus, RequestCancelled };

/// Why the body could not be brought to its end.
pub const FinishError = OpenError || error{
    /// The other side left before the end.
    WriteFailed,
    /// The host refuses the end: the body is not as long as `content-length`
    /// said, for one.
    BodyRefused,
};

const vtable: std.Io.Writer.VTable = .{ .drain = drain, .flush = flushWriter };

pub fn writer(body: *OutgoingBody) *std.Io.Writer {
    if (body.interface.buffer.len == 0) {
        body.interface.buffer = body.context.mustAllocate(buffer_size);
        body.context.addSink(&body.sink);
    }
    return &body.interface;
}

/// Whether anything has left.
pub fn isOpened(body: *const OutgoingBody) bool {
    return body.state != .unopened;
}

/// Sends what is left and the trailers, and ends the body.
pub fn finish(body: *OutgoingBody, trailers: ?Fields) FinishError!void {
    body.sendBuffered() catch return body.reason();
    const opened = switch (body.state) {
        .open => |opened| opened,
        else => return body.reason(),
    };
    body.state = .closed;
    opened.stream.drop();
    if (opened.body.finish(trailers, body.context.allocator()) != null) return error.BodyRefused;
}

/// As `abort`, but lets out before what was written: a host that sees the cut at
/// once would send none of it, not even the head.
pub fn cut(body: *OutgoingBody) void {
    if (body.state == .open) {
        flushWriter(&body.interface) catch {};
    }
    switch (body.state) {
        .open => |opened| {
            body.context.wait(opened.stream.subscribe());
            body.context.wait(clocks.monotonic.after(before_cut));
        },
        else => {},
    }
    body.abort();
}

/// Gives up what was not sent. A body that was begun counts as cut off.
pub fn abort(body: *OutgoingBody) void {
    body.interface.end = 0;
    switch (body.state) {
        .open => |opened| {
            opened.stream.drop();
            opened.body.drop();
        },
        else => {},
    }
    body.state = .closed;
}

/// The error behind a `error.WriteFailed`.
pub fn reason(body: *const OutgoingBody) FinishError {
    return body.failure orelse error.WriteFailed;
}

fn drain(w: *std.Io.Writer, data: []const []const u8, splat: usize) std.Io.Writer.Error!usize {
    const body: *OutgoingBody = @alignCast(@fieldParentPtr("interface", w));
    try body.sendBuffered();
    var count: usize = 0;
    for (data[0 .. data.len - 1]) |bytes| {
        try body.send(bytes);
        count += bytes.len;
    }
    const pattern = data[data.len - 1];
    for (0..splat) |_| try body.send(pattern);
    return count + pattern.len * splat;
}

fn flushWriter(w: *std.Io.Writer) std.Io.Writer.Error!void {
    const body: *OutgoingBody = @alignCast(@fieldParentPtr("interface", w));
    try body.sendBuffered();
    var failure: streams.StreamFailure = undefined;
    body.state.open.stream.flush(&failure) catch |err| return body.fail(err, failure);
}

fn isSinkDirty(sink: *const Context.Sink) bool {
    const body: *const OutgoingBody = @alignCast(@fieldParentPtr("sink", sink));
    return body.interface.end > 0 and !body.is_sending and body.state != .closed;
}

fn flushSink(sink: *Context.Sink) void {
    const body: *OutgoingBody = @alignCast(@fieldParentPtr("sink", sink));
    // The failure is kept, and the next write reports it.
    flushWriter(&body.interface) catch {};
}

fn sendBuffered(body: *OutgoingBody) std.Io.Writer.Error!void {
    try body.send(body.interface.buffered());
    body.interface.end = 0;
}

/// Hands all of `bytes` to the host, opening the body before if need be.
fn send(body: *OutgoingBody, bytes: []const u8) std.Io.Writer.Error!void {
    const stream = try body.openedStream();
    var failure: streams.StreamFailure = undefined;
    body.is_sending = true;
    defer body.is_sending = false;
    var rest = bytes;
    while (rest.len > 0) {
        const room = stream.checkWrite(&failure) catch |err| return body.fail(err, failure);
        if (room == 0) {
            body.context.wait(stream.subscribe());
            continue;
        }
        const len: usize = @intCast(@min(room, rest.len));
        stream.write(rest[0..len], &failure) catch |err| return body.fail(err, failure);
        rest = rest[len..];
    }
}

fn openedStream(body: *OutgoingBody) std.Io.Writer.Error!streams.OutputStream {
    switch (body.state) {
        .open => |opened| return opened.stream,
        .closed => return error.WriteFailed,
        .unopened => {},
    }
    const opened = body.open(body) catch |err| {
        body.failure = err;
        body.state = .closed;
        return error.WriteFailed;
    };
    const stream = opened.stream() orelse unreachable; // nobody else has it
    body.state = .{ .open = .{ .body = opened, .stream = stream } };
    return stream;
}

fn fail(body: *OutgoingBody, err: streams.Error, failure: streams.StreamFailure) std.Io.Writer.Error {
    if (err == error.Broken) failure.drop();
    body.abort();
    return error.WriteFailed;
}
