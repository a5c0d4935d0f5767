//! Zig's C library for WASI, which Zig compiles from some 600 files when it is first
//! needed, and keeps in its own cache.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Context, cache_folder};
use crate::process::Command;
use crate::report::Code;
use crate::toolchain::ZIG;
use crate::{files, lock};

/// Where Zig keeps what it made for all; none if the user has no folder for that.
pub fn zig_cache() -> Option<PathBuf> {
    let set = std::env::var_os("ZIG_GLOBAL_CACHE_DIR").map(PathBuf::from);
    Some(set.or_else(|| Some(cache_folder()?.join("zig")))?.join("o"))
}

/// Has Zig compile the C library with all processors before `zig cc` needs it, which
/// leaves one of them out: on two, that takes twice as long. `variant` are the arguments
/// of `zig build-exe` with which it makes the library that `zig cc` will look for.
///
/// A failure is left to `zig cc` to tell: it then makes the library itself.
pub fn c_library(cx: &Context, variant: &[&str]) {
    let digest = Sha256::digest(format!("{} {variant:?}", cx.toolchain.found(&ZIG).version));
    let digest: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let note = cx.cache.join(format!("c/library-{digest}"));
    // Whoever emptied Zig's cache has the library compiled again.
    if zig_cache().is_some_and(|kept| !files::outlast(&[kept], &note)) {
        let _ = std::fs::remove_file(&note);
    }
    let _ = lock::once(&note, || {
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
