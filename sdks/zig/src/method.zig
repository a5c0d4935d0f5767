//! Request methods.

const wasi = @import("wasi/http_method.zig");

/// A method: one of those that everybody knows, or another by its name, spelt
/// as it was sent.
pub const Method = union(enum) {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    CONNECT,
    OPTIONS,
    TRACE,
    PATCH,
    other: []const u8,

    /// As it stands in the request line.
    pub fn name(method: Method) []const u8 {
        return switch (method) {
            .other => |text| text,
            else => @tagName(method),
        };
    }

    pub fn fromWasi(method: wasi.Method) Method {
        return switch (method.case) {
            .get => .GET,
            .head => .HEAD,
            .post => .POST,
            .put => .PUT,
            .delete => .DELETE,
            .connect => .CONNECT,
            .options => .OPTIONS,
            .trace => .TRACE,
            .patch => .PATCH,
            .other => .{ .other = method.other.slice() },
        };
    }

    pub fn toWasi(method: Method) wasi.Method {
        return switch (method) {
            .GET => .{ .case = .get },
            .HEAD => .{ .case = .head },
            .POST => .{ .case = .post },
            .PUT => .{ .case = .put },
            .DELETE => .{ .case = .delete },
            .CONNECT => .{ .case = .connect },
            .OPTIONS => .{ .case = .options },
            .TRACE => .{ .case = .trace },
            .PATCH => .{ .case = .patch },
            .other => |text| .{ .case = .other, .other = .{ .ptr = text.ptr, .len = text.len } },
        };
    }
};
