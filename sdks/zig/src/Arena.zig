//! A request's memory: taken piece by piece, given back all at once.
//!
//! The standard library's arena over its allocator for WebAssembly would do the
//! same, but is as large as the rest of a small handler. Here whole chunks are
//! kept for the next request, and the first one is what the linker left free.

const std = @import("std");
const Alignment = std.mem.Alignment;

const Arena = @This();

/// The newest first; the newest is the one that is filled.
chunks: ?*Chunk = null,
/// How much of the newest chunk is taken, its own header included.
used: usize = 0,

const Chunk = struct {
    next: ?*Chunk,
    size: usize,

    fn bytes(chunk: *Chunk) [*]u8 {
        return @ptrCast(chunk);
    }
};

const page_size = 64 * 1024;

/// Chunks that no request uses.
var free_chunks: ?*Chunk = null;
var is_first_taken = false;

extern var __heap_base: u8;

pub fn allocator(arena: *Arena) std.mem.Allocator {
    return .{
        .ptr = arena,
        .vtable = &.{ .alloc = alloc, .resize = resize, .remap = remap, .free = free },
    };
}

pub fn deinit(arena: *Arena) void {
    while (arena.chunks) |chunk| {
        arena.chunks = chunk.next;
        giveBack(chunk);
    }
}

fn alloc(context: *anyopaque, len: usize, alignment: Alignment, _: usize) ?[*]u8 {
    const arena: *Arena = @ptrCast(@alignCast(context));
    if (arena.place(len, alignment)) |start| return start;
    const needed = @sizeOf(Chunk) +| len +| alignment.toByteUnits();
    const chunk = takeChunk(needed) orelse return null;
    chunk.next = arena.chunks;
    arena.chunks = chunk;
    arena.used = @sizeOf(Chunk);
    return arena.place(len, alignment);
}

/// Takes `len` bytes of the newest chunk, if they fit.
fn place(arena: *Arena, len: usize, alignment: Alignment) ?[*]u8 {
    const chunk = arena.chunks orelse return null;
    const base = @intFromPtr(chunk);
    const start = alignment.forward(base + arena.used) - base;
    if (start > chunk.size or len > chunk.size - start) return null;
    arena.used = start + len;
    return chunk.bytes() + start;
}

/// Only what was taken last can change its size.
fn resize(context: *anyopaque, memory: []u8, _: Alignment, len: usize, _: usize) bool {
    const arena: *Arena = @ptrCast(@alignCast(context));
    const chunk = arena.chunks orelse return false;
    const start = @intFromPtr(memory.ptr) -% @intFromPtr(chunk);
    if (start > chunk.size or start + memory.len != arena.used) return len <= memory.len;
    if (len > chunk.size - start) return false;
    arena.used = start + len;
    return true;
}

fn remap(context: *anyopaque, memory: []u8, alignment: Alignment, len: usize, address: usize) ?[*]u8 {
    return if (resize(context, memory, alignment, len, address)) memory.ptr else null;
}

fn free(context: *anyopaque, memory: []u8, alignment: Alignment, address: usize) void {
    _ = resize(context, memory, alignment, 0, address);
}

/// The smallest free chunk of at least `size` bytes, or a new one.
fn takeChunk(size: usize) ?*Chunk {
    if (!is_first_taken) {
        is_first_taken = true;
        giveBackFirst();
    }
    var best: ?*?*Chunk = null;
    var link = &free_chunks;
    while (link.*) |chunk| : (link = &chunk.next) {
        if (chunk.size < size) continue;
        if (best == null or chunk.size < best.?.*.?.size) best = link;
    }
    if (best) |found| {
        const chunk = found.*.?;
        found.* = chunk.next;
        return chunk;
    }
    return grow(size);
}

fn giveBack(chunk: *Chunk) void {
    chunk.next = free_chunks;
    free_chunks = chunk;
}

/// What lies between the program's data and the end of the initial memory.
fn giveBackFirst() void {
    const start = std.mem.alignForward(usize, @intFromPtr(&__heap_base), @alignOf(Chunk));
    const end = @wasmMemorySize(0) * page_size;
    if (end < start + 4096) return;
    const chunk: *Chunk = @ptrFromInt(start);
    chunk.size = end - start;
    giveBack(chunk);
}

fn grow(size: usize) ?*Chunk {
    const pages = size / page_size + 1;
    const page = @wasmMemoryGrow(0, pages);
    if (page < 0) return null;
    const chunk: *Chunk = @ptrFromInt(@as(usize, @intCast(page)) * page_size);
    chunk.size = pages * page_size;
    return chunk;
}
