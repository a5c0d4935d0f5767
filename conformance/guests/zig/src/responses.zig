//! Routes that show what a response can be.

const std = @import("std");
const isospin = @import("isospin");
const text = @import("main.zig").text;

pub fn status(_: *isospin.Request, response: *isospin.Response, rest: []const u8) !void {
    const code = try std.fmt.parseInt(u10, rest, 10);
    response.status = @fromBackingInt(code);
    if (code == 204 or code == 304) return;
    try text(response);
    try response.writer().print("status {d}\n", .{code});
}

pub fn headers(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    var parameters = request.parameters();
    while (try parameters.next()) |parameter| {
        try response.headers.append(parameter.name, parameter.value);
    }
    try response.writer().writeAll("ok\n");
}

/// The bytes 0 to 250 over and over.
const Pattern = struct {
    next: u8 = 0,

    fn fill(pattern: *Pattern, buffer: []u8) void {
        for (buffer) |*byte| {
            byte.* = pattern.next;
            pattern.next = (pattern.next + 1) % 251;
        }
    }
};

pub fn bytes(request: *isospin.Request, response: *isospin.Response, rest: []const u8) !void {
    const body = try request.arena.alloc(u8, try std.fmt.parseInt(usize, rest, 10));
    var pattern: Pattern = .{};
    pattern.fill(body);
    try response.headers.append("content-type", "application/octet-stream");
    try response.send(body);
}

pub fn stream(_: *isospin.Request, response: *isospin.Response, rest: []const u8) !void {
    try response.headers.append("content-type", "application/octet-stream");
    const writer = response.writer();
    var left = try std.fmt.parseInt(u64, rest, 10);
    var pattern: Pattern = .{};
    while (left > 0) {
        const room = try writer.writableSliceGreedy(1);
        const chunk = room[0..@intCast(@min(room.len, left))];
        pattern.fill(chunk);
        writer.advance(chunk.len);
        left -= chunk.len;
    }
}

pub fn ticks(request: *isospin.Request, response: *isospin.Response, rest: []const u8) !void {
    const count = try std.fmt.parseInt(u32, rest, 10);
    var parameters = request.parameters();
    const pause = try std.fmt.parseInt(u32, try parameters.get("ms") orelse "0", 10);
    try text(response);
    const writer = response.writer();
    for (0..count) |index| {
        if (index > 0) try request.io().sleep(.fromMilliseconds(pause), .awake);
        try writer.print("tick {d}\n", .{index + 1});
        try writer.flush();
    }
}

pub fn trailers(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try text(response);
    try response.headers.append("trailer", "x-checksum, x-second");
    try response.writer().writeAll("body\n");
    try response.trailers.append("x-checksum", "abc");
    try response.trailers.append("x-second", "two");
}
