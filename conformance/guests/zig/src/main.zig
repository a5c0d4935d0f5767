//! The conformance guest in Zig; what it must do stands in `conformance/GUEST.md`.

const std = @import("std");
const isospin = @import("isospin");

const failures = @import("failures.zig");
const outbound = @import("outbound.zig");
const requests = @import("requests.zig");
const responses = @import("responses.zig");
const surroundings = @import("surroundings.zig");

const Handler = fn (request: *isospin.Request, response: *isospin.Response, rest: []const u8) anyerror!void;

const routes: std.StaticStringMap(*const Handler) = .initComptime(.{
    .{ "reflect", requests.reflect },
    .{ "collect", requests.collect },
    .{ "echo", requests.echo },
    .{ "duplex", requests.duplex },
    .{ "early", requests.early },
    .{ "watch", requests.watch },
    .{ "status", responses.status },
    .{ "headers", responses.headers },
    .{ "bytes", responses.bytes },
    .{ "stream", responses.stream },
    .{ "ticks", responses.ticks },
    .{ "trailers", responses.trailers },
    .{ "error", failures.fail },
    .{ "panic", failures.panic },
    .{ "error-after-start", failures.failAfterStart },
    .{ "loop", failures.loop },
    .{ "allocate", failures.allocate },
    .{ "recurse", failures.recurse },
    .{ "counter", surroundings.counter },
    .{ "clock", surroundings.clock },
    .{ "random", surroundings.random },
    .{ "log", surroundings.log },
    .{ "fetch", outbound.fetch },
    .{ "gather", outbound.gather },
});

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    const path = std.mem.cutPrefix(u8, request.path, "/") orelse request.path;
    const route, const rest = std.mem.cutScalar(u8, path, '/') orelse .{ path, "" };
    const handler = routes.get(route) orelse {
        response.status = .not_found;
        try text(response);
        return response.writer().writeAll("no such route\n");
    };
    try handler(request, response, rest);
}

/// Says that the body is text.
pub fn text(response: *isospin.Response) !void {
    try response.headers.append("content-type", "text/plain; charset=utf-8");
}
