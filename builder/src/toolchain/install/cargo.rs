//! Installing with cargo: a program compiled from its registry package.

use std::time::Duration;

use super::{Site, explain};
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::CARGO;

/// A large program takes minutes on a fast machine, and machines differ.
const LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// Compiles exactly `version` of `package` with the dependencies of its own lock
/// file (each with its digest) and these features alone.
///
/// # Errors
/// If cargo fails, with what it printed and advice.
pub fn program(site: &Site, package: &str, version: &str, features: &[&str]) -> Result<()> {
    let cargo = site.need(&CARGO)?;
    site.say(&format!("cargo compiles {package} {version}, which takes some minutes"));
    let command = Command::new(cargo)
        .args(["install", package, "--version", &format!("={version}"), "--locked", "--quiet"])
        .args(["--no-default-features", "--features", &features.join(",")])
        .arg("--root")
        .arg(site.folder)
        // Kept after a failure, so that the next run goes on where this one was.
        .env("CARGO_TARGET_DIR", &site.resume)
        .folder(site.folder)
        .limit(LIMIT);
    explain::run(&command, site.tool)
}
