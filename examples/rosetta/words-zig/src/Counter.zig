//! Counts words, a piece of text at a time. A word is a run of ASCII letters,
//! apostrophes and bytes from 0x80 up; ASCII letters count in lower case.

const std = @import("std");
const Utf8Checker = @import("Utf8Checker.zig");

const Counter = @This();

arena: std.mem.Allocator,
words: u64 = 0,
counts: std.StringHashMapUnmanaged(u64) = .empty,
/// The word that the text read so far may be in the middle of.
word: std.ArrayList(u8) = .empty,
checker: Utf8Checker = .{},

pub const Entry = struct { word: []const u8, count: u64 };

/// Reads and counts the whole text.
pub fn addAll(counter: *Counter, reader: *std.Io.Reader) !void {
    while (reader.peekGreedy(1)) |piece| {
        try counter.add(piece);
        reader.toss(piece.len);
    } else |err| switch (err) {
        error.EndOfStream => {},
        error.ReadFailed => return err,
    }
    try counter.endWord();
    try counter.checker.finish();
}

fn add(counter: *Counter, piece: []const u8) !void {
    for (piece) |byte| {
        try counter.checker.add(byte);
        if (isOfWord(byte)) {
            try counter.word.append(counter.arena, std.ascii.toLower(byte));
        } else {
            try counter.endWord();
        }
    }
}

fn isOfWord(byte: u8) bool {
    return std.ascii.isAlphabetic(byte) or byte == '\'' or byte >= 0x80;
}

fn endWord(counter: *Counter) !void {
    if (counter.word.items.len == 0) return;
    counter.words += 1;
    const found = try counter.counts.getOrPut(counter.arena, counter.word.items);
    if (!found.found_existing) {
        found.key_ptr.* = try counter.arena.dupe(u8, counter.word.items);
        found.value_ptr.* = 0;
    }
    found.value_ptr.* += 1;
    counter.word.clearRetainingCapacity();
}

/// The most frequent words, at most `limit`; those of one count in the order of
/// their bytes.
pub fn top(counter: *const Counter, limit: usize) ![]const Entry {
    var best: std.ArrayList(Entry) = try .initCapacity(counter.arena, limit + 1);
    var entries = counter.counts.iterator();
    while (entries.next()) |found| {
        const entry: Entry = .{ .word = found.key_ptr.*, .count = found.value_ptr.* };
        if (best.items.len == limit and !comesBefore(entry, best.items[limit - 1])) continue;
        var place = best.items.len;
        while (place > 0 and comesBefore(entry, best.items[place - 1])) place -= 1;
        best.insertAssumeCapacity(place, entry);
        if (best.items.len > limit) best.items.len = limit;
    }
    return best.items;
}

fn comesBefore(left: Entry, right: Entry) bool {
    if (left.count != right.count) return left.count > right.count;
    return std.mem.lessThan(u8, left.word, right.word);
}
