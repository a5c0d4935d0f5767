//! Where the host puts what it returns: lists and strings come back in memory
//! that the host asks for through `cabi_realloc` while an import runs.
//!
//! The landing place lives only as long as one call: `land` before, `leave`
//! after. Nothing else may run in between, so requests cannot get at each
//! other's memory however they are interleaved.

const std = @import("std");

const Landing = struct {
    /// Used first: results of known size go straight where they are wanted.
    buffer: []u8 = &.{},
    /// Used for what does not fit into `buffer`.
    allocator: ?std.mem.Allocator = null,
};

var landing: Landing = .{};

/// The next import's result is allocated with `allocator`.
pub fn landIn(allocator: std.mem.Allocator) void {
    landing = .{ .allocator = allocator };
}

/// The next import's result is put into `buffer`, which must be large enough.
pub fn landAt(buffer: []u8) void {
    landing = .{ .buffer = buffer };
}

/// Ends what `landIn` or `landAt` began.
pub fn leave() void {
    landing = .{};
}

export fn cabi_realloc(old: [*]u8, old_len: usize, alignment: usize, len: usize) [*]u8 {
    if (len == 0) return @ptrFromInt(alignment);
    const start = std.mem.alignForward(usize, @intFromPtr(landing.buffer.ptr), alignment);
    const skipped = start - @intFromPtr(landing.buffer.ptr);
    const new = if (skipped + len <= landing.buffer.len) room: {
        const room = landing.buffer[skipped..][0..len];
        landing.buffer = landing.buffer[skipped + len ..];
        break :room room.ptr;
    } else grown: {
        const allocator = landing.allocator orelse @panic("a host call returned more than was asked for");
        break :grown allocator.rawAlloc(len, .fromByteUnits(alignment), 0) orelse
            @panic("out of memory");
    };
    if (old_len > 0) @memcpy(new[0..@min(old_len, len)], old[0..@min(old_len, len)]);
    return new;
}

/// `list<u8>` or `string` as the host returns and takes it.
pub const Bytes = extern struct {
    ptr: [*]const u8,
    len: usize,

    pub fn slice(bytes: Bytes) []const u8 {
        return bytes.ptr[0..bytes.len];
    }
};

/// `option<list<u8>>` or `option<string>`.
pub const OptionalBytes = extern struct {
    present: bool,
    bytes: Bytes,

    pub fn slice(optional: OptionalBytes) ?[]const u8 {
        return if (optional.present) optional.bytes.slice() else null;
    }
};

/// `list<T>` as the host returns it.
pub fn List(T: type) type {
    return extern struct {
        ptr: [*]T,
        len: usize,

        pub fn slice(list: @This()) []T {
            return list.ptr[0..list.len];
        }
    };
}

/// `result<own<T>>`, with `T` one of the handle types.
pub fn OwnResult(T: type) type {
    return extern struct {
        failed: bool,
        value: T,

        pub fn get(result: @This()) ?T {
            return if (result.failed) null else result.value;
        }
    };
}
