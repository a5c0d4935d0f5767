//! RSA's arithmetic for `crypto.subtle`; what is done to messages before and after is
//! the prelude's. Powers with secret exponents take the same time for all of one length.
const std = @import("std");
const ff = std.crypto.ff;
const Call = @import("cryptography.zig").Call;

/// The longest keys; the standard library wants to know.
const BITS = 8192;
const Whole = ff.Modulus(BITS);
const Half = ff.Modulus(BITS / 2);

/// x^e mod n: n, e, x, with x below n.
pub fn raise(call: Call) !void {
    const modulus = try Whole.fromBytes(call.input(0), .big);
    try call.room(modulus.encodedLen());
    const base = try Whole.Fe.fromBytes(modulus, call.input(2), .big);
    try (try modulus.powWithEncodedPublicExponent(base, call.input(1), .big)).toBytes(call.out, .big);
}

/// x^d mod n by way of the two primes: n, e, x, p, q, and d mod p - 1, d mod q - 1, 1/q mod p.
/// A result that e does not lead back to x would tell the primes: it is not given.
pub fn raiseSecret(call: Call) !void {
    const modulus = try Whole.fromBytes(call.input(0), .big);
    try call.room(modulus.encodedLen());
    const base = try Whole.Fe.fromBytes(modulus, call.input(2), .big);
    const p = try Half.fromBytes(call.input(3), .big);
    const q = try Half.fromBytes(call.input(4), .big);
    const one = try p.powWithEncodedExponent(try residue(p, call.input(2)), call.input(5), .big);
    const other = try q.powWithEncodedExponent(try residue(q, call.input(2)), call.input(6), .big);
    var bytes: [BITS / 16]u8 = undefined;
    const rest = bytes[0..q.encodedLen()];
    try other.toBytes(rest, .big);
    const steps = p.mul(p.sub(one, try residue(p, rest)), try residue(p, call.input(7)));
    const high = modulus.mul(try widen(modulus, p, steps), try Whole.Fe.fromBytes(modulus, call.input(4), .big));
    const result = modulus.add(high, try Whole.Fe.fromBytes(modulus, rest, .big));
    const back = try modulus.powWithEncodedPublicExponent(result, call.input(1), .big);
    if (!back.eql(base)) return error.KeyBroken;
    try result.toBytes(call.out, .big);
}

/// What is left of a number of any size. The library reads beyond numbers that are
/// shorter than the modulus, which one with room for the longest never is.
fn residue(modulus: Half, number: []const u8) !Half.Fe {
    return modulus.reduce(try ff.Uint(BITS).fromBytes(number, .big));
}

fn widen(modulus: Whole, from: Half, element: Half.Fe) !Whole.Fe {
    var bytes: [BITS / 16]u8 = undefined;
    const used = bytes[0..from.encodedLen()];
    try element.toBytes(used, .big);
    return Whole.Fe.fromBytes(modulus, used, .big);
}

/// No candidate is looked at further that one of these divides.
const small_primes = primes: {
    @setEvalBranchQuota(100_000);
    var found: [255]u16 = undefined;
    var have: usize = 0;
    var number: u16 = 3;
    while (have < found.len) : (number += 2) {
        for (found[0..have]) |prime| {
            if (number % prime == 0) break;
        } else {
            found[have] = number;
            have += 1;
        }
    }
    break :primes found;
};

/// The first prime from a random odd number on, such that e has an inverse: the number, e
/// (a prime of at most four bytes), and eight random bytes for each round of the test.
pub fn findPrime(call: Call) !void {
    const exponent = std.mem.readInt(u32, try call.exactly(4, 1), .big);
    try call.room(call.input(0).len);
    @memcpy(call.out, call.input(0));
    while (true) : (try next(call.out)) {
        const passes = for (small_primes) |prime| {
            if (remainder(call.out, prime) == 0) break false;
        } else remainder(call.out, exponent) != 1;
        if (passes and try isPrime(call.out, call.input(2))) return;
    }
}

fn next(number: []u8) error{Overflow}!void {
    var carry: u8 = 2;
    var at = number.len;
    while (carry != 0) {
        if (at == 0) return error.Overflow;
        at -= 1;
        number[at], carry = @addWithOverflow(number[at], carry);
    }
}

fn remainder(number: []const u8, divisor: u32) u32 {
    var rest: u64 = 0;
    for (number) |byte| rest = ((rest << 8) | byte) % divisor;
    return @intCast(rest);
}

/// Miller and Rabin's test, a round for each eight bytes of `random`.
fn isPrime(number: []const u8, random: []const u8) !bool {
    const modulus = try Half.fromBytes(number, .big);
    const one = modulus.one();
    const minus_one = modulus.sub(modulus.zero, one);
    var odd = minus_one.v;
    const twos = odd.trailingZeroBitsPublic();
    odd.shiftRightPublic(twos);
    var bytes: [BITS / 16]u8 = undefined;
    const exponent = bytes[0..number.len];
    try odd.toBytes(exponent, .big);
    var at: usize = 0;
    next_base: while (at + 8 <= random.len) : (at += 8) {
        const base = try Half.Fe.fromBytes(modulus, random[at..][0..8], .big);
        if (base.isZero()) continue;
        var power = try modulus.powWithEncodedExponent(base, exponent, .big);
        if (power.eql(one) or power.eql(minus_one)) continue;
        for (1..twos) |_| {
            power = modulus.sq(power);
            if (power.eql(minus_one)) continue :next_base;
        }
        return false;
    }
    return true;
}
