//! Environment variables. A component has them only if its manifest entry says
//! `environment = { ... }`; using this without it is an error of the build.

const std = @import("std");
const wasi = @import("wasi/environment.zig");

pub const Variable = struct {
    name: []const u8,
    value: []const u8,
};

/// All variables, in the host's order.
pub fn environment(allocator: std.mem.Allocator) std.mem.Allocator.Error![]Variable {
    const found = wasi.variables(allocator);
    const result = try allocator.alloc(Variable, found.len);
    for (found, result) |from, *to| to.* = .{ .name = from.name.slice(), .value = from.value.slice() };
    return result;
}

/// The value of the variable `name`.
pub fn variable(allocator: std.mem.Allocator, name: []const u8) ?[]const u8 {
    for (wasi.variables(allocator)) |found| {
        if (std.mem.eql(u8, found.name.slice(), name)) return found.value.slice();
    }
    return null;
}
