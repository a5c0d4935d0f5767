//! The engine: QuickJS, the URL parser and our glue, compiled once for each set
//! of sources and kept in the user's cache, together with its native code.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::splice::{replace, splice};
use super::{cryptography, encodings};
use crate::component::Capability;
use crate::files;
use crate::language::{Context, c_library, zig_object};
use crate::lock;
use crate::process::Command;
use crate::report::{Code, Result};
use crate::toolchain::{ADA, ESBUILD, QUICKJS, WEB_STREAMS, ZIG};

/// The stack in memory, what of it scripts may use, and what each call takes of
/// it at least. Hosts give 512 KiB of native stack unless they are told otherwise;
/// with more than this a deep recursion would be a trap there and not a RangeError.
const STACK: u32 = 512 * 1024;
const STACK_LIMIT: u32 = 256 * 1024;
const FRAME_ROOM: u32 = 256;

/// What `format.c` has in the place of the C library's.
const FORMATTING: &[&str] =
    &["-Dprintf=engine_printf", "-Dsnprintf=engine_snprintf", "-Dvsnprintf=engine_vsnprintf"];

/// The compiled engine for a component's world, made now if it is not in the cache;
/// the one with `cryptography` is larger and slower to compile.
///
/// # Errors
/// If it cannot be compiled.
pub fn prepare(cx: &Context, cryptography: bool) -> Result<PathBuf> {
    let mut sources = Vec::new();
    for folder in [cx.sdk.join("engine"), cx.sdk.join("bindings"), quickjs(cx), ada(cx)] {
        sources.extend(files::files_below(&folder)?);
    }
    let mut digest = Sha256::new();
    digest.update(&cx.toolchain.found(&ZIG).version);
    digest.update(arguments(cx).join(" "));
    digest.update([cryptography.into()]);
    for how in [include_str!("engine.rs"), include_str!("splice.rs")] {
        digest.update(how);
    }
    for path in sources {
        digest.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        digest.update(files::read(&path)?);
    }
    let name = format!("javascript/engine-{}.wasm", hex(&digest.finalize()));
    let engine = cx.cache.join(name);
    lock::once(&engine, || compile(cx, cryptography))?;
    Ok(engine)
}

/// The web interfaces for a bundle, as one script.
///
/// # Errors
/// If the bundler fails.
pub fn prelude(cx: &Context, bundle: &str) -> Result<Vec<u8>> {
    let subtle = cx.sdk.join(match cryptography::is_reached(bundle) {
        true => "prelude/subtle.js",
        false => "prelude/no-subtle.js",
    });
    let algorithms = cx.sdk.join(match cryptography::is_named(bundle) {
        true => "prelude/subtle/algorithms.js",
        false => "prelude/subtle/no-algorithms.js",
    });
    let streams = match needs_streams(bundle) {
        true => cx.toolchain.path(&WEB_STREAMS).to_owned(),
        false => cx.sdk.join("prelude/no-streams.js"),
    };
    let pattern = match bundle.contains("URLPattern") {
        true => cx.sdk.join("prelude/pattern.js"),
        false => cx.sdk.join("prelude/no-pattern.js"),
    };
    let ports = cx.sdk.join(match bundle.contains("MessageChannel") {
        true => "prelude/ports.js",
        false => "prelude/no-ports.js",
    });
    let tables = encodings::tables(bundle);
    let legacy = cx.sdk.join(match tables {
        Some(_) => "prelude/legacy.js",
        None => "prelude/no-legacy.js",
    });
    let mut digest = Sha256::new();
    for part in [&streams, &pattern, &ports, &legacy, &subtle, &algorithms] {
        digest.update(part.file_name().unwrap_or_default().as_encoded_bytes());
    }
    let tables = tables.unwrap_or_default();
    digest.update(&tables);
    digest.update(&cx.toolchain.found(&ESBUILD).version);
    digest.update(&cx.toolchain.found(&WEB_STREAMS).version);
    for path in files::files_below(&cx.sdk.join("prelude"))? {
        digest.update(files::read(&path)?);
    }
    let output = cx.cache.join(format!("javascript/prelude-{}.js", hex(&digest.finalize())));
    if !output.is_file() {
        let made = cx.scratch.join("prelude.js");
        let encodings = cx.scratch.join("encodings.js");
        files::write(&encodings, tables.as_bytes())?;
        Command::new(cx.toolchain.path(&ESBUILD))
            .folder(&cx.sdk)
            .arg("prelude/main.js")
            .args([
                "--bundle",
                "--format=iife",
                "--target=es2024",
                "--minify",
                "--log-level=warning",
            ])
            .args(["--banner:js=(native)=>{let installed;", "--footer:js=return installed;}"])
            .arg(format!("--outfile={}", made.display()))
            .arg(format!("--alias:web-streams-polyfill={}", streams.display()))
            .arg(format!("--alias:url-pattern={}", pattern.display()))
            .arg(format!("--alias:message-ports={}", ports.display()))
            .arg(format!("--alias:web-crypto={}", subtle.display()))
            .arg(format!("--alias:subtle-algorithms={}", algorithms.display()))
            .arg(format!("--alias:legacy-encodings={}", legacy.display()))
            .arg(format!("--alias:encoding-tables={}", encodings.display()))
            .run(Code::ToolRun)?;
        files::write(&output, &files::read(&made)?)?;
    }
    files::read(&output)
}

/// Whether code may reach a stream. Streams are more than half of the interfaces;
/// what none of these words stands in can neither make one nor get one.
fn needs_streams(bundle: &str) -> bool {
    const WORDS: &[&str] =
        &["tream", "body", "clone", "asyncIterator", "async *", "async function*", "async*"];
    WORDS.iter().any(|word| bundle.contains(word))
}

fn quickjs(cx: &Context) -> PathBuf {
    cx.toolchain.path(&QUICKJS).join("upstream-quickjs")
}

fn ada(cx: &Context) -> PathBuf {
    cx.toolchain.path(&ADA).join("ada_url")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What is the same for every source.
fn arguments(cx: &Context) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["-target", "wasm32-wasi", "-Os", "-w", "-D_GNU_SOURCE", "-DNDEBUG", "-fno-exceptions"]
            .map(String::from)
            .into();
    // What one file has for a single caller in another becomes a part of that.
    arguments.push("-flto".to_owned());
    arguments.push(format!("-DISOSPIN_STACK_LIMIT={STACK_LIMIT}"));
    arguments.push(format!("-DISOSPIN_FRAME_ROOM={FRAME_ROOM}"));
    if cx.world.capabilities.contains(&Capability::Environment) {
        arguments.push("-DISOSPIN_ENVIRONMENT".to_owned());
    }
    arguments
}

/// What the engine has of the C library.
const LIBRARY: &[&str] = &["-fstrip", "-flto"];

/// Zig makes `-Os` of `-Oz`, unless clang itself is told.
const SMALLEST: [&str; 2] = ["-Xclang", "-Oz"];

fn compile(cx: &Context, cryptography: bool) -> Result<Vec<u8>> {
    let (interpreter, others) = std::thread::scope(|scope| {
        let library = scope.spawn(|| c_library(cx, LIBRARY));
        let interpreter = scope.spawn(|| interpreter(cx));
        let others = others(cx, cryptography);
        let _ = library.join();
        (interpreter.join(), others)
    });
    let interpreter = interpreter.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let made = cx.scratch.join("engine.wasm");
    let ours = files::files_below(&cx.sdk.join("engine"))?.into_iter().filter(|path| {
        path.extension().is_some_and(|extension| extension == "c")
            && !path.ends_with(INTERPRETER_FILE)
    });
    let theirs = ["dtoa.c", "libregexp.c"].map(|file| quickjs(cx).join(file));
    clang(cx, "cc")
        .args(FORMATTING)
        .args(SMALLEST)
        .arg("-mexec-model=reactor")
        .args(ours)
        .args(theirs)
        .arg(cx.sdk.join("bindings/application.c"))
        .arg(interpreter)
        .args(others?)
        .args(cryptography.then_some("-DISOSPIN_CRYPTOGRAPHY"))
        .arg("-s")
        .arg(format!("-Wl,-z,stack-size={STACK}"))
        .arg("-o")
        .arg(&made)
        .run(Code::ToolRun)?;
    files::read(&made)
}

/// The object files beside the interpreter's.
fn others(cx: &Context, cryptography: bool) -> Result<Vec<PathBuf>> {
    let mut objects =
        vec![url_parser(cx)?, zig_object(cx, &cx.sdk.join("engine/crypto.zig"), &[])?];
    if cryptography {
        objects.push(zig_object(cx, &cx.sdk.join("engine/cryptography.zig"), &[])?);
    }
    Ok(objects)
}

/// Zig's compiler for C or C++, with all that is the same for every source.
fn clang(cx: &Context, driver: &str) -> Command {
    let folders = [
        cx.scratch.join("changed"),
        quickjs(cx),
        ada(cx),
        cx.sdk.join("engine"),
        cx.sdk.join("bindings"),
    ];
    let mut command = zig(cx).arg(driver).args(arguments(cx));
    for folder in folders {
        command = command.arg("-I").arg(folder);
    }
    command
}

fn zig(cx: &Context) -> Command {
    Command::new(cx.toolchain.path(&ZIG)).folder(&cx.scratch)
}

/// The object file of the URL parser.
fn url_parser(cx: &Context) -> Result<PathBuf> {
    let object = cx.scratch.join("ada.o");
    clang(cx, "c++")
        .args(SMALLEST)
        .args(["-std=c++20", "-fno-rtti", "-DADA_INCLUDE_URL_PATTERN=0", "-c"])
        .arg(changed(cx, &ada(cx).join("ada.cpp"), replace)?)
        .arg("-o")
        .arg(&object)
        .run(Code::ToolRun)?;
    Ok(object)
}

/// The file of ours that includes `quickjs.c`. (`idna.c` includes `libunicode.c`.)
const INTERPRETER_FILE: &str = "source_map.c";

/// The object file of the interpreter, which is as fast as it is small.
fn interpreter(cx: &Context) -> Result<PathBuf> {
    changed(cx, &quickjs(cx).join("quickjs.c"), splice)?;
    let object = cx.scratch.join("interpreter.o");
    clang(cx, "cc")
        .args(FORMATTING)
        .arg("-c")
        .arg(cx.sdk.join("engine").join(INTERPRETER_FILE))
        .arg("-o")
        .arg(&object)
        .run(Code::ToolRun)?;
    Ok(object)
}

/// The path of a source with our parts in it, in a folder where it is found first.
fn changed(
    cx: &Context,
    path: &Path,
    change: fn(&str, &Path) -> Result<String>,
) -> Result<PathBuf> {
    let source = String::from_utf8_lossy(&files::read(path)?).into_owned();
    let changed = cx.scratch.join("changed").join(path.file_name().unwrap_or_default());
    files::write(&changed, change(&source, path)?.as_bytes())?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::needs_streams;

    #[test]
    fn streams_are_there_where_code_may_reach_them() {
        assert!(!needs_streams("export default { fetch() { return new Response('x'); } };"));
        for code in
            ["request.body", "new ReadableStream()", "async *parts() {}", "response.clone()"]
        {
            assert!(needs_streams(code), "{code}");
        }
    }
}
