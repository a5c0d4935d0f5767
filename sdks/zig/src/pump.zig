//! Sends a body out while the handler waits for something else.

const std = @import("std");
const Context = @import("context.zig");
const IncomingBody = @import("incoming_body.zig");
const http = @import("wasi/http_outgoing.zig");
const streams = @import("wasi/streams.zig");
const Pollable = @import("wasi/poll.zig").Pollable;

const Pump = @This();

context: *Context,
task: Context.Task = .{ .progress = progress },
source: Source,
body: ?http.OutgoingBody,
stream: ?streams.OutputStream,

pub const Source = union(enum) {
    bytes: []const u8,
    reader: *std.Io.Reader,
};

/// Takes `body`.
pub fn init(context: *Context, source: Source, body: http.OutgoingBody) Pump {
    return .{ .context = context, .source = source, .body = body, .stream = body.stream() };
}

/// Gives up what was not sent.
pub fn close(pump: *Pump) void {
    if (pump.stream) |stream| stream.drop();
    pump.stream = null;
    if (pump.body) |body| body.drop();
    pump.body = null;
}

fn progress(task: *Context.Task) ?Pollable {
    const pump: *Pump = @alignCast(@fieldParentPtr("task", task));
    return pump.advance() catch {
        // What went wrong shows in the response, or in reading the source.
        pump.close();
        return null;
    };
}

/// Sends until it has to wait, and gives what for; null at the end.
fn advance(pump: *Pump) !?Pollable {
    const stream = pump.stream orelse return null;
    while (true) {
        const pending = pump.pendingBytes();
        if (pending.len > 0) {
            const room = try checkWrite(stream);
            if (room == 0) return stream.subscribe();
            const len: usize = @intCast(@min(room, pending.len));
            try write(stream, pending[0..len]);
            pump.consume(len);
            continue;
        }
        const more = pump.readMore() catch |err| switch (err) {
            error.EndOfStream => {
                pump.finish();
                return null;
            },
            error.ReadFailed => return err,
        };
        switch (more) {
            .some => {},
            .none_yet => |pollable| {
                flush(stream) catch |err| {
                    pollable.drop();
                    return err;
                };
                return pollable;
            },
        }
    }
}

fn pendingBytes(pump: *const Pump) []const u8 {
    return switch (pump.source) {
        .bytes => |bytes| bytes,
        .reader => |reader| reader.buffered(),
    };
}

fn consume(pump: *Pump, len: usize) void {
    switch (pump.source) {
        .bytes => |*bytes| bytes.* = bytes.*[len..],
        .reader => |reader| reader.toss(len),
    }
}

const More = union(enum) { some, none_yet: Pollable };

/// Refills the source's empty buffer.
fn readMore(pump: *Pump) std.Io.Reader.Error!More {
    const reader = switch (pump.source) {
        .bytes => return error.EndOfStream,
        .reader => |reader| reader,
    };
    const incoming = IncomingBody.from(reader) orelse {
        try reader.fillMore();
        return .some;
    };
    reader.seek = 0;
    reader.end = 0;
    const count = try incoming.tryRead(reader.buffer);
    if (count == 0) return .{ .none_yet = incoming.subscribe() };
    reader.end = count;
    return .some;
}

fn finish(pump: *Pump) void {
    if (pump.stream) |stream| stream.drop();
    pump.stream = null;
    // Should the other side have left, the response says so.
    if (pump.body) |body| _ = body.finish(null, pump.context.allocator());
    pump.body = null;
}

fn checkWrite(stream: streams.OutputStream) streams.Error!u64 {
    var failure: streams.StreamFailure = undefined;
    return stream.checkWrite(&failure) catch |err| return dropped(err, failure);
}

fn write(stream: streams.OutputStream, bytes: []const u8) streams.Error!void {
    var failure: streams.StreamFailure = undefined;
    stream.write(bytes, &failure) catch |err| return dropped(err, failure);
}

fn flush(stream: streams.OutputStream) streams.Error!void {
    var failure: streams.StreamFailure = undefined;
    stream.flush(&failure) catch |err| return dropped(err, failure);
}

fn dropped(err: streams.Error, failure: streams.StreamFailure) streams.Error {
    if (err == error.Broken) failure.drop();
    return err;
}
