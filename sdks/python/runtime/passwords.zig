//! Keys that are derived from passwords, from Zig's standard library, for C.
const std = @import("std");
const hmac = std.crypto.auth.hmac;
const pwhash = std.crypto.pwhash;

/// Inputs are checked where they come in, so that no component carries texts of panics.
pub const panic = std.debug.no_panic;

/// By number, in the order of `DIGESTS` in `_passwords.py`.
const macs = .{ hmac.HmacMd5, hmac.HmacSha1, hmac.sha2.HmacSha224, hmac.sha2.HmacSha256, hmac.sha2.HmacSha384, hmac.sha2.HmacSha512 };

const Bytes = extern struct {
    start: [*]const u8,
    length: usize,

    fn slice(bytes: Bytes) []const u8 {
        return bytes.start[0..bytes.length];
    }
};

/// PBKDF2 (RFC 8018). Fills `out`; false if there is no such digest, or something is too small or too large.
export fn isospin_pbkdf2(digest: usize, password: *const Bytes, salt: *const Bytes, rounds: u32, out: [*]u8, length: usize) bool {
    inline for (macs, 0..) |Mac, number| {
        if (digest == number) {
            pwhash.pbkdf2(out[0..length], password.slice(), salt.slice(), rounds, Mac) catch return false;
            return true;
        }
    }
    return false;
}

/// scrypt (RFC 7914) with `cost` = log2(N), block size `r` and parallelization `p`, in `memory`. Fills `out`; false
/// if a number is too small or too large, or the memory too small.
export fn isospin_scrypt(password: *const Bytes, salt: *const Bytes, cost: u32, r: u32, p: u32, memory: [*]u8, size: usize, out: [*]u8, length: usize) bool {
    const limit = std.math.maxInt(u30);
    if (cost > 31 or r > limit or p > limit) return false;
    var allocator: std.heap.FixedBufferAllocator = .init(memory[0..size]);
    const parameters: pwhash.scrypt.Params = .{ .ln = @intCast(cost), .r = @intCast(r), .p = @intCast(p) };
    pwhash.scrypt.kdf(allocator.allocator(), out[0..length], password.slice(), salt.slice(), parameters) catch return false;
    return true;
}
