//! Digests and HMAC for `crypto.subtle`, from Zig's standard library, for C.
const std = @import("std");
const hash = std.crypto.hash;
const hmac = std.crypto.auth.hmac;

/// The algorithms by number, in the order of the prelude's list.
const digests = .{ hash.Sha1, hash.sha2.Sha256, hash.sha2.Sha384, hash.sha2.Sha512 };
const macs = .{ hmac.HmacSha1, hmac.sha2.HmacSha256, hmac.sha2.HmacSha384, hmac.sha2.HmacSha512 };

/// Writes the digest to `out` (64 bytes) and returns its length; 0 if there is no such algorithm.
export fn isospin_digest(algorithm: u32, bytes: [*]const u8, length: usize, out: *[64]u8) usize {
    inline for (digests, 0..) |Digest, number| {
        if (number == algorithm) {
            Digest.hash(bytes[0..length], out[0..Digest.digest_length], .{});
            return Digest.digest_length;
        }
    }
    return 0;
}

/// As `isospin_digest`, with a key.
export fn isospin_hmac(
    algorithm: u32,
    key: [*]const u8,
    key_length: usize,
    bytes: [*]const u8,
    length: usize,
    out: *[64]u8,
) usize {
    inline for (macs, 0..) |Mac, number| {
        if (number == algorithm) {
            Mac.create(out[0..Mac.mac_length], bytes[0..length], key[0..key_length]);
            return Mac.mac_length;
        }
    }
    return 0;
}
