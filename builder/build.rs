//! Finds the WASI packages that the host implements (they are in its crate's
//! `wit` folder) and hands their paths to `include_str!` in `component/world.rs`,
//! so that host and guests cannot disagree on the world.

#![allow(clippy::disallowed_methods, reason = "cargo itself makes OUT_DIR whole or not at all")]

use std::path::Path;

fn main() {
    // Only what this build has downloaded is there: other platforms' packages are not.
    let target = std::env::var("TARGET").expect("cargo sets TARGET");
    let metadata = cargo_metadata::MetadataCommand::new()
        .other_options(["--offline".to_owned(), format!("--filter-platform={target}")])
        .exec()
        .expect("`cargo metadata` describes this workspace");
    let host = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "wasmtime-wasi-http")
        .expect("wasmtime-wasi-http is a dependency");
    let folder = host.manifest_path.parent().expect("a manifest is in a folder").join("wit/deps");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let mut sources = String::from("&[\n");
    for file in sorted_files(folder.as_std_path()) {
        sources.push_str(&format!(
            "    ({:?}, include_str!({file:?})),\n",
            file.rsplit('/').next().unwrap_or(&file)
        ));
    }
    sources.push_str("]\n");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("wasi_packages.rs"), sources)
        .expect("OUT_DIR can be written");
}

fn sorted_files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the host's crate carries its WIT packages")
        .map(|entry| entry.expect("a folder can be listed").path().to_string_lossy().into_owned())
        .collect();
    files.sort();
    files
}
