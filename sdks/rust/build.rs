//! Finds out how the standard library in use calls its import `random_get`, so
//! that the crate can define it: see `src/world/random.rs`.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The end of the name, mangled: the module and the function, each after its length.
const SUFFIX: &[u8] = b"22wasi_snapshot_preview110random_get";

/// What may be in a mangled name.
fn in_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(random_get_is_known)");
    let target = env::var("TARGET").unwrap_or_default();
    if target != "wasm32-wasip1" {
        return;
    }
    // Without the name the component is larger, and does the same.
    if let Some(name) = library(&target).and_then(|folder| find(Path::new(&folder))) {
        println!("cargo::rustc-cfg=random_get_is_known");
        println!("cargo::rustc-env=ISOSPIN_RANDOM_GET={name}");
    }
}

/// The folder of the compiler's libraries for `target`.
fn library(target: &str) -> Option<String> {
    let output = Command::new(env::var_os("RUSTC")?)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The name as it stands in the library that declares the function, which is a
/// part of `std`.
fn find(folder: &Path) -> Option<String> {
    let libraries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let library = libraries.into_iter().find(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libwasi-") && name.ends_with(".rlib")
    })?;
    let bytes = fs::read(library).ok()?;
    let at = bytes.windows(SUFFIX.len()).position(|window| window == SUFFIX)?;
    let begin = bytes[..at].windows(2).rposition(|pair| pair == b"_R" || pair == b"_Z")?;
    let mangled = &bytes[begin..];
    let v0 = mangled.starts_with(b"_R");
    // The older way of mangling ends with a digest: `17h...E`.
    let length = at - begin + SUFFIX.len() + if v0 { 0 } else { "17h0123456789abcdefE".len() };
    let name = mangled.get(..length)?;
    name.iter().all(in_name).then(|| String::from_utf8_lossy(name).into_owned())
}
