//! What builds cost: sizes, first builds, one-line edits, and builds that change nothing.

use std::process::Command;
use std::time::{Duration, Instant};

use isospin_builder::bench::run::gzip;

use crate::apps::{App, Built, ROUNDS, run, timed};
use crate::subject::Result;
use crate::table::{Cell, Table};

/// The component that cargo builds too.
pub const RUST: &str = "hello-rust";

const COLUMNS: &[&str] = &["component", "size", "gzip", "first build", "edit", "no change"];

/// The components of `app`, each built anew, edited, and built once more.
///
/// # Errors
/// If one does not build.
pub fn components(app: &App) -> Result<Table> {
    let mut table = Table::new("Building hello", COLUMNS);
    for known in app.build(None)? {
        let name = known.name.as_str();
        let _ = std::fs::remove_dir_all(app.folder.join(".isospin/build").join(name));
        let start = Instant::now();
        let built = app.build_one(name)?;
        let first = start.elapsed();
        let again = || app.build_one(name).map(drop);
        table.row([
            Cell::text(name),
            Cell::Bytes(built.size),
            Cell::Bytes(gzip(&std::fs::read(&built.path)?)),
            Cell::Time(first),
            Cell::Time(app.edits(name, again)?),
            Cell::Time(timed(ROUNDS, again)?),
        ]);
    }
    Ok(table)
}

/// Sizes of what was built for other measurements.
///
/// # Errors
/// If a file cannot be read.
pub fn sizes(title: &str, built: &[Built]) -> Result<Table> {
    let mut table = Table::new(title, &["component", "language", "size", "gzip"]);
    for built in built {
        table.row([
            Cell::text(&*built.name),
            Cell::text(&*built.language),
            Cell::Bytes(built.size),
            Cell::Bytes(gzip(&std::fs::read(&built.path)?)),
        ]);
    }
    Ok(table)
}

/// A build of the whole app in which nothing has changed.
///
/// # Errors
/// If it does not build.
pub fn nothing(app: &App) -> Result<Table> {
    let mut table = Table::new("rosetta, no change", &["components", "time"]);
    let start = Instant::now();
    let components = app.build(None)?.len();
    let first = start.elapsed();
    let time = timed(ROUNDS, || app.build(None).map(drop))?;
    table.row([Cell::text(components.to_string()), Cell::Time(time)]);
    table.row([Cell::text("first build"), Cell::Time(first)]);
    Ok(table)
}

/// What cargo itself takes for the same edit as ours.
///
/// # Errors
/// If either does not build.
pub fn rust_against_cargo(app: &App) -> Result<Table> {
    let mut table = Table::new("Rust, one-line edit", &["isospin", "cargo alone", "ratio"]);
    let ours = || app.build_one(RUST).map(drop);
    ours()?;
    cargo_alone(app)?;
    let (ours, cargo) = (app.edits(RUST, ours)?, edits_of_cargo(app)?);
    let ratio = ours.as_secs_f64() / cargo.as_secs_f64();
    table.row([Cell::Time(ours), Cell::Time(cargo), Cell::Ratio(ratio)]);
    Ok(table)
}

/// What cargo itself takes for an edit, after [`cargo_alone`].
///
/// # Errors
/// If it does not build.
pub fn edits_of_cargo(app: &App) -> Result<Duration> {
    app.edits(RUST, || cargo_alone(app))
}

/// Builds the Rust component with cargo, as we do, and does nothing else.
///
/// # Errors
/// If it does not build.
pub fn cargo_alone(app: &App) -> Result<()> {
    let mut command = Command::new("cargo");
    // The library is linked, as for a component: without that cargo does less.
    command.args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"]).args([
        "--release",
        "--target",
        "wasm32-wasip1",
    ]);
    for setting in ["opt-level='s'", "lto=true", "codegen-units=1", "panic='abort'"] {
        command.arg("--config").arg(format!("profile.release.{setting}"));
    }
    if let Some(rustc) = std::env::var_os("ISOSPIN_RUSTC").or_else(managed_rustc) {
        command.env("RUSTC", rustc);
    }
    let target = app.folder.join("cargo-alone");
    run(command.arg("--target-dir").arg(target).current_dir(app.folder.join(RUST)))
}

/// The compiler that `isospin setup` made, where rustup has no target.
fn managed_rustc() -> Option<std::ffi::OsString> {
    use isospin_builder::{language, toolchain};
    let toolchain = toolchain::resolve(language::find("rust")?).ok()?;
    let managed = |found: &&toolchain::Found| found.origin == toolchain::Origin::Managed;
    let found = toolchain.tools.iter().filter(managed).find(|found| found.path.ends_with("rustc"));
    found.map(|found| found.path.clone().into_os_string())
}
