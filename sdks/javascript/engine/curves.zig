//! Elliptic curves for `crypto.subtle`: NIST's three by number, and the two of 25519.
//! Points are in SEC1's form, numbers have the length of their curve, both big-endian.
const std = @import("std");
const P256 = std.crypto.ecc.P256;
const P384 = std.crypto.ecc.P384;
const P521 = @import("p521.zig").P521;
const Ed25519 = std.crypto.sign.Ed25519;
const X25519 = std.crypto.dh.X25519;
const Call = @import("cryptography.zig").Call;

/// A curve with its signatures. These only want digests that are as long as the
/// curve's own: `fit` makes them of others.
const curves = .{
    .{ P256, std.crypto.sign.ecdsa.EcdsaP256Sha256, 32 },
    .{ P384, std.crypto.sign.ecdsa.EcdsaP384Sha384, 48 },
    .{ P521, P521.Ecdsa, 66 },
};

/// Calls `Operation(curve, signatures, length).run` for the curve that the first input names.
fn onCurve(call: Call, comptime Operation: fn (type, type, comptime_int) type) !void {
    const number = (try call.exactly(1, 0))[0];
    inline for (curves, 0..) |curve, index| {
        if (number == index) return Operation(curve[0], curve[1], curve[2]).run(call);
    }
    return error.UnknownCurve;
}

/// The point of a secret number: curve, number.
pub fn public(call: Call) !void {
    return onCurve(call, struct {
        fn Operation(Curve: type, _: type, length: comptime_int) type {
            return struct {
                fn run(of: Call) !void {
                    const secret = (try of.exactly(length, 1)).*;
                    try Curve.scalar.rejectNonCanonical(secret, .big);
                    try of.room(2 * length + 1);
                    @memcpy(of.out, &(try Curve.basePoint.mul(secret, .big)).toUncompressedSec1());
                }
            };
        }
    }.Operation);
}

/// A point with both coordinates, checked to be on its curve: curve, point, which may be compressed.
pub fn expand(call: Call) !void {
    return onCurve(call, struct {
        fn Operation(Curve: type, _: type, length: comptime_int) type {
            return struct {
                fn run(of: Call) !void {
                    try of.room(2 * length + 1);
                    const point = try Curve.fromSec1(of.input(1));
                    try point.rejectIdentity();
                    @memcpy(of.out, &point.toUncompressedSec1());
                }
            };
        }
    }.Operation);
}

/// The shared secret: curve, number, point of the other.
pub fn agree(call: Call) !void {
    return onCurve(call, struct {
        fn Operation(Curve: type, _: type, length: comptime_int) type {
            return struct {
                fn run(of: Call) !void {
                    const secret = (try of.exactly(length, 1)).*;
                    try of.room(length);
                    const shared = try (try Curve.fromSec1(of.input(2))).mul(secret, .big);
                    @memcpy(of.out, shared.toUncompressedSec1()[1 .. length + 1]);
                }
            };
        }
    }.Operation);
}

/// The first bytes of a digest that is too long; one that is too short, after zeros.
fn fit(comptime length: usize, digest: []const u8) [length]u8 {
    var fitted: [length]u8 = @splat(0);
    const used = @min(length, digest.len);
    @memcpy(fitted[length - used ..], digest[0..used]);
    return fitted;
}

/// ECDSA: curve, number, digest, random bytes as many as the number has.
pub fn sign(call: Call) !void {
    return onCurve(call, struct {
        fn Operation(_: type, Ecdsa: type, length: comptime_int) type {
            return struct {
                fn run(of: Call) !void {
                    try of.room(2 * length);
                    const pair: Ecdsa.KeyPair = .{
                        .secret_key = try Ecdsa.SecretKey.fromBytes((try of.exactly(length, 1)).*),
                        // Not looked at when the digest is given.
                        .public_key = undefined,
                    };
                    const digest = fit(Ecdsa.Hash.digest_length, of.input(2));
                    const signature = try pair.signPrehashed(digest, (try of.exactly(length, 3)).*);
                    @memcpy(of.out, &signature.toBytes());
                }
            };
        }
    }.Operation);
}

/// ECDSA: curve, point, digest, signature. There is no output.
pub fn verify(call: Call) !void {
    return onCurve(call, struct {
        fn Operation(_: type, Ecdsa: type, length: comptime_int) type {
            return struct {
                fn run(of: Call) !void {
                    const signature = Ecdsa.Signature.fromBytes((try of.exactly(2 * length, 3)).*);
                    const key = try Ecdsa.PublicKey.fromSec1(of.input(1));
                    return signature.verifyPrehashed(fit(Ecdsa.Hash.digest_length, of.input(2)), key);
                }
            };
        }
    }.Operation);
}

/// Ed25519: the public key of a secret one.
pub fn edwardsPublic(call: Call) !void {
    const pair = try Ed25519.KeyPair.generateDeterministic((try call.exactly(32, 0)).*);
    try call.room(32);
    call.out[0..32].* = pair.public_key.toBytes();
}

/// Ed25519: secret key, message.
pub fn edwardsSign(call: Call) !void {
    const pair = try Ed25519.KeyPair.generateDeterministic((try call.exactly(32, 0)).*);
    try call.room(64);
    call.out[0..64].* = (try pair.sign(call.input(1), null)).toBytes();
}

/// Ed25519: public key, message, signature. There is no output.
pub fn edwardsVerify(call: Call) !void {
    const key = try Ed25519.PublicKey.fromBytes((try call.exactly(32, 0)).*);
    return Ed25519.Signature.fromBytes((try call.exactly(64, 2)).*).verify(call.input(1), key);
}

/// X25519: secret key, and the public key of the other, or nothing for one's own.
pub fn montgomeryAgree(call: Call) !void {
    const secret = (try call.exactly(32, 0)).*;
    try call.room(32);
    const other = call.input(1);
    call.out[0..32].* = if (other.len == 0)
        X25519.recoverPublicKey(secret)
    else
        try X25519.scalarmult(secret, (try call.exactly(32, 1)).*);
}
