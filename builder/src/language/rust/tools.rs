//! The tools of Rust: cargo, and a compiler that has the library for the
//! handlers' target.

use std::path::{Path, PathBuf};

use super::{TARGET, distribution, setup};
pub use crate::toolchain::CARGO;
use crate::toolchain::{Install, Place, Tool, Version};

/// The compiler together with its library for [`TARGET`].
pub static RUSTC: Tool = Tool {
    name: "rustc-wasm32-wasip1",
    purpose: "compiles Rust to WebAssembly (rustc with the target wasm32-wasip1)",
    requirement: ">=1.91",
    places: &[
        Place::Variable("ISOSPIN_RUSTC"),
        Place::Search(installed_rustc),
        Place::Managed(distribution::RUSTC),
    ],
    version: Version::Arguments(&["--version"]),
    install: Install::Code {
        pin: distribution::PACKAGES,
        says: "adds the target through rustup, or else makes a compiler of its own from Debian's packages",
        run: setup::run,
    },
};

/// The compiler that is on this machine, if it has the target. Looks at files
/// alone, as every build asks for it.
pub fn installed_rustc() -> Option<PathBuf> {
    if setup::wants_distribution() {
        return None;
    }
    let rustc = rustup_rustc().or_else(|| which::which("rustc").ok()?.canonicalize().ok())?;
    let library = sysroot(&rustc)?.join("lib/rustlib").join(TARGET).join("lib");
    library.is_dir().then_some(rustc)
}

/// The compiler of rustup's default toolchain. What a `rust-toolchain.toml`
/// asks for is cargo's business when it builds.
fn rustup_rustc() -> Option<PathBuf> {
    let home = std::env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".rustup")))?;
    let name = match std::env::var("RUSTUP_TOOLCHAIN") {
        Ok(name) => name,
        Err(_) => {
            let text = std::fs::read_to_string(home.join("settings.toml")).ok()?;
            let settings: toml::Table = text.parse().ok()?;
            settings.get("default_toolchain")?.as_str()?.to_owned()
        }
    };
    let exact = home.join("toolchains").join(&name).join("bin/rustc");
    if exact.is_file() {
        return Some(exact);
    }
    // `stable` is short for `stable-x86_64-unknown-linux-gnu`.
    let toolchains = std::fs::read_dir(home.join("toolchains")).ok()?;
    let prefix = format!("{name}-");
    toolchains
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path().join("bin/rustc"))
        .find(|rustc| rustc.is_file())
}

/// The folder of a compiler with its libraries.
pub fn sysroot(rustc: &Path) -> Option<PathBuf> {
    let folder = rustc.parent()?;
    if folder.join("usr/lib/rustlib").is_dir() {
        return Some(folder.join("usr"));
    }
    Some(folder.parent()?.to_owned())
}
