//! The curve P-521, which the standard library has not, over its finite fields. What
//! is here of a curve's and of ECDSA's interface has the names and shapes of P-384 there.
const std = @import("std");
const ff = std.crypto.ff;

const BITS = 521;
const LENGTH = 66;
const Modulus = ff.Modulus(BITS);
const Element = Modulus.Fe;
const Endian = std.lang.Endian;

const field_order: u521 = (1 << 521) - 1;
const scalar_order: u521 = 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409;
const curve_b: u521 = 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00;
const base_x: u521 = 0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66;
const base_y: u521 = 0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650;

/// Both are made when they are first asked for: the compiler would need minutes.
var field_made: ?Modulus = null;
var scalars_made: ?Modulus = null;

fn field() *const Modulus {
    if (field_made == null) field_made = Modulus.fromPrimitive(u521, field_order) catch unreachable;
    return &field_made.?;
}

fn scalars() *const Modulus {
    if (scalars_made == null) scalars_made = Modulus.fromPrimitive(u521, scalar_order) catch unreachable;
    return &scalars_made.?;
}

/// Coordinates are kept in Montgomery's form.
fn coordinate(value: u521) Element {
    var element = Element.fromPrimitive(u521, field().*, value) catch unreachable;
    field().toMontgomery(&element) catch unreachable;
    return element;
}

fn parse(bytes: [LENGTH]u8) !Element {
    var element = try Element.fromBytes(field().*, &bytes, .big);
    try field().toMontgomery(&element);
    return element;
}

fn print(element: Element) [LENGTH]u8 {
    var plain = element;
    field().fromMontgomery(&plain) catch unreachable;
    var bytes: [LENGTH]u8 = undefined;
    plain.toBytes(&bytes, .big) catch unreachable;
    return bytes;
}

fn times(a: Element, b: Element) Element {
    return field().mul(a, b);
}

fn sum(a: Element, b: Element) Element {
    return field().add(a, b);
}

fn less(a: Element, b: Element) Element {
    return field().sub(a, b);
}

/// x^(order - 2); takes the same time for every x.
fn invert(modulus: *const Modulus, order: u521, x: Element) Element {
    var exponent: [LENGTH]u8 = @splat(0);
    std.mem.writeInt(u528, &exponent, order - 2, .big);
    return modulus.powWithEncodedExponent(x, &exponent, .big) catch unreachable;
}

/// `to` becomes `other` if `wanted`, in the same time as if not.
fn choose(to: *Element, other: Element, wanted: bool) void {
    const mask = @as(usize, 0) -% @intFromBool(wanted);
    for (&to.v.limbs_buffer, other.v.limbs_buffer) |*limb, instead| limb.* ^= mask & (limb.* ^ instead);
}

pub const P521 = struct {
    x: Element,
    y: Element,
    z: Element,
    is_base: bool = false,

    /// Stands for the base point, whose coordinates are made when they are needed.
    pub const basePoint: P521 = .{ .x = undefined, .y = undefined, .z = undefined, .is_base = true };

    fn base() P521 {
        return .{ .x = coordinate(base_x), .y = coordinate(base_y), .z = coordinate(1) };
    }

    fn identity() P521 {
        return .{ .x = coordinate(0), .y = coordinate(1), .z = coordinate(0) };
    }

    pub const scalar = struct {
        pub fn rejectNonCanonical(bytes: [LENGTH]u8, comptime endian: Endian) !void {
            _ = try Element.fromBytes(scalars().*, &bytes, endian);
        }
    };

    pub fn rejectIdentity(p: P521) !void {
        if (p.z.isZero()) return error.IdentityElement;
    }

    /// x^3 - 3x + b
    fn right(x: Element) Element {
        const cube = times(times(x, x), x);
        return sum(less(less(less(cube, x), x), x), coordinate(curve_b));
    }

    pub fn fromSec1(bytes: []const u8) !P521 {
        if (bytes.len < 1 + LENGTH) return error.InvalidEncoding;
        const x = try parse(bytes[1..][0..LENGTH].*);
        if (bytes[0] == 4 and bytes.len == 1 + 2 * LENGTH) {
            const y = try parse(bytes[1 + LENGTH ..][0..LENGTH].*);
            if (!times(y, y).eql(right(x))) return error.InvalidEncoding;
            return .{ .x = x, .y = y, .z = coordinate(1) };
        }
        if (bytes.len != 1 + LENGTH or (bytes[0] != 2 and bytes[0] != 3)) return error.InvalidEncoding;
        // The square root is the power (p + 1) / 4, which is 2^519.
        var y = right(x);
        for (0..519) |_| y = field().sq(y);
        if (!times(y, y).eql(right(x))) return error.NotSquare;
        if (print(y)[LENGTH - 1] & 1 != bytes[0] & 1) y = less(coordinate(0), y);
        return .{ .x = x, .y = y, .z = coordinate(1) };
    }

    pub fn toUncompressedSec1(p: P521) [1 + 2 * LENGTH]u8 {
        const inverse = invert(field(), field_order, p.z);
        return [_]u8{4} ++ print(times(p.x, inverse)) ++ print(times(p.y, inverse));
    }

    /// The complete addition of Renes, Costello and Batina for curves with a = -3
    /// (their algorithm 4): right for every two points, be they equal or nothing.
    fn plus(p: P521, q: P521) P521 {
        const b = coordinate(curve_b);
        var t0 = times(p.x, q.x);
        var t1 = times(p.y, q.y);
        var t2 = times(p.z, q.z);
        const t3 = less(times(sum(p.x, p.y), sum(q.x, q.y)), sum(t0, t1));
        const t4 = less(times(sum(p.y, p.z), sum(q.y, q.z)), sum(t1, t2));
        var y3 = less(times(sum(p.x, p.z), sum(q.x, q.z)), sum(t0, t2));
        var x3 = less(y3, times(b, t2));
        x3 = sum(x3, sum(x3, x3));
        var z3 = less(t1, x3);
        x3 = sum(t1, x3);
        y3 = times(b, y3);
        t2 = sum(t2, sum(t2, t2));
        y3 = less(less(y3, t2), t0);
        y3 = sum(y3, sum(y3, y3));
        t0 = less(sum(t0, sum(t0, t0)), t2);
        t1 = times(t4, y3);
        t2 = times(t0, y3);
        y3 = sum(times(x3, z3), t2);
        x3 = less(times(t3, x3), t1);
        z3 = sum(times(t4, z3), times(t3, t0));
        return .{ .x = x3, .y = y3, .z = z3 };
    }

    /// Four bits of the number at a time; takes the same time for every number.
    pub fn mul(p: P521, number: [LENGTH]u8, comptime endian: Endian) !P521 {
        comptime std.debug.assert(endian == .big);
        var multiples: [16]P521 = undefined;
        multiples[0] = identity();
        multiples[1] = if (p.is_base) base() else p;
        for (2..16) |at| multiples[at] = multiples[at - 1].plus(multiples[1]);
        var result = identity();
        for (0..2 * LENGTH) |at| {
            for (0..4) |_| result = result.plus(result);
            const digit = (number[at / 2] >> if (at % 2 == 0) 4 else 0) & 15;
            var chosen = multiples[0];
            for (multiples, 0..) |multiple, index| {
                choose(&chosen.x, multiple.x, index == digit);
                choose(&chosen.y, multiple.y, index == digit);
                choose(&chosen.z, multiple.z, index == digit);
            }
            result = result.plus(chosen);
        }
        try result.rejectIdentity();
        return result;
    }

    pub const Ecdsa = struct {
        pub const Hash = std.crypto.hash.sha2.Sha512;

        pub const SecretKey = struct {
            bytes: [LENGTH]u8,

            pub fn fromBytes(bytes: [LENGTH]u8) !SecretKey {
                return .{ .bytes = bytes };
            }
        };

        pub const PublicKey = P521;

        pub const KeyPair = struct {
            secret_key: SecretKey,
            public_key: PublicKey,

            /// The nonce is what is random of `noise`.
            pub fn signPrehashed(pair: KeyPair, digest: [Hash.digest_length]u8, noise: [LENGTH]u8) !Signature {
                const n = scalars();
                var nonce = noise;
                nonce[0] &= 1;
                const k = try Element.fromBytes(n.*, &nonce, .big);
                const r = try reduce((try basePoint.mul(nonce, .big)).toUncompressedSec1()[1..][0..LENGTH].*);
                const secret = try Element.fromBytes(n.*, &pair.secret_key.bytes, .big);
                const s = n.mul(invert(n, scalar_order, k), n.add(try hashed(digest), n.mul(r, secret)));
                if (r.isZero() or s.isZero()) return error.IdentityElement;
                var signature: Signature = undefined;
                try r.toBytes(&signature.r, .big);
                try s.toBytes(&signature.s, .big);
                return signature;
            }
        };

        pub const Signature = struct {
            r: [LENGTH]u8,
            s: [LENGTH]u8,

            pub fn fromBytes(bytes: [2 * LENGTH]u8) Signature {
                return .{ .r = bytes[0..LENGTH].*, .s = bytes[LENGTH..].* };
            }

            pub fn toBytes(signature: Signature) [2 * LENGTH]u8 {
                return signature.r ++ signature.s;
            }

            pub fn verifyPrehashed(signature: Signature, digest: [Hash.digest_length]u8, key: PublicKey) !void {
                const n = scalars();
                const r = try Element.fromBytes(n.*, &signature.r, .big);
                const s = try Element.fromBytes(n.*, &signature.s, .big);
                if (r.isZero() or s.isZero()) return error.SignatureVerificationFailed;
                const inverse = invert(n, scalar_order, s);
                var one: [LENGTH]u8 = undefined;
                var other: [LENGTH]u8 = undefined;
                try n.mul(try hashed(digest), inverse).toBytes(&one, .big);
                try n.mul(r, inverse).toBytes(&other, .big);
                const left = basePoint.mul(one, .big) catch identity();
                const point = left.plus(try key.mul(other, .big));
                try point.rejectIdentity();
                if (!(try reduce(point.toUncompressedSec1()[1..][0..LENGTH].*)).eql(r)) return error.SignatureVerificationFailed;
            }
        };

        /// A coordinate as a scalar: the field is larger than their number, by less than that.
        fn reduce(bytes: [LENGTH]u8) !Element {
            const n = scalars();
            return n.reduce(try ff.Uint(LENGTH * 8).fromBytes(&bytes, .big));
        }

        fn hashed(digest: [Hash.digest_length]u8) !Element {
            return Element.fromBytes(scalars().*, &([_]u8{ 0, 0 } ++ digest), .big);
        }
    };
};
