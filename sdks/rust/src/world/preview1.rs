//! WASI preview 1, which the standard library for `wasm32-wasip1` is written
//! for, over the world's own functions. The builder lets a module that exports
//! these answer its own imports, and drops those that nobody asks for; a module
//! that asks for others gets the usual adapter, which is far larger.
//!
//! A handler has a log, a clock and randomness; no files, arguments or stdin.

use wasip2::clocks::{monotonic_clock, wall_clock};

use super::surroundings::write_stderr;

/// An error number (witx `errno`); zero is success.
type Errno = i32;

const SUCCESS: Errno = 0;
/// `badf`
const BAD_FILE: Errno = 8;
/// `inval`
const INVALID: Errno = 28;
/// `notsup`
const NOT_SUPPORTED: Errno = 58;
/// `spipe`
const NO_SEEKING: Errno = 70;

/// Bytes of witx `fdstat`.
const FD_STATUS: usize = 24;

/// Witx `ciovec`.
#[repr(C)]
struct Piece {
    start: *const u8,
    length: usize,
}

/// Witx `subscription`, as far as it is about a clock.
#[repr(C)]
struct Subscription {
    user_data: u64,
    kind: u8,
    clock: u32,
    timeout: u64,
    precision: u64,
    flags: u16,
}

/// Witx `event`, as far as it is about a clock.
#[repr(C)]
struct Event {
    user_data: u64,
    error: u16,
    kind: u8,
    unused: [u64; 2],
}

/// Declares functions as preview 1 has them, exported under the names that the
/// builder looks for.
macro_rules! answers {
    ($($(#[$attribute:meta])* fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty $body:block)*) => {$(
        $(#[$attribute])*
        #[unsafe(export_name = concat!("isospin_preview1_", stringify!($name)))]
        unsafe extern "C" fn $name($($argument: $type),*) -> $result $body
    )*};
}

// SAFETY of all of them: the pointers are those of the C library or of `std`,
// which keep to what preview 1 says of them.
answers! {
    /// Everything that is printed goes to the log.
    fn fd_write(file: i32, pieces: *const Piece, count: usize, written: *mut usize) -> Errno {
        if file != 1 && file != 2 {
            return BAD_FILE;
        }
        let pieces = unsafe { std::slice::from_raw_parts(pieces, count) };
        let mut sum = 0;
        for piece in pieces.iter().filter(|piece| piece.length > 0) {
            write_stderr(unsafe { std::slice::from_raw_parts(piece.start, piece.length) });
            sum += piece.length;
        }
        unsafe { *written = sum };
        SUCCESS
    }

    fn random_get(start: *mut u8, length: usize) -> Errno {
        unsafe { super::surroundings::fill_randomly(start, length) };
        SUCCESS
    }

    fn clock_time_get(clock: i32, _precision: i64, time: *mut u64) -> Errno {
        let now = match clock {
            0 => nanoseconds(wall_clock::now()),
            1 => monotonic_clock::now(),
            _ => return NOT_SUPPORTED,
        };
        unsafe { *time = now };
        SUCCESS
    }

    fn clock_res_get(clock: i32, resolution: *mut u64) -> Errno {
        let step = match clock {
            0 => nanoseconds(wall_clock::resolution()),
            1 => monotonic_clock::resolution(),
            _ => return NOT_SUPPORTED,
        };
        unsafe { *resolution = step };
        SUCCESS
    }

    /// Variables come through `isospin::environment` alone: whether a component
    /// may import them is for its manifest to say.
    fn environ_sizes_get(count: *mut usize, size: *mut usize) -> Errno {
        unsafe { (*count, *size) = (0, 0) };
        SUCCESS
    }

    fn environ_get(_variables: *mut *mut u8, _texts: *mut u8) -> Errno {
        SUCCESS
    }

    fn args_sizes_get(count: *mut usize, size: *mut usize) -> Errno {
        unsafe { (*count, *size) = (0, 0) };
        SUCCESS
    }

    fn args_get(_arguments: *mut *mut u8, _texts: *mut u8) -> Errno {
        SUCCESS
    }

    /// `std::thread::sleep`: one wait for a clock, and nothing else to wait for.
    fn poll_oneoff(asked: *const Subscription, events: *mut Event, count: usize, stored: *mut usize) -> Errno {
        if count != 1 {
            return if count == 0 { INVALID } else { NOT_SUPPORTED };
        }
        let asked = unsafe { &*asked };
        if asked.kind != 0 {
            return NOT_SUPPORTED;
        }
        let absolute = asked.flags & 1 == 1;
        let pollable = match (asked.clock, absolute) {
            (1, true) => monotonic_clock::subscribe_instant(asked.timeout),
            (0, true) => {
                let now = nanoseconds(wall_clock::now());
                monotonic_clock::subscribe_duration(asked.timeout.saturating_sub(now))
            }
            (0 | 1, false) => monotonic_clock::subscribe_duration(asked.timeout),
            _ => return NOT_SUPPORTED,
        };
        pollable.block();
        let event = Event { user_data: asked.user_data, error: 0, kind: 0, unused: [0; 2] };
        unsafe { (*events, *stored) = (event, 1) };
        SUCCESS
    }

    fn sched_yield() -> Errno {
        SUCCESS
    }

    fn fd_read(file: i32, _pieces: *const Piece, _count: usize, read: *mut usize) -> Errno {
        unsafe { *read = 0 };
        if file == 0 { SUCCESS } else { BAD_FILE }
    }

    /// Of no kind, and so no terminal.
    fn fd_fdstat_get(file: i32, status: *mut u8) -> Errno {
        unsafe { status.write_bytes(0, FD_STATUS) };
        if (0..=2).contains(&file) { SUCCESS } else { BAD_FILE }
    }

    fn fd_seek(file: i32, _offset: i64, _from: i32, _position: *mut u64) -> Errno {
        if (0..=2).contains(&file) { NO_SEEKING } else { BAD_FILE }
    }

    fn fd_close(_file: i32) -> Errno {
        BAD_FILE
    }

    /// No folder was opened beforehand.
    fn fd_prestat_get(_file: i32, _status: *mut u8) -> Errno {
        BAD_FILE
    }

    fn fd_prestat_dir_name(_file: i32, _path: *mut u8, _length: usize) -> Errno {
        BAD_FILE
    }

    /// The world has no way to end but a trap.
    fn proc_exit(_code: i32) -> () {
        #[cfg(target_arch = "wasm32")]
        core::arch::wasm32::unreachable()
    }
}

fn nanoseconds(time: wall_clock::Datetime) -> u64 {
    time.seconds.saturating_mul(1_000_000_000).saturating_add(u64::from(time.nanoseconds))
}
