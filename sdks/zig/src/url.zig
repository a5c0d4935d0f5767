//! The parts of a URL that a request is made of.

const std = @import("std");
const Error = @import("error_code.zig").Error;
const Scheme = @import("wasi/http_method.zig").Scheme;

pub const Target = struct {
    scheme: Scheme,
    authority: []const u8,
    path_with_query: []const u8,
};

/// Takes an absolute URL apart. A fragment is dropped; user information is
/// refused, since it would not be sent. The target begins with a slash also
/// where the URL has a query and no path.
pub fn parse(text: []const u8, arena: std.mem.Allocator) Error!Target {
    const colon = std.mem.find(u8, text, "://") orelse return error.HttpRequestUriInvalid;
    const after = text[colon + 3 ..];
    const end = std.mem.findAny(u8, after, "/?#") orelse after.len;
    const authority = after[0..end];
    if (authority.len == 0) return error.HttpRequestUriInvalid;
    if (std.mem.findScalar(u8, authority, '@') != null) return error.HttpRequestUriInvalid;
    const rest = after[end .. std.mem.findScalar(u8, after, '#') orelse after.len];
    return .{
        .scheme = try scheme(text[0..colon]),
        .authority = authority,
        .path_with_query = if (rest.len > 0 and rest[0] == '/')
            rest
        else
            std.mem.concat(arena, u8, &.{ "/", rest }) catch @panic("out of memory"),
    };
}

fn scheme(text: []const u8) Error!Scheme {
    if (std.ascii.eqlIgnoreCase(text, "http")) return .{ .case = .http };
    if (std.ascii.eqlIgnoreCase(text, "https")) return .{ .case = .https };
    return error.HttpRequestUriInvalid;
}
