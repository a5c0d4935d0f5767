//! What the build engine costs by itself, and what building several components at
//! once saves.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use isospin_builder::bench::{Figure, Unit};
use isospin_builder::language::LANGUAGES;
use serde_json::Value;

use crate::apps::{App, ROUNDS, isospin, timed};
use crate::subject::Result;
use crate::table::{Cell, Table};

/// Apps of so many components, the same number in each language.
const SIZES: &[usize] = &[6, 60, 240];

/// The language in which one component is edited.
const EDITED: &str = "c";

/// Builds in which nothing, or one component, has changed.
///
/// # Errors
/// If an app does not build, or a compiler is started where nothing has changed.
pub fn many(hello: &App, folder: &Path) -> Result<Table> {
    let columns = &["components", "no change", "one edited", "taken from kept builds"];
    let mut table = Table::new("Apps of many components", columns);
    for size in SIZES {
        // Of its own: the edits are the same in each app.
        let kept = folder.join(format!("kept-{size}"));
        let app = copies(hello, &folder.join(format!("many-{size}")), size / LANGUAGES.len())?;
        let build = || {
            let mut command = isospin()?;
            command.args(["build", "--json"]).arg(&app.folder);
            command.env("ISOSPIN_BUILD_CACHE", &kept).env_remove("ISOSPIN_BUILD_CACHE_LIMIT");
            compiled(&mut command)
        };
        // Each language is compiled once; its other components are taken from that.
        build()?;
        let expect = |wanted: usize| match build()? {
            number if number == wanted => Ok(()),
            number => Err(format!("{number} components were compiled, not {wanted}").into()),
        };
        let unchanged = timed(ROUNDS, || expect(0))?;
        let edited = app.edits(&format!("{EDITED}-0"), || expect(1))?;
        let taken = timed(1, || {
            std::fs::remove_dir_all(app.folder.join(".isospin/build"))?;
            expect(0)
        })?;
        table.row([
            Cell::text(size.to_string()),
            Cell::Time(unchanged),
            Cell::Time(edited),
            Cell::Time(taken),
        ]);
        std::fs::remove_dir_all(&app.folder)?;
    }
    Ok(table)
}

/// An app with so many copies of each component of hello.
fn copies(hello: &App, folder: &Path, number: usize) -> Result<App> {
    let mut manifest = "[app]\nname = \"many\"\n".to_owned();
    for language in LANGUAGES.iter().map(|language| language.name()) {
        let from = hello.folder.join(format!("hello-{language}"));
        for copy in 0..number {
            let name = format!("{language}-{copy}");
            for entry in ignore::WalkBuilder::new(&from).require_git(false).build() {
                let entry = entry?;
                let to = folder.join(&name).join(entry.path().strip_prefix(&from)?);
                match entry.file_type() {
                    Some(kind) if kind.is_dir() => std::fs::create_dir_all(&to)?,
                    Some(kind) if kind.is_file() => drop(std::fs::copy(entry.path(), &to)?),
                    _ => {}
                }
            }
            manifest += &format!("[component.{name}]\nroute = \"/{name}\"\n");
        }
    }
    std::fs::write(folder.join("isospin.toml"), manifest)?;
    Ok(App { folder: folder.to_owned() })
}

/// Runs a build; how many compilers it started.
fn compiled(command: &mut Command) -> Result<usize> {
    let output = command.output()?;
    let text = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let events = text.lines().map(serde_json::from_str).collect::<serde_json::Result<Vec<Value>>>();
    Ok(events?.iter().filter(|event| event["stage"] == "compile").count())
}

/// First builds of the example app, one component after the other and several at
/// once, in turn: with the caches of tools empty, and filled.
///
/// # Errors
/// If it does not build.
pub fn at_once(app: &App, folder: &Path) -> Result<Table> {
    let columns = &["rosetta, first build", "one by one", "at once", "ratio"];
    let mut table = Table::new("Several components at once", columns);
    let warm = folder.join("caches");
    let build = |jobs: &[&str], caches: &Path| -> Result<Duration> {
        let _ = std::fs::remove_dir_all(app.folder.join(".isospin"));
        let start = Instant::now();
        let mut command = isospin()?;
        command.args(["build", "--json"]).arg(&app.folder).args(jobs);
        compiled(command.env("XDG_CACHE_HOME", caches).env_remove("ISOSPIN_HOME"))?;
        Ok(start.elapsed())
    };
    let cold = |jobs: &[&str]| -> Result<Duration> {
        let caches = tempfile::tempdir_in(folder)?;
        build(jobs, caches.path())
    };
    type Build<'a> = &'a dyn Fn(&[&str]) -> Result<Duration>;
    let mut row = |name: &str, rounds: usize, build: Build| -> Result<()> {
        let (mut serial, mut parallel) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            serial.push(build(&["--jobs", "1"])?.as_secs_f64());
            parallel.push(build(&[])?.as_secs_f64());
        }
        let ratios = parallel.iter().zip(&serial).map(|(one, other)| one / other).collect();
        let time = |seconds: Vec<f64>| {
            let milliseconds = seconds.iter().map(|time| time * 1e3).collect();
            Cell::figure(Unit::Milliseconds, Figure::of(milliseconds))
        };
        let ratio = Cell::times(Figure::of(ratios));
        table.row([Cell::text(name), time(serial), time(parallel), ratio]);
        Ok(())
    };
    row("caches of tools empty", 1, &|jobs| cold(jobs))?;
    build(&[], &warm)?;
    row("caches of tools filled", 3, &|jobs| build(jobs, &warm))?;
    Ok(table)
}
