//! Checks a text for UTF-8 byte by byte, so that it may come in any pieces.
//! Overlong forms, surrogates and what lies above U+10FFFF are invalid.

const Utf8Checker = @This();

/// How many bytes the current character still needs.
missing: u2 = 0,
/// What the next of them may be.
least: u8 = 0x80,
most: u8 = 0xbf,

pub const Error = error{InvalidUtf8};

pub fn add(checker: *Utf8Checker, byte: u8) Error!void {
    if (checker.missing == 0) return checker.begin(byte);
    if (byte < checker.least or byte > checker.most) return error.InvalidUtf8;
    checker.expect(checker.missing - 1, 0x80, 0xbf);
}

/// The text may not end in the middle of a character.
pub fn finish(checker: *const Utf8Checker) Error!void {
    if (checker.missing > 0) return error.InvalidUtf8;
}

fn begin(checker: *Utf8Checker, byte: u8) Error!void {
    switch (byte) {
        0x00...0x7f => {},
        0xc2...0xdf => checker.expect(1, 0x80, 0xbf),
        0xe0 => checker.expect(2, 0xa0, 0xbf),
        0xe1...0xec, 0xee...0xef => checker.expect(2, 0x80, 0xbf),
        0xed => checker.expect(2, 0x80, 0x9f),
        0xf0 => checker.expect(3, 0x90, 0xbf),
        0xf1...0xf3 => checker.expect(3, 0x80, 0xbf),
        0xf4 => checker.expect(3, 0x80, 0x8f),
        else => return error.InvalidUtf8,
    }
}

fn expect(checker: *Utf8Checker, missing: u2, least: u8, most: u8) void {
    checker.missing = missing;
    checker.least = least;
    checker.most = most;
}
