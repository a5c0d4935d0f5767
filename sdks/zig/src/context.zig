//! What belongs to one request: its memory, what it has written but not sent,
//! and what goes on while its handler waits. Every request has its own, so
//! that an instance may answer many, one after the other or at once.

const std = @import("std");
const Arena = @import("Arena.zig");
const poll = @import("wasi/poll.zig");
const Pollable = poll.Pollable;

const Context = @This();

arena: Arena = .{},
sinks: ?*Sink = null,
tasks: ?*Task = null,
resources: ?*Resource = null,
/// Kept between waits, so that a long chain of them needs no new memory.
scratch: std.ArrayList(Pollable) = .empty,
/// How to wait. Replaced when there is more than one thing to wait for, so that
/// a simple handler does not carry the code for it.
waiter: *const fn (*Context, []const Pollable) void = waitForOne,

/// Something written to, which sends on what it holds before anybody waits.
pub const Sink = struct {
    next: ?*Sink = null,
    flush: *const fn (*Sink) void,
    is_dirty: *const fn (*const Sink) bool,
};

/// Something that goes on while the handler waits for something else.
pub const Task = struct {
    next: ?*Task = null,
    /// Goes on as far as it can without waiting. Gives what to wait for, which
    /// the caller drops, or null if nothing is left to do.
    progress: *const fn (*Task) ?Pollable,
    /// Set while it goes on: should it wait for something itself, it must not
    /// be asked again.
    is_busy: bool = false,
};

/// Something of the host's, given back when the request is over at the latest.
pub const Resource = struct {
    next: ?*Resource = null,
    /// May be called more than once.
    close: *const fn (*Resource) void,
};

pub fn deinit(context: *Context) void {
    while (context.resources) |resource| {
        context.resources = resource.next;
        resource.close(resource);
    }
    context.arena.deinit();
}

pub fn allocator(context: *Context) std.mem.Allocator {
    return context.arena.allocator();
}

/// Memory that nothing can go on without.
pub fn mustAllocate(context: *Context, len: usize) []u8 {
    return context.allocator().alloc(u8, len) catch @panic("out of memory");
}

pub fn addSink(context: *Context, sink: *Sink) void {
    sink.next = context.sinks;
    context.sinks = sink;
}

pub fn addResource(context: *Context, resource: *Resource) void {
    resource.next = context.resources;
    context.resources = resource;
}

/// Begins `task`, and keeps it if it has to wait for something.
pub fn addTask(context: *Context, task: *Task) void {
    const pollable = step(task) orelse return;
    pollable.drop();
    task.next = context.tasks;
    context.tasks = task;
    context.waiter = waitForMany;
}

fn step(task: *Task) ?Pollable {
    task.is_busy = true;
    defer task.is_busy = false;
    return task.progress(task);
}

pub fn removeTask(context: *Context, task: *Task) void {
    var place = &context.tasks;
    while (place.*) |found| : (place = &found.next) {
        if (found == task) {
            place.* = task.next;
            return;
        }
    }
}

/// Whether waiting may be left to the host: nothing is to be sent before, and
/// nothing goes on meanwhile.
pub fn isQuiet(context: *const Context) bool {
    if (context.tasks != null) return false;
    var next = context.sinks;
    while (next) |sink| : (next = sink.next) {
        if (sink.is_dirty(sink)) return false;
    }
    return true;
}

/// Sends what was written, then waits until `pollable` is ready, and drops it.
pub fn wait(context: *Context, pollable: Pollable) void {
    context.flushAndWait(&.{pollable});
    pollable.drop();
}

/// Sends what was written, then waits until one of them is ready.
pub fn waitAny(context: *Context, pollables: []const Pollable) void {
    context.waiter = waitForMany;
    context.flushAndWait(pollables);
}

fn flushAndWait(context: *Context, pollables: []const Pollable) void {
    var next = context.sinks;
    while (next) |sink| : (next = sink.next) {
        if (sink.is_dirty(sink)) sink.flush(sink);
    }
    context.waiter(context, pollables);
}

fn waitForOne(_: *Context, pollables: []const Pollable) void {
    pollables[0].block();
}

fn waitForMany(context: *Context, wanted: []const Pollable) void {
    // Taken out, because a task may wait for something itself.
    var pollables = context.scratch;
    context.scratch = .empty;
    defer context.scratch = pollables;

    var done = false;
    while (!done) {
        pollables.clearRetainingCapacity();
        pollables.appendSlice(context.allocator(), wanted) catch @panic("out of memory");
        var next = context.tasks;
        while (next) |task| {
            next = task.next;
            if (task.is_busy) continue;
            if (step(task)) |pollable| {
                pollables.append(context.allocator(), pollable) catch @panic("out of memory");
            } else {
                context.removeTask(task);
            }
        }
        done = waitForFirst(context, pollables.items, wanted.len);
        for (pollables.items[wanted.len..]) |pollable| pollable.drop();
    }
}

/// Waits for any of `pollables`; tells whether one of the first `count` is ready.
fn waitForFirst(context: *Context, pollables: []const Pollable, count: usize) bool {
    const ready = context.allocator().alloc(u32, pollables.len) catch @panic("out of memory");
    defer context.allocator().free(ready);
    for (poll.wait(pollables, ready)) |place| {
        if (place < count) return true;
    }
    return false;
}
