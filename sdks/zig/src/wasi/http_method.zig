//! `wasi:http/types`: `method` and `scheme`.

const memory = @import("memory.zig");

/// `method`.
pub const Method = extern struct {
    case: Case,
    other: memory.Bytes = .{ .ptr = "", .len = 0 },

    pub const Case = enum(u8) { get, head, post, put, delete, connect, options, trace, patch, other };
};

/// `scheme`.
pub const Scheme = extern struct {
    case: Case,
    other: memory.Bytes = .{ .ptr = "", .len = 0 },

    pub const Case = enum(u8) { http, https, other };

    pub const Optional = extern struct {
        present: bool,
        scheme: Scheme,
    };

    pub fn text(scheme: Scheme) []const u8 {
        return switch (scheme.case) {
            .http => "http",
            .https => "https",
            .other => scheme.other.slice(),
        };
    }
};
