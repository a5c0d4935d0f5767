//! The environment guest in Zig; what it must do stands in `conformance/GUEST.md`.

const std = @import("std");
const isospin = @import("isospin");

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    const variables = try isospin.environment(request.arena);
    std.mem.sort(isospin.Variable, variables, {}, byName);
    try response.headers.append("content-type", "text/plain; charset=utf-8");
    const writer = response.writer();
    for (variables) |variable| try writer.print("{s}={s}\n", .{ variable.name, variable.value });
}

fn byName(_: void, left: isospin.Variable, right: isospin.Variable) bool {
    return std.mem.lessThan(u8, left.name, right.name);
}
