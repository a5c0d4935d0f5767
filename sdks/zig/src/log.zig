//! The log: `std.log`, `std.debug.print` and the last words of a panic all go
//! to the host's standard error.

const std = @import("std");
const streams = @import("wasi/streams.zig");
const stderr = @import("wasi/stderr.zig");

/// The most that the host takes at once.
const most = 4096;

/// For `std.Options.logFn`.
pub fn logFn(
    comptime level: std.log.Level,
    comptime scope: @EnumLiteral(),
    comptime format: []const u8,
    args: anytype,
) void {
    const prefix = comptime level.asText() ++ (if (scope == .default) "" else "(" ++ @tagName(scope) ++ ")") ++ ": ";
    var buffer: [512]u8 = undefined;
    var sink: LogWriter = .{ .interface = .{ .vtable = &LogWriter.vtable, .buffer = &buffer } };
    // A log that cannot be written to has nowhere to say so.
    sink.interface.print(prefix ++ format ++ "\n", args) catch {};
    sink.interface.flush() catch {};
}

/// Writes one line out of parts, without a formatter's weight.
pub fn line(parts: []const []const u8) void {
    var buffer: [512]u8 = undefined;
    var end: usize = 0;
    for (parts) |part| {
        const len = @min(part.len, buffer.len - 1 - end);
        @memcpy(buffer[end..][0..len], part[0..len]);
        end += len;
    }
    buffer[end] = '\n';
    write(buffer[0 .. end + 1]);
}

/// A writer to the log.
pub const LogWriter = struct {
    interface: std.Io.Writer,

    pub const vtable: std.Io.Writer.VTable = .{ .drain = drain };

    fn drain(w: *std.Io.Writer, data: []const []const u8, splat: usize) std.Io.Writer.Error!usize {
        write(w.buffered());
        w.end = 0;
        var count: usize = 0;
        for (data[0 .. data.len - 1]) |bytes| {
            write(bytes);
            count += bytes.len;
        }
        const pattern = data[data.len - 1];
        for (0..splat) |_| write(pattern);
        return count + pattern.len * splat;
    }
};

fn write(bytes: []const u8) void {
    if (bytes.len == 0) return;
    const stream = stderr.open();
    defer stream.drop();
    var rest = bytes;
    while (rest.len > 0) {
        const len = @min(rest.len, most);
        var failure: streams.StreamFailure = undefined;
        stream.blockingWriteAndFlush(rest[0..len], &failure) catch |err| {
            if (err == error.Broken) failure.drop();
            return;
        };
        rest = rest[len..];
    }
}
