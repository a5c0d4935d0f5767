//! Installing with npm: what a lock file names, and nothing else.

use std::time::Duration;

use super::{Site, explain};
use crate::files;
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::NPM;

const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Fills the folder with `node_modules` as the lock file says. No script of a
/// package is run.
///
/// # Errors
/// If npm fails, with what it printed and advice.
pub fn packages(site: &Site, package: &str, lock: &str) -> Result<()> {
    let npm = site.need(&NPM)?;
    files::write(&site.folder.join("package.json"), package.as_bytes())?;
    files::write(&site.folder.join("package-lock.json"), lock.as_bytes())?;
    site.say(&format!("npm downloads {}", names(package)));
    let command = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
        .args(["--fetch-retries", "2"])
        .env("NO_UPDATE_NOTIFIER", "1")
        // A project's own setting for production would leave nothing out here.
        .env_remove("NODE_ENV")
        .folder(site.folder)
        .limit(LIMIT);
    explain::run(&command, site.tool)
}

/// The packages that a `package.json` asks for: `esbuild 0.28.2`.
pub fn names(package: &str) -> String {
    let package: serde_json::Value = serde_json::from_str(package).unwrap_or_default();
    let dependencies = package.get("dependencies").and_then(|found| found.as_object());
    let names: Vec<String> = dependencies
        .into_iter()
        .flatten()
        .map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default()))
        .collect();
    names.join(", ")
}
