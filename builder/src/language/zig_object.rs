//! Sources of ours in Zig, for the runtimes of other languages.

use std::path::{Path, PathBuf};

use super::Context;
use crate::process::Command;
use crate::report::{Code, Result};
use crate::toolchain::ZIG;

/// Compiles one to an object file, which is as small as it can be; `more` are further
/// arguments of `zig build-obj`.
///
/// # Errors
/// If it does not compile.
pub fn zig_object(cx: &Context, source: &Path, more: &[&str]) -> Result<PathBuf> {
    // There may be a source in C of the same name.
    let name = source.file_name().unwrap_or_default();
    let object = cx.scratch.join(name).with_added_extension("o");
    Command::new(cx.toolchain.path(&ZIG))
        .folder(&cx.scratch)
        .args(["build-obj", "-target", "wasm32-wasi", "-OReleaseSmall", "-fstrip"])
        .args(more)
        .arg(source)
        .arg(format!("-femit-bin={}", object.display()))
        .run(Code::ToolRun)?;
    Ok(object)
}
