//! Rust: cargo compiles the component's library to a core module.

mod artifact;
mod distribution;
mod manifest;
mod put_back;
mod settings;
mod setup;
mod tools;

use std::path::{Path, PathBuf};

use super::exports::exports;
use super::{Advice, Code as Module, Compiled, Context, Cost, Language, Profile};
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::{Origin, Tool};
use manifest::Manifest;

pub struct Rust;

/// The target for which handlers are compiled.
const TARGET: &str = "wasm32-wasip1";

/// Keywords, cargo's own folders, the standard library, and packages that templates use.
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "axum",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "isospin",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "serde",
    "serde-json",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "tower",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

impl Language for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn title(&self) -> &'static str {
        "Rust"
    }

    fn detect(&self, dir: &Path) -> bool {
        dir.join("Cargo.toml").is_file()
    }

    fn detected_by(&self) -> &'static str {
        "Cargo.toml"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        const TOOLS: &[&Tool] = &[&tools::CARGO, &tools::RUSTC];
        TOOLS
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        if !self.detect(&cx.component.path) {
            return Err(cx.no_package(self.detected_by()).hint(
                "Make it with `cargo init --lib` in the component's folder, or begin the component \
                 with `isospin add rust NAME`.",
            ));
        }
        let manifest = Manifest::read(&cx.component.path)?;
        let target_folder = target_folder(cx, &manifest)?;
        put_back::tell_cargo(&target_folder, cx.profile)?;
        let command = cargo(cx, &manifest, &target_folder)?;
        let output = command.output()?;
        if !output.status.success() {
            return Err(cx.compile_error(output.stderr));
        }
        cx.warn(&output.stderr);
        let Some(artifact) = artifact::find(&output.stdout, &manifest.path) else {
            return Err(Error::new(
                Code::ModuleInvalid,
                format!("{}: cargo made no module of it", manifest.path.display()),
            ));
        };
        let module = crate::files::read(&artifact)?;
        // What a host calls for each request.
        if !exports(&module, |name| name.starts_with("wasi:http/incoming-handler@")) {
            return Err(Error::new(
                Code::HandlerMissing,
                format!("{}: the library has no handler", cx.component.path.display()),
            )
            .hint(
                "Put `#[isospin::handler]` on an `async fn` that takes the request, \
                 or `isospin::serve!(router());` beside a function that makes a `tower` service.",
            ));
        }
        let inputs = artifact::inputs(&artifact, &manifest, &cx.component.path);
        Ok(Compiled { code: Module::Module(module), inputs })
    }

    fn library_path(&self, path: &str) -> Option<String> {
        // What it is built with itself.
        if let Some(path) = path.strip_prefix("/rust/deps/") {
            return Some(format!("rust/{path}"));
        }
        // /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/option.rs
        let (_commit, path) = path.strip_prefix("/rustc/")?.split_once('/')?;
        Some(format!("rust/{}", path.strip_prefix("library/").unwrap_or(path)))
    }

    fn is_crash_code(&self, function: &str) -> bool {
        // From the panic to the trap; the log has its message and place.
        const CRASHING: &[&str] = &[
            "__rustc::",
            "core::panicking::",
            "std::panicking::",
            "std::process::abort",
            "std::sys::backtrace::__rust_end_short_backtrace",
            "std::sys::pal::wasi::helpers::abort_internal",
        ];
        function == "abort" || CRASHING.iter().any(|start| function.starts_with(start))
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        explain(printed)
    }

    fn surroundings(&self, component: &Path) -> Vec<PathBuf> {
        let configured = [".cargo/config.toml", ".cargo/config"];
        let names = ["Cargo.toml", "rust-toolchain.toml", "rust-toolchain"];
        let mut files = super::above(component, &[&configured[..], &names[..]].concat());
        files.extend(settings::cargo_home().into_iter().map(|home| home.join("config.toml")));
        files
    }

    fn variables(&self) -> &'static [&'static str] {
        &["CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_TARGET_WASM32", "CARGO_UNSTABLE_", "RUSTC_"]
    }

    /// `env!("NAME")` and `option_env!("NAME")`.
    fn variables_in(&self, source: &[u8]) -> Vec<String> {
        settings::variables_in(&String::from_utf8_lossy(source))
    }

    fn lock_files(&self) -> &'static [&'static str] {
        &["Cargo.lock"]
    }

    /// Cargo builds one package at a time in the folder that they share. A first build
    /// of an app is never in a cache, as those of other languages are: it comes first.
    fn cost(&self) -> Cost {
        Cost { held: Some("cargo's target folder"), ..Cost::new(250, 90) }
    }

    fn ignored_folders(&self) -> &'static [&'static str] {
        &["target"]
    }

    fn reserved_names(&self) -> &'static [&'static str] {
        RESERVED
    }
}

/// The cargo command that compiles the component's library.
fn cargo(cx: &Context, manifest: &Manifest, target_folder: &Path) -> Result<Command> {
    let mut command = Command::new(cx.toolchain.path(&tools::CARGO))
        .folder(&cx.component.path)
        .args(["rustc", "--lib", "--crate-type", "cdylib", "--quiet"])
        .args(["--target", TARGET, "--message-format", "json-render-diagnostics"])
        .args(["--color", if cx.colour { "always" } else { "never" }])
        .arg("--manifest-path")
        .arg(&manifest.path)
        .arg("--target-dir")
        .arg(target_folder);
    if cx.profile == Profile::Release {
        command = command.arg("--release");
    }
    for setting in settings::settings(cx, manifest)? {
        command = command.arg("--config").arg(setting);
    }
    // What a shell's settings for native programs say must not decide what a
    // component is made of.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command = command.env_remove(variable);
    }
    let rustc = cx.toolchain.found(&tools::RUSTC);
    // A compiler that is on the machine is left to cargo to find: a component
    // may ask for another with a `rust-toolchain.toml`.
    if rustc.origin != Origin::Search {
        command = command.env("RUSTC", &rustc.path);
    }
    Ok(command)
}

/// Where cargo builds: one folder for all Rust components of the app, so that
/// what they share is compiled once. Cargo gives modules no names of their
/// own, so of two packages with the same name one gets a folder to itself.
fn target_folder(cx: &Context, manifest: &Manifest) -> Result<PathBuf> {
    let shared = cx.app.join(".isospin/build/cargo");
    let owner = shared.join("isospin-owners").join(&manifest.package);
    let component = cx.component.path.as_os_str().as_encoded_bytes();
    if let Ok(found) = std::fs::read(&owner)
        && found != component
        && Path::new(&*String::from_utf8_lossy(&found)).join("Cargo.toml").is_file()
    {
        return Ok(cx.scratch.join("cargo"));
    }
    crate::files::write_if_different(&owner, component)?;
    Ok(shared)
}

/// Advice on what cargo and rustc print.
fn explain(printed: &str) -> Option<Advice> {
    let says = |text: &str| printed.contains(text);
    // error[E0463]: can't find crate for `core`
    //   = note: the `wasm32-wasip1` target may not be installed
    if says("target may not be installed") {
        return Some(Advice::on(
            Code::TargetMissing,
            format!(
                "Run `rustup target add {TARGET}` in the component's folder, \
                 or `isospin setup rust` if there is no rustup."
            ),
        ));
    }
    // error: no library targets found in package `hello`
    if says("no library targets found in package") {
        return Some(Advice::on(
            Code::HandlerMissing,
            "A handler is a library: put it into `src/lib.rs`.",
        ));
    }
    // error[E0433]: failed to resolve: use of unresolved module or unlinked crate `isospin`
    // error[E0432]: unresolved import `isospin`
    if says("unlinked crate `isospin`") || says("unresolved import `isospin`") {
        return Some(Advice::on(
            Code::SdkMissing,
            "Add `isospin = { path = \".isospin/sdk/rust\" }` to `[dependencies]` in Cargo.toml; \
             the builder writes that folder.",
        ));
    }
    // error[E0432]: unresolved import `serde`
    //   = help: if you wanted to use a crate named `serde`, use `cargo add serde` ...
    if says("if you wanted to use a crate named `") {
        return Some(Advice::on(
            Code::DependencyMissing,
            "Add the package with the `cargo add` command that is shown, in the component's folder.",
        ));
    }
    // error: current package believes it's in a workspace when it's not:
    if says("current package believes it's in a workspace when it's not") {
        return Some(
            "Add the component to `members` of that workspace, \
             or an empty `[workspace]` to the component's Cargo.toml."
                .into(),
        );
    }
    // error: no matching package named `x` found
    if says("no matching package named `") {
        return Some(Advice::on(
            Code::DependencyMissing,
            "The registry has no package of this name: see `[dependencies]` in Cargo.toml.",
        ));
    }
    // error: failed to get `x` as a dependency ... Could not resolve host / network failure
    if says("failed to download") || says("Could not resolve host") || says("network failure") {
        return Some(Advice::on(
            Code::RegistryUnreachable,
            "Cargo could not reach its registry. Once the packages are there, \
             builds work without it.",
        ));
    }
    // error: this file contains... rustc 1.85.0 is not supported by the following packages
    if says("is not supported by the following package") {
        return Some("Update Rust (`rustup update`).".into());
    }
    // the trait bound `MyType: Answer` is not satisfied
    if says("isospin::Answer") || says(": Answer` is not satisfied") {
        return Some(Advice::on(
            Code::HandlerShape,
            "A handler returns something that implements `isospin::IntoResponse`, \
             or a `Result` of it.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_short_paths() {
        let shown = |path| Rust.library_path(path);
        let panicking = shown("/rustc/5980761/library/core/src/panicking.rs");
        assert_eq!(panicking.as_deref(), Some("rust/core/src/panicking.rs"));
        assert_eq!(shown("src/lib.rs"), None);
    }

    #[test]
    fn what_panics_is_left_out_of_traces() {
        assert!(Rust.is_crash_code("core::panicking::panic_bounds_check"));
        assert!(!Rust.is_crash_code("hello::panicking") && !Rust.is_crash_code("greeting"));
    }

    #[test]
    fn advice_follows_what_cargo_prints() {
        let samples = [
            (
                "error[E0463]: can't find crate for `core`\n  |\n  = note: the `wasm32-wasip1` target may not be installed\n  = help: consider downloading the target with `rustup target add wasm32-wasip1`\n",
                "rustup target add wasm32-wasip1",
            ),
            ("error: no library targets found in package `hello`\n", "src/lib.rs"),
            (
                "error[E0433]: cannot find module or crate `isospin` in this scope\nuse of unresolved module or unlinked crate `isospin`\n",
                ".isospin/sdk/rust",
            ),
        ];
        for (printed, advice) in samples {
            let given = explain(printed).expect("there is advice");
            assert!(given.text.contains(advice), "{}", given.text);
        }
        assert_eq!(explain("error[E0308]: mismatched types"), None);
    }
}
