//! `std.Io` for a handler: clocks, sleep, randomness and the log. Files,
//! processes and sockets do not exist here and fail as the standard library
//! has them fail.

const std = @import("std");
const Context = @import("context.zig");
const LogWriter = @import("log.zig").LogWriter;
const clocks = @import("wasi/clocks.zig");
const random = @import("wasi/random.zig");

const Io = std.Io;

pub fn io(context: *Context) Io {
    return .{ .userdata = context, .vtable = &vtable };
}

/// For `std_options_debug_io`: what `std.debug.print` uses. It belongs to no
/// request and cannot sleep.
pub const debug_io: Io = .{ .userdata = null, .vtable = &vtable };

const vtable: Io.VTable = table: {
    var table = Io.failing.vtable.*;
    table.swapCancelProtection = swapCancelProtection;
    table.checkCancel = checkCancel;
    table.groupAwait = groupAwait;
    table.groupCancel = groupCancel;
    table.lockStderr = lockStderr;
    table.tryLockStderr = tryLockStderr;
    table.unlockStderr = unlockStderr;
    table.now = now;
    table.clockResolution = clockResolution;
    table.sleep = sleep;
    table.random = fill;
    table.randomSecure = fillSecure;
    break :table table;
};

fn now(_: ?*anyopaque, clock: Io.Clock) Io.Timestamp {
    return .{ .nanoseconds = switch (clock) {
        .real => wallNanoseconds(clocks.wall.read),
        .awake, .boot => clocks.monotonic.nanoseconds(),
        .cpu_process, .cpu_thread => 0,
    } };
}

fn clockResolution(_: ?*anyopaque, clock: Io.Clock) Io.Clock.ResolutionError!Io.Duration {
    return .fromNanoseconds(switch (clock) {
        .real => wallNanoseconds(clocks.wall.tick),
        .awake, .boot => clocks.monotonic.tick(),
        .cpu_process, .cpu_thread => return error.ClockUnavailable,
    });
}

fn wallNanoseconds(read: *const fn (*clocks.wall.Datetime) callconv(.c) void) i96 {
    var time: clocks.wall.Datetime = undefined;
    read(&time);
    return @as(i96, time.seconds) * std.time.ns_per_s + time.nanoseconds;
}

fn sleep(userdata: ?*anyopaque, timeout: Io.Timeout) Io.Cancelable!void {
    const context: *Context = @ptrCast(@alignCast(userdata orelse return));
    const nanoseconds = switch (timeout) {
        .none => return,
        .duration => |duration| duration.raw.nanoseconds,
        .deadline => |deadline| deadline.raw.nanoseconds - now(null, deadline.clock).nanoseconds,
    };
    context.wait(clocks.monotonic.after(std.math.lossyCast(u64, nanoseconds)));
}

fn fill(_: ?*anyopaque, buffer: []u8) void {
    random.fill(buffer);
}

fn fillSecure(_: ?*anyopaque, buffer: []u8) Io.RandomSecureError!void {
    random.fill(buffer);
}

// Nothing is ever cancelled here, and what is asynchronous runs at once.

fn swapCancelProtection(_: ?*anyopaque, _: Io.CancelProtection) Io.CancelProtection {
    return .unblocked;
}

fn checkCancel(_: ?*anyopaque) Io.Cancelable!void {}

fn groupAwait(_: ?*anyopaque, _: *Io.Group, _: *anyopaque) Io.Cancelable!void {}

fn groupCancel(_: ?*anyopaque, _: *Io.Group, _: *anyopaque) void {}

/// The log is one for the whole instance; between lock and unlock no request
/// gives way to another.
var stderr_writer: Io.File.Writer = .{
    .io = debug_io,
    .file = undefined,
    .interface = .{ .vtable = &LogWriter.vtable, .buffer = &.{} },
};

fn lockStderr(_: ?*anyopaque, _: ?Io.Terminal.Mode) Io.Cancelable!Io.LockedStderr {
    return .{ .file_writer = &stderr_writer, .terminal_mode = .no_color };
}

fn tryLockStderr(_: ?*anyopaque, _: ?Io.Terminal.Mode) Io.Cancelable!?Io.LockedStderr {
    return try lockStderr(null, null);
}

fn unlockStderr(_: ?*anyopaque) void {
    stderr_writer.interface.flush() catch {};
    stderr_writer.interface.buffer = &.{};
    stderr_writer.interface.end = 0;
}
