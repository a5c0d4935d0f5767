const std = @import("std");
const isospin = @import("isospin");

pub fn build(b: *std.Build) void {
    b.installArtifact(isospin.addComponent(b, .{ .root_source_file = b.path("src/main.zig") }));
}
