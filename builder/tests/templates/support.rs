//! The program, run in folders that go away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, to be run in `folder`, with no terminal.
pub fn isospin(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isospin"));
    command.current_dir(folder).env_remove("RUST_LOG").stdin(std::process::Stdio::null());
    command
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs and expects success; gives what was said.
pub fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = isospin(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// Runs and expects this exit code and error code; gives what was said.
pub fn fail(folder: &Path, arguments: &[&str], exit: i32, code: &str) -> String {
    let output = isospin(folder).args(arguments).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
    assert!(said.contains(code), "{arguments:?} does not say {code}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// Every file below `folder` by its path, but what builds write to `.isospin`.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in isospin_builder::files::files_below(folder).unwrap() {
        let inside = path.strip_prefix(folder).unwrap().to_owned();
        if !inside.components().any(|part| part.as_os_str() == ".isospin") {
            found.insert(inside, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// The names in a folder, sorted, hidden ones too.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub fn read(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}
