//! Routes that show state, clocks, randomness and the log.

const std = @import("std");
const isospin = @import("isospin");
const text = @import("main.zig").text;

/// Lives as long as the instance.
var asked: u64 = 0;

pub fn counter(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    asked += 1;
    try text(response);
    try response.writer().print("{d}\n", .{asked});
}

pub fn clock(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    const io = request.io();
    const wall = std.Io.Clock.real.now(io);
    const monotonic = std.Io.Clock.awake.now(io);
    try text(response);
    try response.writer().print("wall {d}\nmonotonic {d}\n", .{
        @divFloor(wall.nanoseconds, std.time.ns_per_ms),
        monotonic.nanoseconds,
    });
}

pub fn random(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    const io = request.io();
    var secure: [16]u8 = undefined;
    try io.randomSecure(&secure);
    const source: std.Random.IoSource = .{ .io = io };
    var plain: [8]u8 = undefined;
    source.interface().bytes(&plain);
    try text(response);
    try response.writer().print("secure {x}\nstd.Random {x}\n", .{ &secure, &plain });
}

pub fn log(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    var parameters = request.parameters();
    std.log.info("{s}", .{try parameters.get("message") orelse ""});
    try text(response);
    try response.writer().writeAll("logged\n");
}
