//! `wasi:cli/environment`: the one import outside the plain handler world. It
//! is linked in only when it is called.

const std = @import("std");
const memory = @import("memory.zig");

pub const Variable = extern struct {
    name: memory.Bytes,
    value: memory.Bytes,
};

extern "wasi:cli/environment@0.2.12" fn @"get-environment"(*memory.List(Variable)) void;

/// All variables, in the host's order, allocated with `allocator`.
pub fn variables(allocator: std.mem.Allocator) []Variable {
    var result: memory.List(Variable) = undefined;
    memory.landIn(allocator);
    defer memory.leave();
    @"get-environment"(&result);
    return result.slice();
}
