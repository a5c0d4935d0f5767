//! Prints what building costs: sizes, times of first builds, one-line edits and
//! builds that change nothing, for `examples/hello` and `examples/rosetta`.
//!
//! `cargo run --release --example figures`. Times are medians; on a shared
//! machine only their ratios mean something.

#![allow(clippy::print_stdout, reason = "a program that prints figures")]
#![allow(clippy::disallowed_methods, reason = "it measures in a folder of its own")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How often each time is taken.
const ROUNDS: usize = 5;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir()?;
    let hello = folder.path().join("hello");
    let rosetta = folder.path().join("rosetta");
    copy(&repository.join("examples/hello"), &hello)?;
    copy(&repository.join("examples/rosetta"), &rosetta)?;

    println!(
        "{:24} {:>10} {:>10} {:>10} {:>10}",
        "component", "size", "first", "edit", "no change"
    );
    for (name, _) in build(&hello, None)? {
        row(&hello, &name)?;
    }
    let built = build(&rosetta, None)?.len();
    let nothing = median(|| build(&rosetta, None).map(|_| ()))?;
    println!("\nrosetta, {built} components, no change: {}", shown(nothing));
    rust_against_cargo(&hello)?;
    Ok(())
}

/// One component's line. Its handler holds the word `Hello`, which is edited.
fn row(app: &Path, name: &str) -> Result<()> {
    let _ = std::fs::remove_dir_all(app.join(".isospin/build").join(name));
    let start = Instant::now();
    let size = build(app, Some(name))?.first().map_or(0, |(_, size)| *size);
    let first = start.elapsed();
    let edit = edits(&app.join(name), || build(app, Some(name)).map(|_| ()))?;
    let nothing = median(|| build(app, Some(name)).map(|_| ()))?;
    println!(
        "{name:24} {:>7.1} KB {:>10} {:>10} {:>10}",
        size as f64 / 1e3,
        shown(first),
        shown(edit),
        shown(nothing)
    );
    Ok(())
}

/// What cargo itself takes for the same edit, and our ratio to it.
fn rust_against_cargo(app: &Path) -> Result<()> {
    let component = app.join("hello-rust");
    if !component.is_dir() {
        return Ok(());
    }
    let ours = edits(&component, || build(app, Some("hello-rust")).map(|_| ()))?;
    let target = app.join("cargo-alone");
    let alone = || -> Result<()> {
        let status = Command::new("cargo")
            // The library is linked, as for a component: without that cargo does less.
            .args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"])
            .args(["--release", "--target", "wasm32-wasip1"])
            .args([
                "--config",
                "profile.release.opt-level='s'",
                "--config",
                "profile.release.lto=true",
            ])
            .args([
                "--config",
                "profile.release.codegen-units=1",
                "--config",
                "profile.release.panic='abort'",
            ])
            .arg("--target-dir")
            .arg(&target)
            .current_dir(&component)
            .status()?;
        if status.success() { Ok(()) } else { Err("cargo failed".into()) }
    };
    alone()?;
    let cargo = edits(&component, alone)?;
    println!(
        "Rust edit: {} against {} of cargo alone, {:.2} times",
        shown(ours),
        shown(cargo),
        ours.as_secs_f64() / cargo.as_secs_f64()
    );
    Ok(())
}

/// The median time of `work` after an edit of the one file that says `Hello`.
fn edits(component: &Path, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let file = greeting(component)?;
    let original = std::fs::read_to_string(&file)?;
    let mut round = 0;
    let time = median(|| {
        round += 1;
        std::fs::write(
            &file,
            original.replace("Hello", &format!("Hello {}", "again ".repeat(round))),
        )?;
        work()
    });
    std::fs::write(&file, original)?;
    time
}

fn greeting(component: &Path) -> Result<PathBuf> {
    for entry in ignore::Walk::new(component) {
        let path = entry?.into_path();
        if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("\"Hello")) {
            return Ok(path);
        }
    }
    Err(format!("{}: no file says \"Hello", component.display()).into())
}

/// Name and size of each component that was built.
fn build(app: &Path, component: Option<&str>) -> Result<Vec<(String, u64)>> {
    let program = std::env::current_exe()?.with_file_name("").join("../isospin");
    let mut command = Command::new(program);
    command.args(["build", "--json"]).arg(app);
    if let Some(component) = component {
        command.args(["--component", component]);
    }
    let output = command.output()?;
    let text = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(text.into());
    }
    let events = text
        .lines()
        .map(serde_json::from_str::<Value>)
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let built = events.iter().filter(|event| event["event"] == "built");
    Ok(built
        .map(|event| {
            let name = event["component"].as_str().unwrap_or_default().to_owned();
            (name, event["size"].as_u64().unwrap_or_default())
        })
        .collect())
}

fn median(mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[ROUNDS / 2])
}

fn shown(time: Duration) -> String {
    isospin_builder::report::human::duration(time)
}

/// Copies an app's sources, without what was built in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in ignore::WalkBuilder::new(from).standard_filters(true).require_git(false).build() {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        match entry.file_type() {
            Some(kind) if kind.is_dir() && entry.file_name() != "dist" => {
                std::fs::create_dir_all(&target)?
            }
            Some(kind) if kind.is_file() => drop(std::fs::copy(entry.path(), &target)?),
            _ => {}
        }
    }
    Ok(())
}
