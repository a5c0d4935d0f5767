//! Zig's C library for WASI, which Zig compiles from some 600 files when it is first
//! needed, and keeps in its own cache.

use sha2::{Digest, Sha256};

use super::Context;
use crate::process::Command;
use crate::report::Code;
use crate::toolchain::ZIG;
use crate::{files, lock};

/// Has Zig compile the C library with all processors before `zig cc` needs it, which
/// leaves one of them out: on two, that takes twice as long. `variant` are the arguments
/// of `zig build-exe` with which it makes the library that `zig cc` will look for.
///
/// A failure is left to `zig cc` to tell: it then makes the library itself.
pub fn c_library(cx: &Context, variant: &[&str]) {
    let digest = Sha256::digest(format!("{} {variant:?}", cx.toolchain.found(&ZIG).version));
    let digest: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let _ = lock::once(&cx.cache.join(format!("c/library-{digest}")), || {
        let folder = cx.made.path().join("c-library");
        let source = folder.join("empty.c");
        files::write(&source, b"")?;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Command::new(cx.toolchain.path(&ZIG))
            .args(["build-exe", "-target", "wasm32-wasi", "-mexec-model=reactor", "-lc"])
            .arg("-OReleaseSmall")
            .args(variant)
            // Of the jobs that it may have, Zig counts some that only wait.
            .arg(format!("-j{}", 2 * processors))
            .arg(source)
            .arg("--cache-dir")
            .arg(folder.join("cache"))
            .arg(format!("-femit-bin={}", folder.join("empty.wasm").display()))
            .run(Code::ToolRun)?;
        Ok(Vec::new())
    });
}
