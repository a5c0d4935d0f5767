//! The tools, one row each.

use super::tool::{Install, Place, Tool, Version};

/// Compiles C, C++ and Zig, and carries a libc for WASI.
pub static ZIG: Tool = Tool {
    name: "zig",
    purpose: "compiles Zig, C and C++ to WebAssembly",
    requirement: ">=0.17.1, <0.18",
    places: &[Place::Variable("ISOSPIN_ZIG"), Place::Managed("ziglang/zig"), Place::Path("zig")],
    version: Version::Arguments(&["version"]),
    install: Install::Pip { requirements: include_str!("pins/zig.txt") },
};
