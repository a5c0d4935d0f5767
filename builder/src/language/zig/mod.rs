//! Zig: the compiler is called directly, or through `zig build` where a
//! component has packages of its own.

mod advice;
mod names;
mod packages;

use std::path::{Path, PathBuf};

use super::{Advice, Code, Compiled, Context, Cost, Language, Profile};
use crate::files;
use crate::process::Command;
use crate::report::{self, Error, Result};
use crate::toolchain::{Tool, ZIG};
use packages::Packages;

pub struct Zig;

static TOOLS: &[&Tool] = &[&ZIG];

/// Where `handle` may be, relative to the component's folder.
const HANDLERS: &[&str] = &["src/main.zig", "handler.zig", "main.zig"];

/// Zig's cache of a component's own code.
const OBJECTS: &str = "zig-cache";

/// The operating system is none: what a handler has of its surroundings comes
/// through the SDK, and the standard library must not look for more.
const TARGET: &str = "wasm32-freestanding";

/// At the bottom of the memory, so that an overflow traps instead of writing
/// over data. Debug code needs several times as much for the same calls.
const RELEASE_STACK: &str = "262144";
const DEBUG_STACK: &str = "1048576";

impl Language for Zig {
    fn name(&self) -> &'static str {
        "zig"
    }

    fn title(&self) -> &'static str {
        "Zig"
    }

    fn detect(&self, dir: &Path) -> bool {
        dir.join("build.zig").is_file() || handler(dir).is_some()
    }

    fn detected_by(&self) -> &'static str {
        "build.zig, src/main.zig, handler.zig or main.zig"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        TOOLS
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        let folder = &cx.component.path;
        let packages = Packages::read(folder)?;
        if packages.is_empty() {
            let handler = handler(folder).ok_or_else(|| no_handler(cx))?;
            return compile_directly(cx, handler);
        }
        compile_with_packages(cx, &packages)
    }

    fn variables(&self) -> &'static [&'static str] {
        &["ZIG_LIB_DIR"]
    }

    fn compiler_caches(&self) -> &'static [&'static str] {
        &[OBJECTS]
    }

    fn shared_caches(&self) -> Vec<PathBuf> {
        super::zig_cache().into_iter().collect()
    }

    fn cost(&self) -> Cost {
        Cost::new(240, 6)
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        advice::advice(printed)
    }

    fn ignored_folders(&self) -> &'static [&'static str] {
        &["zig-out", ".zig-cache", "zig-pkg"]
    }

    fn reserved_names(&self) -> &'static [&'static str] {
        names::RESERVED
    }

    fn template_values(&self, identifier: &str) -> Vec<(&'static str, String)> {
        let name = names::package_name(identifier);
        let fingerprint = names::fingerprint(name);
        vec![("zon_name", name.to_owned()), ("fingerprint", format!("{fingerprint:#018x}"))]
    }
}

fn handler(folder: &Path) -> Option<&'static str> {
    HANDLERS.iter().copied().find(|file| folder.join(file).is_file())
}

fn no_handler(cx: &Context) -> Error {
    Error::new(
        report::Code::HandlerMissing,
        format!("{}: there is no handler in it", cx.component.path.display()),
    )
    .cause(format!("none of {} is there", HANDLERS.join(", ")))
    .hint(advice::HANDLER)
}

/// One call of the compiler on three modules: the SDK's entry, the SDK, and the
/// user's handler. Paths are relative, so that messages are short and the same
/// sources give the same bytes wherever they are.
fn compile_directly(cx: &Context, handler: &str) -> Result<Compiled> {
    let output = cx.made.path().join("core.wasm");
    let sdk = cx.sdk.strip_prefix(&cx.component.path).unwrap_or(&cx.sdk).join("src");
    let mut command = Command::new(cx.toolchain.path(&ZIG))
        .folder(&cx.component.path)
        .args(["build-exe", "-fno-entry", "-rdynamic", "--name", "component"])
        .args(["--stack", stack(cx.profile)])
        .args(["--color", colour(cx)])
        .arg("--cache-dir")
        .arg(cx.scratch.join(OBJECTS))
        .arg(prefixed("-femit-bin=", &output));
    for (module, file, dependencies) in [
        ("root", sdk.join("root.zig"), &["isospin", "handler"][..]),
        ("handler", PathBuf::from(handler), &["isospin"][..]),
        ("isospin", sdk.join("isospin.zig"), &[][..]),
    ] {
        command = command.args(["-target", TARGET]).args(mode(cx.profile));
        for dependency in dependencies {
            command = command.args(["--dep", dependency]);
        }
        command = command.arg(prefixed(&format!("-M{module}="), &file));
    }
    cx.compile_with(&command)?;
    Ok(Compiled { code: Code::Module(files::read(&output)?), inputs: besides_sources(cx)? })
}

/// Runs the component's own `build.zig`, which calls the SDK's `addComponent`.
fn compile_with_packages(cx: &Context, packages: &Packages) -> Result<Compiled> {
    let prefix = cx.made.path().join("zig-out");
    let output = prefix.join("bin/component.wasm");
    let mut command = Command::new(cx.toolchain.path(&ZIG))
        .folder(&cx.component.path)
        .args(["build", "--summary", "none", "--color", colour(cx)])
        .arg("--cache-dir")
        .arg(cx.scratch.join(OBJECTS))
        .arg("--prefix")
        .arg(&prefix);
    if cx.profile == Profile::Release {
        command = command.arg("--release=small");
    }
    cx.compile_with(&command)?;
    if !output.is_file() {
        return Err(Error::new(
            report::Code::CompileFailed,
            format!("{}: it installs no component", cx.component.path.join("build.zig").display()),
        )
        .hint(advice::BUILD));
    }
    let mut inputs = packages.local_sources(&cx.component.path)?;
    inputs.extend(besides_sources(cx)?);
    Ok(Compiled { code: Code::Module(files::read(&output)?), inputs })
}

/// The files that the component's sources name and that are none of them, such as the
/// output of another program.
fn besides_sources(cx: &Context) -> Result<Vec<PathBuf>> {
    let sources = cx.component.sources()?;
    let mut found = Vec::new();
    for source in sources.iter().filter(|path| path.extension().is_some_and(|end| end == "zig")) {
        let text = files::read(source)?;
        let folder = source.parent().unwrap_or(&cx.component.path);
        let named = named_files(&String::from_utf8_lossy(&text));
        found.extend(named.into_iter().map(|name| folder.join(name)));
    }
    found.retain(|path| path.is_file());
    Ok(cx.component.besides(&sources, found))
}

/// What a source names in `@embedFile("...")` and `@import("...")`.
fn named_files(source: &str) -> Vec<String> {
    let after = |call: &'static str| source.split(call).skip(1);
    let calls = after("@embedFile(\"").chain(after("@import(\""));
    calls.filter_map(|text| text.split('"').next()).map(str::to_owned).collect()
}

fn mode(profile: Profile) -> &'static [&'static str] {
    match profile {
        // The lines are for traces; the code is the same with and without them.
        Profile::Release => &["-OReleaseSmall", "-fno-strip"],
        Profile::Debug => &["-ODebug"],
    }
}

fn stack(profile: Profile) -> &'static str {
    match profile {
        Profile::Release => RELEASE_STACK,
        Profile::Debug => DEBUG_STACK,
    }
}

fn colour(cx: &Context) -> &'static str {
    if cx.colour { "on" } else { "off" }
}

fn prefixed(prefix: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(prefix);
    text.push(path);
    text
}
