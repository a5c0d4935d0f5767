//! What fixtures need of the machine, and what is taken out of their texts.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use isospin_builder::language;
use isospin_builder::toolchain::{self, Finder, Folders, PIP};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_isospin");

const HANDLER: &str = r#"#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    (void)request;
    isospin_respond_text(response, 200, "hello\n");
}
"#;

/// The first of these that is not here.
pub fn missing(needs: &[&str]) -> Option<String> {
    needs.iter().find(|need| !has(need)).map(|need| (*need).to_owned())
}

/// Whether something is here: asked once.
fn has(need: &str) -> bool {
    static KNOWN: Mutex<Vec<(String, bool)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap();
    if let Some((_, found)) = known.iter().find(|(name, _)| name == need) {
        return *found;
    }
    let found = match need {
        "pip" => Finder::of_user().is_ok_and(|it| it.look(&PIP).is_ok_and(|it| it.found.is_some())),
        // The right to mount and to have a network of one's own.
        "namespaces" => {
            mounting("mount -t tmpfs tmpfs /mnt").status().is_ok_and(|status| status.success())
                && Command::new("unshare")
                    .args(["--user", "--net", "true"])
                    .status()
                    .is_ok_and(|status| status.success())
        }
        name => language::find(name).is_some_and(|it| toolchain::resolve(it).is_ok()),
    };
    known.push((need.to_owned(), found));
    found
}

/// A shell that may mount, for itself alone; the arguments that follow are its own.
pub fn mounting(script: &str) -> Command {
    let mut command = Command::new("unshare");
    if !rustix::process::getuid().is_root() {
        command.arg("--map-root-user");
    }
    command.args(["--mount", "sh", "-c", script]);
    command
}

/// The `PATH` without the folders that hold a program of this name.
pub fn path_without(name: &str) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).filter(|folder| !folder.join(name).exists());
    std::env::join_paths(others).unwrap()
}

/// A component that answers every request, built once.
pub fn hello() -> &'static [u8] {
    static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("hello")).unwrap();
        std::fs::write(folder.path().join("hello/handler.c"), HANDLER).unwrap();
        let built = Command::new(PROGRAM)
            .args(["build", "hello", "--out", "."])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        std::fs::read(folder.path().join("hello.wasm")).unwrap()
    })
}

/// The text with `APP` for the fixture's folder, `TOOLS` and `CACHE` for the
/// user's own, and without the command lines of package managers.
pub fn normal(said: &str, app: &Path) -> String {
    let folders = Folders::of_user().unwrap();
    let mut text = said.replace(app.to_str().unwrap(), "APP");
    for (path, name) in [(folders.tools(), "TOOLS"), (folders.cache().to_owned(), "CACHE")] {
        text = text.replace(path.to_str().unwrap(), name);
    }
    let line = |line: &str| match line.rsplit_once("` ended with ") {
        Some((command, status)) if command.starts_with("  `") => {
            format!("  (a command) ended with {status}\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
