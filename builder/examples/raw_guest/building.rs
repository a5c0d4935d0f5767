//! How the guest that has no SDK becomes a component.

use std::path::Path;

use isospin_builder::component::{World, encode};
use isospin_builder::files;
use isospin_builder::language::Language;
use isospin_builder::process::Command;
use isospin_builder::report::{Code, Error, Result};
use isospin_builder::toolchain::{self, ZIG};

/// The guest's folder.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/guests/raw");

/// Makes the bindings of the world, compiles them with the guest, and encodes
/// the module as a component, in `output`. What comes between is in `scratch`.
///
/// # Errors
/// If there is no compiler, or it finds a mistake.
pub fn build(c: &'static dyn Language, scratch: &Path, output: &Path) -> Result<()> {
    let world = World::new([]);
    for (path, bytes) in c.bindings(&world)? {
        files::write(&scratch.join(path), &bytes)?;
    }
    let bindings = scratch.join("bindings");
    let module = scratch.join("guest.wasm");
    Command::new(toolchain::resolve(c)?.path(&ZIG))
        .args(["c++", "-target", "wasm32-wasi", "-mexec-model=reactor", "-Os", "-s"])
        .args(["-fno-exceptions", "-Wall", "-Wextra", "-Werror", "-Wl,--gc-sections", "-I"])
        .arg(&bindings)
        .arg(Path::new(FOLDER).join("guest.cpp"))
        .args(["-x", "c"])
        .arg(bindings.join("application.c"))
        .arg("-o")
        .arg(&module)
        .env("ZIG_LOCAL_CACHE_DIR", scratch.join("zig-cache"))
        .run(Code::CompileFailed)?;
    let component = encode(&files::read(&module)?, &world).map_err(|error| {
        Error::new(Code::CompileFailed, format!("{}: no component comes of it", module.display()))
            .cause(format!("{error:#}"))
    })?;
    files::write(output, &component)
}
