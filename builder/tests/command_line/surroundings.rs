//! Folders with an app in them, and the program run on them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A C handler that answers every request.
pub const HANDLER: &str = r#"#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    (void)request;
    isospin_respond_text(response, 200, "hello\n");
}
"#;

/// A folder with one C handler in it.
pub fn hello() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("handler.c"), HANDLER).unwrap();
    folder
}

/// A folder with one C handler in it that is as much of a guest as the suite tries.
pub fn poor_guest() -> TempDir {
    let folder = hello();
    let handler = HANDLER.replace("hello", "status 200");
    std::fs::write(folder.path().join("handler.c"), handler).unwrap();
    folder
}

/// The program, to be run in `folder`. It keeps no builds: what is built is built
/// in the test that asks for it.
pub fn isospin(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isospin"));
    command.current_dir(folder).env_remove("RUST_LOG").env("ISOSPIN_BUILD_CACHE_LIMIT", "0");
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    isospin(folder).args(arguments).output().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs and expects success.
pub fn succeed(folder: &Path, arguments: &[&str]) -> Output {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    output
}

/// The component of the app in `folder`, built.
pub fn built_in(folder: &Path) -> PathBuf {
    succeed(folder, &["build", "--out", "here"]);
    let found = std::fs::read_dir(folder.join("here")).unwrap();
    let mut files = found.map(|entry| entry.unwrap().path());
    files.find(|file| file.extension().is_some_and(|kind| kind == "wasm")).unwrap()
}

/// Runs and expects this exit code and error code; gives what was said.
pub fn fail(folder: &Path, arguments: &[&str], exit: i32, code: &str) -> String {
    let output = run(folder, arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
    assert!(said.contains(code), "{arguments:?} does not say {code}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The files of a folder's `dist`, with what is half-written if anything is.
pub fn artifacts(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("dist")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    // What traces need lies beside an artifact and is none.
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".debug.json")).collect();
    names.sort();
    names
}

/// A stand-in for Zig that notes every start in a file, does `before`, and
/// then is Zig.
pub struct Watched {
    folder: TempDir,
}

impl Watched {
    pub fn zig(before: &str) -> Watched {
        let language = isospin_builder::language::find("c").unwrap();
        let toolchain = isospin_builder::toolchain::resolve(language).unwrap();
        let real = toolchain.path(&isospin_builder::toolchain::ZIG).display().to_string();
        let folder = tempfile::tempdir().unwrap();
        let script = format!(
            "#!/bin/sh\necho \"$@\" >> '{log}'\n{before}\nexec '{real}' \"$@\"\n",
            log = folder.path().join("starts").display(),
        );
        let watched = Watched { folder };
        std::fs::write(watched.path(), script).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(watched.path(), mode).unwrap();
        watched
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("zig")
    }

    /// How often it was started.
    pub fn starts(&self) -> usize {
        let log = std::fs::read_to_string(self.folder.path().join("starts")).unwrap_or_default();
        log.lines().count()
    }

    /// How often it was started with arguments that begin so.
    pub fn starts_with(&self, arguments: &str) -> usize {
        let log = std::fs::read_to_string(self.folder.path().join("starts")).unwrap_or_default();
        log.lines().filter(|line| line.starts_with(arguments)).count()
    }

    /// The program with this Zig.
    pub fn isospin(&self, folder: &Path) -> Command {
        let mut command = isospin(folder);
        command.env("ISOSPIN_ZIG", self.path());
        command
    }
}
