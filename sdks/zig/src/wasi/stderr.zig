//! `wasi:cli/stderr`.

const streams = @import("streams.zig");

extern "wasi:cli/stderr@0.2.12" fn @"get-stderr"() streams.OutputStream;

/// The log. Has to be dropped.
pub const open = @"get-stderr";
