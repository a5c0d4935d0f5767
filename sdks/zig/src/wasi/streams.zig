//! `wasi:io/streams` and `wasi:io/error`.

const memory = @import("memory.zig");
const Pollable = @import("poll.zig").Pollable;

/// Why a stream broke. Has to be dropped.
pub const StreamFailure = enum(i32) {
    _,

    extern "wasi:io/error@0.2.12" fn @"[resource-drop]error"(StreamFailure) void;

    pub const drop = @"[resource-drop]error";
};

/// `stream-error`.
const StreamError = extern struct {
    kind: enum(u8) { last_operation_failed, closed },
    failure: StreamFailure,
};

pub const Error = error{ Closed, Broken };

pub const InputStream = enum(i32) {
    _,

    const ReadResult = extern struct {
        failed: bool,
        value: extern union { bytes: memory.Bytes, err: StreamError },
    };

    extern "wasi:io/streams@0.2.12" fn @"[method]input-stream.read"(InputStream, u64, *ReadResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]input-stream.blocking-read"(InputStream, u64, *ReadResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]input-stream.subscribe"(InputStream) Pollable;
    extern "wasi:io/streams@0.2.12" fn @"[resource-drop]input-stream"(InputStream) void;

    pub const subscribe = @"[method]input-stream.subscribe";
    pub const drop = @"[resource-drop]input-stream";

    /// What there is now, at most `buffer.len` bytes; 0 if nothing is there yet.
    /// On `error.Broken`, `failure` is set and is the caller's to drop.
    pub fn read(stream: InputStream, buffer: []u8, failure: *StreamFailure) Error!usize {
        var result: ReadResult = undefined;
        memory.landAt(buffer);
        defer memory.leave();
        @"[method]input-stream.read"(stream, buffer.len, &result);
        return length(result, failure);
    }

    /// As `read`, but waits until there is something.
    pub fn blockingRead(stream: InputStream, buffer: []u8, failure: *StreamFailure) Error!usize {
        var result: ReadResult = undefined;
        memory.landAt(buffer);
        defer memory.leave();
        @"[method]input-stream.blocking-read"(stream, buffer.len, &result);
        return length(result, failure);
    }

    fn length(result: ReadResult, failure: *StreamFailure) Error!usize {
        if (result.failed) return fail(result.value.err, failure);
        return result.value.bytes.len;
    }
};

pub const OutputStream = enum(i32) {
    _,

    const SizeResult = extern struct {
        failed: bool,
        value: extern union { size: u64, err: StreamError },
    };
    const EmptyResult = extern struct {
        failed: bool,
        err: StreamError,
    };

    extern "wasi:io/streams@0.2.12" fn @"[method]output-stream.check-write"(OutputStream, *SizeResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]output-stream.write"(OutputStream, [*]const u8, usize, *EmptyResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]output-stream.flush"(OutputStream, *EmptyResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]output-stream.blocking-write-and-flush"(OutputStream, [*]const u8, usize, *EmptyResult) void;
    extern "wasi:io/streams@0.2.12" fn @"[method]output-stream.subscribe"(OutputStream) Pollable;
    extern "wasi:io/streams@0.2.12" fn @"[resource-drop]output-stream"(OutputStream) void;

    pub const subscribe = @"[method]output-stream.subscribe";
    pub const drop = @"[resource-drop]output-stream";

    /// How many bytes `write` takes now; 0 if it has to wait.
    pub fn checkWrite(stream: OutputStream, failure: *StreamFailure) Error!u64 {
        var result: SizeResult = undefined;
        @"[method]output-stream.check-write"(stream, &result);
        if (result.failed) return fail(result.value.err, failure);
        return result.value.size;
    }

    /// Takes all of `bytes`, of which there may be no more than `checkWrite` said.
    pub fn write(stream: OutputStream, bytes: []const u8, failure: *StreamFailure) Error!void {
        var result: EmptyResult = undefined;
        @"[method]output-stream.write"(stream, bytes.ptr, bytes.len, &result);
        if (result.failed) return fail(result.err, failure);
    }

    /// Asks that what was written be sent on; does not wait for it.
    pub fn flush(stream: OutputStream, failure: *StreamFailure) Error!void {
        var result: EmptyResult = undefined;
        @"[method]output-stream.flush"(stream, &result);
        if (result.failed) return fail(result.err, failure);
    }

    /// At most 4096 bytes.
    pub fn blockingWriteAndFlush(stream: OutputStream, bytes: []const u8, failure: *StreamFailure) Error!void {
        var result: EmptyResult = undefined;
        @"[method]output-stream.blocking-write-and-flush"(stream, bytes.ptr, bytes.len, &result);
        if (result.failed) return fail(result.err, failure);
    }
};

fn fail(err: StreamError, failure: *StreamFailure) Error {
    switch (err.kind) {
        .closed => return error.Closed,
        .last_operation_failed => {
            failure.* = err.failure;
            return error.Broken;
        },
    }
}
