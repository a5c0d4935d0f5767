const std = @import("std");

pub fn write(writer: *std.Io.Writer, path: []const u8) !void {
    try writer.print("Hello from Zig! You asked for {s}\n", .{path});
}

test "the greeting names the path" {
    var buffer: [64]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    try write(&writer, "/there");
    try std.testing.expectEqualStrings("Hello from Zig! You asked for /there\n", writer.buffered());
}
