//! What the two commands of the README cost where nothing is installed yet.

use std::path::Path;
use std::time::Instant;

use isospin_builder::language::LANGUAGES;

use crate::apps::{App, isospin, run};
use crate::subject::{Result, Subject};
use crate::table::{Cell, Table};

/// Installs the tools of each language into an empty folder, then builds and
/// serves the example app until it answers.
///
/// # Errors
/// If a tool cannot be installed, or the app does not build.
pub fn set_up(folder: &Path) -> Result<Table> {
    let home = folder.join("home");
    let mut table = Table::new("From nothing", &["step", "time"]);
    for language in LANGUAGES {
        let start = Instant::now();
        run(isospin()?.args(["setup", language.name()]).env("ISOSPIN_HOME", &home))?;
        table.row([Cell::text(format!("setup {}", language.name())), Cell::Time(start.elapsed())]);
    }
    let app = App::copy("examples/rosetta", &folder.join("nothing"))?;
    let start = Instant::now();
    let mut command = isospin()?;
    command
        .args(["up", "--json", "--quiet", "--listen", "127.0.0.1:0"])
        .arg(&app.folder)
        .env("ISOSPIN_HOME", &home);
    // It tells its address once it serves.
    Subject::telling("rosetta", &mut command)?;
    table.row([Cell::text("up examples/rosetta"), Cell::Time(start.elapsed())]);
    Ok(table)
}
