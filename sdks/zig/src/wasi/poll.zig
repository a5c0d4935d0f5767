//! `wasi:io/poll`.

const memory = @import("memory.zig");

pub const Pollable = enum(i32) {
    _,

    extern "wasi:io/poll@0.2.12" fn @"[method]pollable.block"(Pollable) void;
    extern "wasi:io/poll@0.2.12" fn @"[resource-drop]pollable"(Pollable) void;

    pub const block = @"[method]pollable.block";
    pub const drop = @"[resource-drop]pollable";
};

extern "wasi:io/poll@0.2.12" fn poll([*]const Pollable, usize, *memory.List(u32)) void;

/// Waits until at least one is ready and gives the places of those that are,
/// in `ready`, which must be as long as `pollables`.
pub fn wait(pollables: []const Pollable, ready: []u32) []u32 {
    var result: memory.List(u32) = undefined;
    memory.landAt(@ptrCast(ready));
    defer memory.leave();
    poll(pollables.ptr, pollables.len, &result);
    return result.slice();
}
