//! Query parameters and percent-decoding.

const std = @import("std");

/// Goes through the pairs of a query: `a=1&b&a=2`.
pub const Parameters = struct {
    arena: std.mem.Allocator,
    pairs: std.mem.TokenIterator(u8, .scalar),

    pub const Parameter = struct {
        name: []const u8,
        /// Empty if there was no `=`.
        value: []const u8,
    };

    pub fn init(arena: std.mem.Allocator, query: []const u8) Parameters {
        return .{ .arena = arena, .pairs = std.mem.tokenizeScalar(u8, query, '&') };
    }

    /// The next pair, both parts percent-decoded to bytes. `+` stays `+`.
    pub fn next(parameters: *Parameters) std.mem.Allocator.Error!?Parameter {
        const pair = parameters.pairs.next() orelse return null;
        const mark = std.mem.findScalar(u8, pair, '=');
        return .{
            .name = try percentDecode(parameters.arena, pair[0 .. mark orelse pair.len]),
            .value = if (mark) |at| try percentDecode(parameters.arena, pair[at + 1 ..]) else "",
        };
    }

    /// The value of the first pair of that name among those that are left.
    pub fn get(parameters: *Parameters, name: []const u8) std.mem.Allocator.Error!?[]const u8 {
        while (try parameters.next()) |parameter| {
            if (std.mem.eql(u8, parameter.name, name)) return parameter.value;
        }
        return null;
    }
};

/// Every `%` with two hexadecimal digits becomes the byte that they name; all
/// else stays.
pub fn percentDecode(arena: std.mem.Allocator, text: []const u8) std.mem.Allocator.Error![]const u8 {
    if (std.mem.findScalar(u8, text, '%') == null) return text;
    const bytes = try arena.alloc(u8, text.len);
    var from: usize = 0;
    var to: usize = 0;
    while (from < text.len) : (to += 1) {
        if (escaped(text[from..])) |byte| {
            bytes[to] = byte;
            from += 3;
        } else {
            bytes[to] = text[from];
            from += 1;
        }
    }
    return bytes[0..to];
}

/// The byte that an escape at the beginning of `text` stands for.
fn escaped(text: []const u8) ?u8 {
    if (text.len < 3 or text[0] != '%') return null;
    const high = std.fmt.charToDigit(text[1], 16) catch return null;
    const low = std.fmt.charToDigit(text[2], 16) catch return null;
    return high << 4 | low;
}
