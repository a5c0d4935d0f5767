//! Numbers as text, for lengths: a formatter would be too heavy for a handler
//! that formats nothing.

/// The most digits that a length can have.
pub const most = 20;

/// The shortest decimal form of `number`, in `digits`.
pub fn write(digits: *[most]u8, number: usize) []const u8 {
    var rest = number;
    var start = digits.len;
    while (true) {
        start -= 1;
        digits[start] = '0' + @as(u8, @intCast(rest % 10));
        rest /= 10;
        if (rest == 0) return digits[start..];
    }
}
