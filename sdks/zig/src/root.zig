//! The file that the compiler starts from. `handler` is the user's module.

const std = @import("std");
const isospin = @import("isospin");
const user = @import("handler");

pub const std_options = isospin.entry.stdOptions(user);
pub const std_options_debug_io = isospin.entry.debug_io;
pub const panic = std.debug.FullPanic(isospin.entry.panic);

comptime {
    @export(&isospin.entry.Handler(user).handle, .{ .name = "wasi:http/incoming-handler@0.2.12#handle" });
}
