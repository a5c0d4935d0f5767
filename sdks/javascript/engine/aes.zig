//! AES in the modes of `crypto.subtle`. The standard library has the rounds, in
//! constant time, but neither keys of 192 bits nor nonces of any length.
const std = @import("std");
const Call = @import("cryptography.zig").Call;
const Block = std.crypto.core.aes.Block;
const Aes128 = std.crypto.core.aes.Aes128;
const Aes256 = std.crypto.core.aes.Aes256;
const Ghash = std.crypto.onetimeauth.Ghash;

const Cipher = struct {
    rounds: usize,
    keys: [15]Block,

    fn init(key: []const u8) error{WrongLength}!Cipher {
        if (key.len != 16 and key.len != 24 and key.len != 32) return error.WrongLength;
        const words = key.len / 4;
        const rounds = words + 6;
        var schedule: [60][4]u8 = undefined;
        for (0..words) |word| schedule[word] = key[4 * word ..][0..4].*;
        var constant: u8 = 1;
        for (words..4 * (rounds + 1)) |word| {
            var next = schedule[word - 1];
            if (word % words == 0) {
                next = substitute(.{ next[1], next[2], next[3], next[0] });
                next[0] ^= constant;
                constant = (constant << 1) ^ (0x1b * (constant >> 7));
            } else if (words > 6 and word % words == 4) {
                next = substitute(next);
            }
            for (&next, schedule[word - words]) |*byte, before| byte.* ^= before;
            schedule[word] = next;
        }
        var cipher: Cipher = .{ .rounds = rounds, .keys = undefined };
        const bytes = std.mem.asBytes(&schedule);
        for (0..rounds + 1) |round| cipher.keys[round] = Block.fromBytes(bytes[16 * round ..][0..16]);
        return cipher;
    }

    /// The last round moves bytes between columns, which changes nothing if all are alike.
    fn substitute(word: [4]u8) [4]u8 {
        const zero = Block.fromBytes(&@as([16]u8, @splat(0)));
        const columns = word ++ word ++ word ++ word;
        return Block.fromBytes(&columns).encryptLast(zero).toBytes()[0..4].*;
    }

    fn encrypt(cipher: *const Cipher, bytes: *[16]u8) void {
        var block = Block.fromBytes(bytes).xorBlocks(cipher.keys[0]);
        for (1..cipher.rounds) |round| block = block.encrypt(cipher.keys[round]);
        bytes.* = block.encryptLast(cipher.keys[cipher.rounds]).toBytes();
    }

    /// The same cipher with its keys in the order and form in which blocks are decrypted.
    fn inverse(cipher: *const Cipher) Cipher {
        var turned: Cipher = .{ .rounds = cipher.rounds, .keys = undefined };
        for (0..cipher.rounds + 1) |round| {
            const key = cipher.keys[cipher.rounds - round];
            turned.keys[round] = if (round == 0 or round == cipher.rounds) key else key.invMixColumns();
        }
        return turned;
    }

    /// For a cipher that [inverse] made.
    fn decrypt(cipher: *const Cipher, bytes: *[16]u8) void {
        var block = Block.fromBytes(bytes).xorBlocks(cipher.keys[0]);
        for (1..cipher.rounds) |round| block = block.decrypt(cipher.keys[round]);
        bytes.* = block.decryptLast(cipher.keys[cipher.rounds]).toBytes();
    }

    /// Adds the key stream to `data`. The last `bits` of the counter are counted up, and wrap.
    fn stream(cipher: *const Cipher, first: [16]u8, bits: u8, data: []const u8, out: []u8) void {
        const start = std.mem.readInt(u128, &first, .big);
        const mask: u128 = if (bits >= 128) ~@as(u128, 0) else (@as(u128, 1) << @intCast(bits)) - 1;
        var number = start;
        const many = Many.init(cipher, data.len);
        var at: usize = 0;
        while (at < data.len) : (at += 16 * TOGETHER) {
            var keys: [16 * TOGETHER]u8 = undefined;
            for (0..TOGETHER) |index| {
                std.mem.writeInt(u128, keys[16 * index ..][0..16], number, .big);
                number = (start & ~mask) | ((number +% 1) & mask);
            }
            const end = @min(at + 16 * TOGETHER, data.len);
            many.encrypt(&keys, (end - at + 15) / 16);
            for (out[at..end], data[at..end], keys[0 .. end - at]) |*to, from, key| to.* = from ^ key;
        }
    }
};

/// Blocks that are encrypted together where there are many.
const TOGETHER = 8;

/// The same cipher in the library's form for many blocks, which takes a third of the
/// time, but some to be made, and is there for two of the lengths.
const Many = union(enum) {
    single: *const Cipher,
    short: @TypeOf(Aes128.initEnc(undefined)),
    long: @TypeOf(Aes256.initEnc(undefined)),

    fn init(cipher: *const Cipher, length: usize) Many {
        if (length >= 16 * TOGETHER) {
            if (cipher.rounds == 10) return .{ .short = Aes128.initEnc(cipher.keys[0].toBytes()) };
            if (cipher.rounds == 14) return .{ .long = Aes256.initEnc(cipher.keys[0].toBytes() ++ cipher.keys[1].toBytes()) };
        }
        return .{ .single = cipher };
    }

    /// Encrypts at least as many blocks as are `needed`.
    fn encrypt(many: *const Many, blocks: *[16 * TOGETHER]u8, needed: usize) void {
        switch (many.*) {
            .single => |cipher| for (0..needed) |at| cipher.encrypt(blocks[16 * at ..][0..16]),
            inline else => |*cipher| {
                const plain = blocks.*;
                cipher.encryptWide(TOGETHER, blocks, &plain);
            },
        }
    }
};

fn add(to: *[16]u8, other: *const [16]u8) void {
    for (to, other) |*byte, more| byte.* ^= more;
}

/// CBC of whole blocks: key, first block, data.
pub fn encryptChained(call: Call) !void {
    const cipher = try Cipher.init(call.input(0));
    var block = (try call.exactly(16, 1)).*;
    const data = call.input(2);
    if (data.len % 16 != 0) return error.WrongLength;
    try call.room(data.len);
    var at: usize = 0;
    while (at < data.len) : (at += 16) {
        add(&block, data[at..][0..16]);
        cipher.encrypt(&block);
        call.out[at..][0..16].* = block;
    }
}

/// As `encryptChained`.
pub fn decryptChained(call: Call) !void {
    const cipher = (try Cipher.init(call.input(0))).inverse();
    var before = (try call.exactly(16, 1)).*;
    const data = call.input(2);
    if (data.len % 16 != 0) return error.WrongLength;
    try call.room(data.len);
    var at: usize = 0;
    while (at < data.len) : (at += 16) {
        var block = data[at..][0..16].*;
        cipher.decrypt(&block);
        add(&block, &before);
        before = data[at..][0..16].*;
        call.out[at..][0..16].* = block;
    }
}

/// CTR: key, first counter, data, and one byte: how many bits are the counter.
pub fn count(call: Call) !void {
    const cipher = try Cipher.init(call.input(0));
    const first = (try call.exactly(16, 1)).*;
    try call.room(call.input(2).len);
    cipher.stream(first, (try call.exactly(1, 3))[0], call.input(2), call.out);
}

/// GCM's first counter and hash for a nonce of any length.
const Sealed = struct {
    cipher: Cipher,
    key: [16]u8,
    first: [16]u8,

    fn init(key: []const u8, nonce: []const u8) !Sealed {
        var sealed: Sealed = .{ .cipher = try Cipher.init(key), .key = @splat(0), .first = @splat(0) };
        sealed.cipher.encrypt(&sealed.key);
        if (nonce.len == 12) {
            sealed.first[0..12].* = nonce[0..12].*;
            sealed.first[15] = 1;
        } else {
            sealed.first = sealed.hash(nonce, &.{}, 0, nonce.len);
        }
        return sealed;
    }

    fn hash(sealed: *const Sealed, one: []const u8, other: []const u8, one_length: u64, other_length: u64) [16]u8 {
        var ghash = Ghash.init(&sealed.key);
        var lengths: [16]u8 = undefined;
        ghash.update(one);
        ghash.pad();
        ghash.update(other);
        ghash.pad();
        std.mem.writeInt(u64, lengths[0..8], one_length * 8, .big);
        std.mem.writeInt(u64, lengths[8..16], other_length * 8, .big);
        ghash.update(&lengths);
        return ghash.finalResult();
    }

    fn tag(sealed: *const Sealed, more: []const u8, ciphertext: []const u8) [16]u8 {
        var result = sealed.hash(more, ciphertext, more.len, ciphertext.len);
        var mask = sealed.first;
        sealed.cipher.encrypt(&mask);
        add(&result, &mask);
        return result;
    }

    fn stream(sealed: *const Sealed, data: []const u8, out: []u8) void {
        var second = sealed.first;
        const number = std.mem.readInt(u32, second[12..16], .big);
        std.mem.writeInt(u32, second[12..16], number +% 1, .big);
        sealed.cipher.stream(second, 32, data, out);
    }
};

/// GCM: key, nonce, data, additional data. The output is the ciphertext and 16 bytes of tag.
pub fn seal(call: Call) !void {
    const sealed = try Sealed.init(call.input(0), call.input(1));
    const data = call.input(2);
    try call.room(data.len + 16);
    sealed.stream(data, call.out[0..data.len]);
    call.out[data.len..][0..16].* = sealed.tag(call.input(3), call.out[0..data.len]);
}

/// As `seal`, with the ciphertext as data, and the tag, or what was kept of it, as fifth.
pub fn open(call: Call) !void {
    const sealed = try Sealed.init(call.input(0), call.input(1));
    const data = call.input(2);
    const given = call.input(4);
    try call.room(data.len);
    if (given.len == 0 or given.len > 16) return error.WrongLength;
    const expected = sealed.tag(call.input(3), data);
    var difference: u8 = 0;
    for (given, expected[0..given.len]) |a, b| difference |= a ^ b;
    if (difference != 0) return error.AuthenticationFailed;
    sealed.stream(data, call.out);
}

const WRAPPED: [8]u8 = @splat(0xa6);

/// The key wrap of RFC 3394: key, data of whole half blocks.
pub fn wrap(call: Call) !void {
    const cipher = try Cipher.init(call.input(0));
    const data = call.input(1);
    if (data.len < 16 or data.len % 8 != 0) return error.WrongLength;
    try call.room(data.len + 8);
    @memcpy(call.out[8..], data);
    var block: [16]u8 = WRAPPED ++ WRAPPED;
    var step: u64 = 0;
    for (0..6) |_| {
        var at: usize = 8;
        while (at < call.out.len) : (at += 8) {
            step += 1;
            block[8..16].* = call.out[at..][0..8].*;
            cipher.encrypt(&block);
            mark(block[0..8], step);
            call.out[at..][0..8].* = block[8..16].*;
        }
    }
    call.out[0..8].* = block[0..8].*;
}

/// As `wrap`, the other way; what was wrapped with another key is refused.
pub fn unwrap(call: Call) !void {
    const cipher = (try Cipher.init(call.input(0))).inverse();
    const data = call.input(1);
    if (data.len < 24 or data.len % 8 != 0) return error.WrongLength;
    try call.room(data.len - 8);
    @memcpy(call.out, data[8..]);
    var block: [16]u8 = data[0..8].* ++ WRAPPED;
    var step: u64 = 6 * (call.out.len / 8);
    for (0..6) |_| {
        var at = call.out.len;
        while (at > 0) {
            at -= 8;
            mark(block[0..8], step);
            block[8..16].* = call.out[at..][0..8].*;
            cipher.decrypt(&block);
            call.out[at..][0..8].* = block[8..16].*;
            step -= 1;
        }
    }
    if (!std.crypto.timing_safe.eql([8]u8, block[0..8].*, WRAPPED)) return error.AuthenticationFailed;
}

fn mark(half: *[8]u8, step: u64) void {
    std.mem.writeInt(u64, half, std.mem.readInt(u64, half, .big) ^ step, .big);
}
