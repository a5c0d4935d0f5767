//! Programs in Go, built from a module's lists of versions and digests.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::kept::installed;

/// The program of this name, built by `go` from `package`, which `module` (`go.mod`) asks
/// for and of which `sums` (`go.sum`) has the digests.
///
/// # Errors
/// If this Go is too old for it, or fails.
pub fn program(
    go: &Path,
    name: &str,
    package: &str,
    module: &str,
    sums: &str,
) -> Result<PathBuf, String> {
    let folder = installed(name, &[package, module, sums], |folder| {
        let write = |file: &str, text: &str| {
            std::fs::write(folder.join(file), text).map_err(|error| error.to_string())
        };
        write("go.mod", module)?;
        write("go.sum", sums)?;
        let output = Command::new(go)
            .args(["build", "-mod=readonly", "-trimpath", "-o", name, package])
            .current_dir(folder)
            .env("GOTOOLCHAIN", "local")
            .env_remove("GOFLAGS")
            .output()
            .map_err(|error| format!("{}: {error}", go.display()))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("go: {}", String::from_utf8_lossy(&output.stderr))),
        }
    })?;
    Ok(folder.join(name))
}
