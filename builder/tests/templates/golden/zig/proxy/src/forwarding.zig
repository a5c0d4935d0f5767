//! What of a request is passed on, and where to.

const std = @import("std");

/// The upstream's address with the path and query that were asked for.
pub fn target(arena: std.mem.Allocator, upstream: []const u8, path: []const u8, query: ?[]const u8) ![]const u8 {
    const server = std.mem.trimEnd(u8, upstream, "/");
    const mark = if (query == null) "" else "?";
    return std.mem.concat(arena, u8, &.{ server, path, mark, query orelse "" });
}

/// Whether a header belongs to one connection alone.
pub fn isOfConnection(name: []const u8) bool {
    const of_connection = [_][]const u8{
        "connection",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    };
    for (of_connection) |own| {
        if (std.ascii.eqlIgnoreCase(name, own)) return true;
    }
    return false;
}

test "path and query are kept" {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const url = try target(arena.allocator(), "http://there:9000/", "/a%20b", "c=d");
    try std.testing.expectEqualStrings("http://there:9000/a%20b?c=d", url);
}

test "headers of the connection are told" {
    try std.testing.expect(isOfConnection("Host"));
    try std.testing.expect(!isOfConnection("x-kind"));
}
