//! `wasi:http/types`: fields, that is headers and trailers.

const std = @import("std");
const memory = @import("memory.zig");

/// `header-error`.
pub const HeaderError = enum(u8) { invalid_syntax, forbidden, immutable };

/// One field line, as the host returns it.
pub const Field = extern struct {
    name: memory.Bytes,
    value: memory.Bytes,
};

const EmptyResult = extern struct {
    failed: bool,
    err: HeaderError,
};

pub const Fields = enum(i32) {
    _,

    extern "wasi:http/types@0.2.12" fn @"[constructor]fields"() Fields;
    extern "wasi:http/types@0.2.12" fn @"[method]fields.append"(Fields, [*]const u8, usize, [*]const u8, usize, *EmptyResult) void;
    extern "wasi:http/types@0.2.12" fn @"[method]fields.delete"(Fields, [*]const u8, usize, *EmptyResult) void;
    extern "wasi:http/types@0.2.12" fn @"[method]fields.has"(Fields, [*]const u8, usize) bool;
    extern "wasi:http/types@0.2.12" fn @"[method]fields.entries"(Fields, *memory.List(Field)) void;
    extern "wasi:http/types@0.2.12" fn @"[resource-drop]fields"(Fields) void;

    pub const init = @"[constructor]fields";
    pub const drop = @"[resource-drop]fields";

    /// Null if it went well.
    pub fn append(fields: Fields, name: []const u8, value: []const u8) ?HeaderError {
        var result: EmptyResult = undefined;
        @"[method]fields.append"(fields, name.ptr, name.len, value.ptr, value.len, &result);
        return if (result.failed) result.err else null;
    }

    /// Null if it went well.
    pub fn delete(fields: Fields, name: []const u8) ?HeaderError {
        var result: EmptyResult = undefined;
        @"[method]fields.delete"(fields, name.ptr, name.len, &result);
        return if (result.failed) result.err else null;
    }

    pub fn has(fields: Fields, name: []const u8) bool {
        return @"[method]fields.has"(fields, name.ptr, name.len);
    }

    /// All field lines, in the host's order.
    pub fn entries(fields: Fields, allocator: std.mem.Allocator) []Field {
        var result: memory.List(Field) = undefined;
        memory.landIn(allocator);
        defer memory.leave();
        @"[method]fields.entries"(fields, &result);
        return result.slice();
    }
};
