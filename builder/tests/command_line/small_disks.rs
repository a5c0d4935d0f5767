//! File systems that are full or cannot be written: mounted in a namespace of
//! their own, so that nothing of them is left, whatever happens.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use super::needs_if;

/// A test that needs the right to mount: as root, or in a user's own namespace.
pub fn trial(name: &str, test: fn()) -> Trial {
    let found = shell("mount -t tmpfs tmpfs /mnt").status().is_ok_and(|status| status.success());
    needs_if(found, "a small file system cannot be mounted here", "c", name, test)
}

/// A shell that may mount, for itself alone.
fn shell(script: &str) -> Command {
    let mut command = Command::new("unshare");
    if !rustix::process::getuid().is_root() {
        command.arg("--map-root-user");
    }
    command.args(["--mount", "sh", "-c", script]);
    command
}

/// Runs `mount` and then the program in `folder`; gives its exit code and what it
/// said, with the files that are in the folder `listed` afterwards.
pub fn run(folder: &Path, mount: &str, arguments: &str, listed: &str) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_isospin");
    let script = format!(
        "{mount} || exit 99; '{program}' {arguments} 2>&1; code=$?; echo left:; ls -A {listed}; exit $code"
    );
    let output = shell(&script).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().unwrap_or_default(), said)
}
