//! `wasi:clocks/monotonic-clock` and `wasi:clocks/wall-clock`.

const Pollable = @import("poll.zig").Pollable;

pub const monotonic = struct {
    extern "wasi:clocks/monotonic-clock@0.2.12" fn now() u64;
    extern "wasi:clocks/monotonic-clock@0.2.12" fn resolution() u64;
    extern "wasi:clocks/monotonic-clock@0.2.12" fn @"subscribe-duration"(u64) Pollable;

    /// Nanoseconds since some moment before the request.
    pub const nanoseconds = now;
    /// Nanoseconds between two ticks of the clock.
    pub const tick = resolution;
    /// Ready after so many nanoseconds.
    pub const after = @"subscribe-duration";
};

pub const wall = struct {
    /// Time since 1970-01-01 00:00:00 UTC, or a span of time.
    pub const Datetime = extern struct {
        seconds: u64,
        nanoseconds: u32,
    };

    extern "wasi:clocks/wall-clock@0.2.12" fn now(*Datetime) void;
    extern "wasi:clocks/wall-clock@0.2.12" fn resolution(*Datetime) void;

    pub const read = now;
    pub const tick = resolution;
};
