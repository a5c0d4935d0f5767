//! The SDK as a package, for `zig build` and for editors. `isospin build` needs
//! it only where an app has packages of its own.

const std = @import("std");

/// WebAssembly without an operating system: all that a handler has of its
/// surroundings comes through the SDK.
const target: std.Target.Query = .{ .cpu_arch = .wasm32, .os_tag = .freestanding };

pub fn build(b: *std.Build) void {
    _ = b.addModule("isospin", .{
        .root_source_file = b.path("src/isospin.zig"),
        .target = b.resolveTargetQuery(target),
        .optimize = b.standardOptimizeOption(.{}),
    });
}

pub const ComponentOptions = struct {
    /// The file with `handle`.
    root_source_file: std.Build.LazyPath,
    /// What it may import beyond `std` and `isospin`.
    imports: []const std.Build.Module.Import = &.{},
    /// Bytes for the stack, at the bottom of the memory.
    stack_size: u64 = 256 * 1024,
};

/// The core module of a component. `b` is the app's; the dependency `isospin`
/// must be in its `build.zig.zon`. `isospin build` makes the component of it.
pub fn addComponent(b: *std.Build, options: ComponentOptions) *std.Build.Step.Compile {
    const optimize = b.standardOptimizeOption(.{ .preferred_optimize_mode = .small });
    const resolved = b.resolveTargetQuery(target);
    const package = b.dependency("isospin", .{ .optimize = optimize });
    const isospin = package.module("isospin");

    const handler = b.createModule(.{
        .root_source_file = options.root_source_file,
        .target = resolved,
        .optimize = optimize,
        // `isospin build` keeps what traces need beside the component, which has none of it.
        .strip = false,
        .imports = options.imports,
    });
    handler.addImport("isospin", isospin);

    const module = b.addExecutable(.{
        .name = "component",
        .root_module = b.createModule(.{
            .root_source_file = package.path("src/root.zig"),
            .target = resolved,
            .optimize = optimize,
            .strip = false,
            .imports = &.{
                .{ .name = "isospin", .module = isospin },
                .{ .name = "handler", .module = handler },
            },
        }),
    });
    module.entry = .disabled;
    module.rdynamic = true;
    module.stack_size = options.stack_size;
    return module;
}
