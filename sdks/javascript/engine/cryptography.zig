//! Ciphers, keys that are derived, elliptic curves and RSA for `crypto.subtle`, from
//! Zig's standard library where it has them, for C. An engine for components whose
//! code names no such algorithm is compiled without this file.
const std = @import("std");
const aes = @import("aes.zig");
const curves = @import("curves.zig");
const rsa = @import("rsa.zig");
const hmac = std.crypto.auth.hmac;

/// Inputs are checked where they come in, so that no component carries texts of panics.
pub const panic = std.debug.no_panic;

pub const Bytes = extern struct {
    start: ?[*]u8,
    length: usize,

    pub fn slice(bytes: Bytes) []u8 {
        return if (bytes.start) |start| start[0..bytes.length] else &.{};
    }
};

/// An operation's inputs and the room for its output, whose length the prelude knows.
pub const Call = struct {
    inputs: []const Bytes,
    out: []u8,

    /// An input; empty if it was not given.
    pub fn input(call: Call, index: usize) []u8 {
        return if (index < call.inputs.len) call.inputs[index].slice() else &.{};
    }

    /// An input of one length, or an error.
    pub fn exactly(call: Call, comptime length: usize, index: usize) error{WrongLength}!*[length]u8 {
        const given = call.input(index);
        return if (given.len == length) given[0..length] else error.WrongLength;
    }

    /// The output if it has this length, or an error.
    pub fn room(call: Call, length: usize) error{WrongLength}!void {
        if (call.out.len != length) return error.WrongLength;
    }
};

/// The operations by number, in the order of `cryptography.c`'s list.
const operations = [_]*const fn (Call) anyerror!void{
    aes.encryptChained,   aes.decryptChained,    aes.count,
    aes.seal,             aes.open,              aes.wrap,
    aes.unwrap,           stretch,               curves.public,
    curves.expand,        curves.agree,          curves.sign,
    curves.verify,        curves.edwardsPublic,  curves.edwardsSign,
    curves.edwardsVerify, curves.montgomeryAgree, rsa.raise,
    rsa.raiseSecret,      rsa.findPrime,
};

/// Fills `out`; false if an input is not what it must be, or if what is checked is not so.
export fn isospin_cryptography(operation: u32, inputs: [*]const Bytes, count: usize, out: [*]u8, length: usize) bool {
    if (operation >= operations.len) return false;
    const call: Call = .{ .inputs = inputs[0..count], .out = out[0..length] };
    operations[operation](call) catch return false;
    return true;
}

const macs = .{ hmac.HmacSha1, hmac.sha2.HmacSha256, hmac.sha2.HmacSha384, hmac.sha2.HmacSha512 };

/// PBKDF2: number of the digest, password, salt, iterations as four bytes.
fn stretch(call: Call) !void {
    const number = (try call.exactly(1, 0))[0];
    const rounds = std.mem.readInt(u32, try call.exactly(4, 3), .big);
    inline for (macs, 0..) |Mac, index| {
        if (number == index) return std.crypto.pwhash.pbkdf2(call.out, call.input(1), call.input(2), rounds, Mac);
    }
    return error.UnknownDigest;
}
