//! What Zig prints, matched to advice. Every row has a real sample beside it.

use crate::language::Advice;
use crate::language::advice::{Row, ZIG_CACHE, first};
use crate::report::{Code, without_colours};

/// What a handler looks like.
pub const HANDLER: &str = "\
Put the handler into `src/main.zig`:

    const isospin = @import(\"isospin\");

    pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
        try response.writer().print(\"You asked for {s}\\n\", .{request.path});
    }";

/// What a `build.zig` looks like.
pub const BUILD: &str = "\
Let `build.zig` install what the SDK's `addComponent` makes:

    const std = @import(\"std\");
    const isospin = @import(\"isospin\");

    pub fn build(b: *std.Build) void {
        b.installArtifact(isospin.addComponent(b, .{
            .root_source_file = b.path(\"src/main.zig\"),
        }));
    }";

const PACKAGES: &str = "\
A file of the component is imported by its path, `@import(\"other.zig\")`, and must be in the \
folder of the handler's file or below it. A package is named in `build.zig.zon` \
(`zig fetch --save URL` adds it) and given to `addComponent` in `build.zig`.";

const SURROUNDINGS: &str = "\
A handler has no operating system: no files, sockets, processes or threads. `request.io()` gives \
clocks, sleep and randomness as a `std.Io`, `request.fetch` asks other servers, and `std.log` \
writes the log.";

const FINGERPRINT: &str = "\
Put the value that Zig proposes into the `.fingerprint` of the `build.zig.zon` that it names.";

const ROWS: &[Row] = &[
    ZIG_CACHE,
    // shape.zig:12:36: error: main.zig has no public function `handle`: expected `pub fn ...`
    (&["has no public function `handle`"], Some(Code::HandlerMissing), HANDLER),
    // shape.zig:15:49: error: `handle` in main.zig returns `[]const u8`: expected `pub fn ...`
    (&["error: `handle` in ", ": expected `pub fn handle"], Some(Code::HandlerShape), HANDLER),
    // src/main.zig:2:20: error: no module named 'httpz' available within module 'handler'
    (&["error: no module named '"], Some(Code::DependencyMissing), PACKAGES),
    // src/main.zig:3:106: error: import of file outside module path
    (&["error: import of file outside module path"], None, PACKAGES),
    // build.zig.zon:3:2: error: invalid fingerprint: 0x0; if this is a new or forked package, ...
    (&["error: invalid fingerprint: "], None, FINGERPRINT),
    // std/Thread.zig:346:9: error: Cannot spawn thread when building in single-threaded mode
    (
        &["error: Cannot spawn thread when building in single-threaded mode"],
        Some(Code::NeedsSystem),
        SURROUNDINGS,
    ),
    // std/Thread.zig:493:9: error: Unsupported operating system freestanding
    (&["error: Unsupported operating system freestanding"], Some(Code::NeedsSystem), SURROUNDINGS),
    // std/posix.zig:94:27: error: struct 'posix.system__struct_10' has no member named 'IOV_MAX'
    (
        &["error: struct 'posix.system__struct_", "' has no member named '"],
        Some(Code::NeedsSystem),
        SURROUNDINGS,
    ),
];

/// Advice on what the compiler printed, if any is known. Colours do not matter.
pub fn advice(printed: &str) -> Option<Advice> {
    first(ROWS, &without_colours(printed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_the_compiler_get_their_advice() {
        let samples = [
            (
                "shape.zig:12:36: error: main.zig has no public function `handle`: expected `x`",
                HANDLER,
            ),
            (
                "shape.zig:15:49: error: `handle` in main.zig does not take two parameters: \
                 expected `pub fn handle(request: *isospin.Request, ...",
                HANDLER,
            ),
            (
                "src/main.zig:2:20: error: no module named 'httpz' available within module \
                 'handler'",
                PACKAGES,
            ),
            (
                "\u{1b}[1msrc/main.zig:3:1: \u{1b}[31;1merror: \u{1b}[0m\u{1b}[1mimport of file \
                 outside module path\u{1b}[0m",
                PACKAGES,
            ),
            (
                "std/Thread.zig:346:9: error: Cannot spawn thread when building in \
                 single-threaded mode",
                SURROUNDINGS,
            ),
        ];
        for (printed, expected) in samples {
            assert_eq!(advice(printed).unwrap().text, expected, "{printed}");
        }
    }

    #[test]
    fn an_ordinary_mistake_gets_none() {
        assert_eq!(advice("src/main.zig:5:9: error: expected ';' after statement"), None);
    }
}
