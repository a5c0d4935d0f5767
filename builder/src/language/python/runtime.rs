//! The interpreter and our glue as one module, linked once for each set of
//! sources and kept in the user's cache, together with its native code.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cpython::CPython;
use crate::component::{Capability, FrameRoom, Library, Program, link};
use crate::files;
use crate::language::{Context, Profile, zig_object};
use crate::lock;
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::ZIG;

/// The stack in memory, by which CPython notices recursion that is too deep. Hosts
/// give 512 KiB of native stack unless they are told otherwise; with what frames are
/// made larger by, the one in memory ends first. Recursion of Python functions alone
/// takes none of it.
const STACK: u32 = 256 * 1024;
const WATCHES: &[&str] = &["Py_EnterRecursiveCall", "_Py_CheckRecursiveCall", "_Py_Dealloc"];
const FRAME_ROOM: FrameRoom = FrameRoom { base: 192, per_local: 8 };

/// To be counted up when the linker makes another module of the same sources.
const LINKER: u32 = 4;

/// The C library's own first step.
const FIRST: &[&str] = &["__wasi_init_tp"];

/// The linked runtime for a component's world, made now if it is not in the cache.
///
/// # Errors
/// If it cannot be compiled or linked.
pub fn prepare(cx: &Context, cpython: &CPython) -> Result<PathBuf> {
    let mut digest = Sha256::new();
    digest.update(&cx.toolchain.found(&ZIG).version);
    digest.update(arguments(cx).join(" "));
    digest.update(format!("{} {STACK} {LINKER} {}", cpython.digest, cx.profile.name()));
    for folder in ["runtime", "bindings"] {
        for path in files::files_below(&cx.sdk.join(folder))? {
            digest.update(path.file_name().unwrap_or_default().as_encoded_bytes());
            digest.update(files::read(&path)?);
        }
    }
    let runtime = cx.cache.join(format!("python/runtime-{}.wasm", super::hex(&digest.finalize())));
    lock::once(&runtime, || link_with(cx, cpython, &compile(cx)?))?;
    Ok(runtime)
}

fn arguments(cx: &Context) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["-target", "wasm32-wasi", "-Os", "-w", "-D_GNU_SOURCE", "-DNDEBUG", "-fPIC"]
            .map(String::from)
            .into();
    arguments.push("-fvisibility=hidden".to_owned());
    if cx.world.capabilities.contains(&Capability::Environment) {
        arguments.push("-DISOSPIN_ENVIRONMENT".to_owned());
    }
    arguments
}

/// Our sources as one shared library.
fn compile(cx: &Context) -> Result<Vec<u8>> {
    let zig = || Command::new(cx.toolchain.path(&ZIG)).folder(&cx.scratch);
    let mut objects = Vec::new();
    let mut sources = files::files_below(&cx.sdk.join("runtime"))?;
    sources.push(cx.sdk.join("bindings/application.c"));
    for source in sources.iter().filter(|path| has_ending(path, "c")) {
        let object = cx.scratch.join(source.file_stem().unwrap_or_default()).with_extension("o");
        zig()
            .arg("cc")
            .args(arguments(cx))
            .arg("-I")
            .arg(cx.sdk.join("runtime"))
            .arg("-I")
            .arg(cx.sdk.join("bindings"))
            .arg("-c")
            .arg(source)
            .arg("-o")
            .arg(&object)
            .run(Code::ToolRun)?;
        objects.push(object);
    }
    for source in sources.iter().filter(|path| has_ending(path, "zig")) {
        objects.push(zig_object(cx, source, &["-fPIC"])?);
    }
    let glue = cx.scratch.join("glue.wasm");
    zig()
        .args(["wasm-ld", "-shared", "--experimental-pic"])
        .arg("--unresolved-symbols=import-dynamic")
        .args(&objects)
        .arg("-o")
        .arg(&glue)
        .run(Code::ToolRun)?;
    files::read(&glue)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}

fn link_with(cx: &Context, cpython: &CPython, glue: &[u8]) -> Result<Vec<u8>> {
    let mut modules = vec![("glue".to_owned(), glue.to_vec())];
    for path in &cpython.libraries {
        modules.push((path.display().to_string(), files::read(path)?));
    }
    let failed = |error: anyhow::Error| {
        Error::new(Code::ToolRun, "CPython cannot be linked").cause(format!("{error:#}"))
    };
    let libraries: anyhow::Result<Vec<Library>> =
        modules.iter().map(|(name, module)| Library::parse(name, module)).collect();
    let offered = cx.world.imports();
    let program = Program {
        libraries: &libraries.map_err(failed)?,
        offered: &|interface| offered.iter().any(|name| name == interface),
        first: FIRST,
        exports: super::start::EXPORTS,
        stack: STACK,
        frame_room: FRAME_ROOM,
        watches: WATCHES,
        names: cx.profile == Profile::Debug,
    };
    link(&program).map_err(failed)
}
