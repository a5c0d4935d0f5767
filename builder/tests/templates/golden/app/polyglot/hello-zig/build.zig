const std = @import("std");
const isospin = @import("isospin");

pub fn build(b: *std.Build) void {
    b.installArtifact(isospin.addComponent(b, .{ .root_source_file = b.path("src/main.zig") }));

    const tests = b.addTest(.{ .root_module = b.createModule(.{
        .root_source_file = b.path("src/greeting.zig"),
        .target = b.graph.host,
    }) });
    b.step("test", "Run the tests").dependOn(&b.addRunArtifact(tests).step);
}
