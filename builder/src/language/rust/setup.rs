//! How `isospin setup` gets a compiler for handlers: the target through
//! rustup, or else a compiler of its own from the distribution.

use std::time::Duration;

use super::{TARGET, distribution, tools};
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::Site;

/// Set to `distribution`, neither rustup nor an installed compiler is used.
const SETTING: &str = "ISOSPIN_RUST";

/// How long rustup's server may take.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

pub fn wants_distribution() -> bool {
    std::env::var_os(SETTING).is_some_and(|value| value == "distribution")
}

/// The installation of [`tools::RUSTC`].
///
/// # Errors
/// If neither way leads to a compiler; says why the second failed.
pub fn run(site: &Site) -> Result<()> {
    if !wants_distribution() {
        match which::which("rustup") {
            Ok(rustup) if add_target(site, &rustup) => return Ok(()),
            Ok(_) => site.say("rustup could not add the target; using distribution packages"),
            Err(_) => site.say("there is no rustup; using distribution packages"),
        }
    }
    distribution::install(site)
}

/// Whether rustup's toolchain has the target afterwards.
fn add_target(site: &Site, rustup: &std::path::Path) -> bool {
    site.say(&format!("rustup target add {TARGET}"));
    let command = Command::new(rustup).args(["target", "add", TARGET]).limit(RUSTUP_LIMIT);
    let added = command.output().is_ok_and(|output| output.status.success());
    added && tools::installed_rustc().is_some()
}
