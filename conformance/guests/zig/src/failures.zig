//! Routes that go wrong on purpose.

const std = @import("std");
const isospin = @import("isospin");
const text = @import("main.zig").text;

pub fn fail(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try text(response);
    try response.writer().writeAll("never seen\n");
    return error.@"deliberate error";
}

pub fn panic(_: *isospin.Request, _: *isospin.Response, _: []const u8) !void {
    @panic("deliberate panic");
}

pub fn failAfterStart(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try text(response);
    try response.writer().writeAll("begun\n");
    try response.writer().flush();
    return error.@"deliberate error";
}

pub fn loop(_: *isospin.Request, _: *isospin.Response, _: []const u8) !void {
    while (true) std.mem.doNotOptimizeAway({});
}

pub fn allocate(request: *isospin.Request, _: *isospin.Response, _: []const u8) !void {
    while (true) {
        const block = try request.arena.alloc(u8, 1 << 20);
        @memset(block, 1);
        std.mem.doNotOptimizeAway(block.ptr);
    }
}

pub fn recurse(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try response.writer().print("{d}\n", .{depth(0)});
}

fn depth(level: usize) usize {
    var here: [64]usize = @splat(level);
    std.mem.doNotOptimizeAway(&here);
    return depth(level + 1) + here[level % here.len];
}
