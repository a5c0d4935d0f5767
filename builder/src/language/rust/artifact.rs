//! What cargo has made, and of what.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::manifest::Manifest;

/// A line of cargo's `--message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The module that cargo made of the package with this manifest.
pub fn find(messages: &str, manifest: &Path) -> Option<PathBuf> {
    let manifest = manifest.canonicalize().ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact")
        .filter(|message| message.manifest_path.canonicalize().is_ok_and(|path| path == manifest))
        .flat_map(|message| message.filenames)
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

/// Files that went into the module and are not the component's own sources:
/// other packages of the workspace, included files, the lock file. Packages of
/// a registry do not change and the builder has its own eye on the SDK.
pub fn inputs(artifact: &Path, manifest: &Manifest, component: &Path) -> Vec<PathBuf> {
    let dependencies = std::fs::read_to_string(artifact.with_extension("d")).unwrap_or_default();
    let sdk = component.join(".isospin");
    let folder = manifest.root.parent().unwrap_or(component);
    let settings = [
        manifest.path.clone(),
        manifest.root.clone(),
        folder.join("Cargo.lock"),
        component.join("rust-toolchain.toml"),
    ];
    let mut files: Vec<PathBuf> = parse_dependencies(&dependencies)
        .filter(|path| !path.starts_with(&sdk))
        .chain(settings)
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.dedup();
    files
}

/// The right side of a dependency file as `make` reads it; a blank in a path
/// has a backslash before it.
pub fn parse_dependencies(text: &str) -> impl Iterator<Item = PathBuf> {
    const BLANK: &str = "\u{0}";
    text.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, files)| {
        files
            .replace("\\ ", BLANK)
            .split(' ')
            .filter(|file| !file.is_empty())
            .map(|file| PathBuf::from(file.replace(BLANK, " ")))
            .collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependency_files_are_read() {
        let text = "/t/hello.wasm: /a/my\\ app/src/lib.rs /a/data.txt\n";
        let files: Vec<PathBuf> = parse_dependencies(text).collect();
        assert_eq!(files, [Path::new("/a/my app/src/lib.rs"), Path::new("/a/data.txt")]);
    }
}
