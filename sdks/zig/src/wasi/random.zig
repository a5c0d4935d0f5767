//! `wasi:random/random`.

const memory = @import("memory.zig");

extern "wasi:random/random@0.2.12" fn @"get-random-bytes"(u64, *memory.Bytes) void;

/// Fills `buffer` from the host's cryptographically secure source.
pub fn fill(buffer: []u8) void {
    var result: memory.Bytes = undefined;
    memory.landAt(buffer);
    defer memory.leave();
    @"get-random-bytes"(buffer.len, &result);
}
