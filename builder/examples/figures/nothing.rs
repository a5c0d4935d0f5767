//! What the two commands of the README cost where nothing is installed yet.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::apps::{App, isospin};
use crate::subject::{Result, Subject};
use crate::table::{Cell, Table};

/// Installs the tools of all languages into an empty folder and prepares them, then
/// builds and serves the example app until it answers.
///
/// # Errors
/// If a tool cannot be installed, or the app does not build.
pub fn set_up(folder: &Path) -> Result<Table> {
    let home = folder.join("home");
    // The compilers' own caches are empty too.
    let isospin = || -> Result<Command> {
        let mut command = isospin()?;
        command.env("ISOSPIN_HOME", &home).env("XDG_CACHE_HOME", home.join("caches"));
        Ok(command)
    };
    let mut table = Table::new("From nothing", &["step", "time"]);
    let start = Instant::now();
    let output = isospin()?.args(["setup", "--json"]).output()?;
    let whole = start.elapsed();
    let text = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(text.into());
    }
    for line in text.lines() {
        let event: Value = serde_json::from_str(line)?;
        let what = match event["event"].as_str() {
            Some("tool") => format!("install {}", event["tool"].as_str().unwrap_or_default()),
            Some("prepared") => {
                format!("prepare {}", event["language"].as_str().unwrap_or_default())
            }
            _ => continue,
        };
        let milliseconds = event["milliseconds"].as_f64().unwrap_or_default();
        if milliseconds > 0.0 {
            let time = Duration::from_secs_f64(milliseconds / 1e3);
            table.row([Cell::text(what), Cell::Time(time)]);
        }
    }
    table.row([Cell::text("setup"), Cell::Time(whole)]);
    let app = App::copy("examples/rosetta", &folder.join("nothing"))?;
    let start = Instant::now();
    let mut command = isospin()?;
    command.args(["up", "--json", "--quiet", "--listen", "127.0.0.1:0"]).arg(&app.folder);
    // It tells its address once it serves.
    Subject::telling("rosetta", &mut command)?;
    table.row([Cell::text("up examples/rosetta"), Cell::Time(start.elapsed())]);
    Ok(table)
}
