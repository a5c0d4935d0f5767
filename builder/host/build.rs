//! Finds the WASI packages that the host implements (they are in a crate of its
//! runtime) and hands their paths to `include_str!` in `wit.rs`, with the version
//! of the runtime.

#![allow(clippy::disallowed_methods, reason = "cargo itself makes OUT_DIR whole or not at all")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The crate that implements `wasi:http`, with the WIT of it and of all below it.
const CRATE: &str = "wasmtime-wasi-http";

/// A package that depends on [`CRATE`] alone. Asked about our own workspace, cargo
/// would want the packages of all tests and platforms, which a first build has not
/// downloaded.
const MANIFEST: &str = r#"[package]
name = "wit"
version = "0.0.0"
edition = "2024"

[lib]
path = "lib.rs"

[workspace]

[dependencies]
wasmtime-wasi-http = { version = "*", features = ["p3"] }
"#;

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let package = runtime(&out.join("wit"));
    let folder = PathBuf::from(package.manifest_path.parent().expect("a manifest is in a folder"));
    // The runtime's crates are all of one version.
    println!("cargo::rustc-env=WASMTIME_VERSION={}", package.version);
    let mut text = String::new();
    for (name, inside) in [("WASI_2", "wit/deps"), ("WASI_3", "src/p3/wit/deps")] {
        write!(text, "pub static {name}: &[WitFile] = &[").expect("memory can be written");
        for file in sorted_files(&folder.join(inside)) {
            let name = file.file_name().unwrap_or_default();
            write!(text, "({name:?}, include_str!({file:?})),").expect("memory can be written");
        }
        text.push_str("];\n");
    }
    std::fs::write(out.join("wit.rs"), text).expect("OUT_DIR can be written");
}

/// The package [`CRATE`] of the version in our lock file, as cargo has unpacked it.
fn runtime(scratch: &Path) -> cargo_metadata::Package {
    let lock = Path::new("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    std::fs::create_dir_all(scratch).expect("OUT_DIR can be written");
    for (file, text) in [("Cargo.toml", MANIFEST), ("lib.rs", "")] {
        std::fs::write(scratch.join(file), text).expect("OUT_DIR can be written");
    }
    std::fs::copy(lock, scratch.join("Cargo.lock")).expect("the workspace has a lock file");
    let target = std::env::var("TARGET").expect("cargo sets TARGET");
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(scratch.join("Cargo.toml"))
        .other_options(["--offline".to_owned(), format!("--filter-platform={target}")])
        .exec()
        .expect("`cargo metadata` finds the host's runtime");
    let mut packages = metadata.packages.into_iter();
    packages
        .find(|package| package.name.as_str() == CRATE)
        .expect("the host's runtime is a dependency")
}

fn sorted_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the runtime's crate carries its WIT packages")
        .map(|entry| entry.expect("a folder can be listed").path())
        .collect();
    files.sort();
    files
}
